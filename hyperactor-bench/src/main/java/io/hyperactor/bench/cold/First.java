package io.hyperactor.bench.cold;

import io.hyperactor.Actor;
import io.hyperactor.ActorHandle;
import io.hyperactor.ActorType;
import io.hyperactor.Client;
import io.hyperactor.Context;
import io.hyperactor.OncePortRef;
import io.hyperactor.Proc;
import io.hyperactor.ProcAgentMessage;
import io.hyperactor.bench.remote.FirstAsk;
import io.hyperactor.host.Host;
import io.hyperactor.host.ProcMain;
import io.hyperactor.host.ProcessProcManager;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.Transport;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/// Does one thing for the first time in its life.
public final class First {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final CountDownLatch spawned = new CountDownLatch(1);
    private static final CountDownLatch told = new CountDownLatch(1);

    private First() {}

    /// What the actor takes.
    public sealed interface Word {
        /// No reply.
        record Tell(long number) implements Word {}

        /// Replies once.
        record Ask(OncePortRef<Long> replyTo) implements Word {}
    }

    /// Runs once.
    ///
    /// @param arguments `spawn`, `tell`, `ask`, `remote` or `host`
    public static void main(String[] arguments) throws IOException, InterruptedException {
        switch (arguments[0]) {
            case "host" -> host();
            case "remote" -> Once.took(FirstAsk.once());
            default -> local(arguments[0]);
        }
        Runtime.getRuntime().halt(0);
    }

    private static void host() throws IOException {
        try (Host<ProcAgentMessage> host =
                Host.serve(
                        ChannelAddress.any(Transport.UNIX),
                        ProcessProcManager.running(ProcMain.class))) {
            Once.ready();
            var _ = System.in.read(); // its end
            host.manager();
        }
    }

    /// Each one after the others before it: who asks has spawned, but not told.
    private static void local(String what) throws InterruptedException {
        Proc proc = Proc.local("first");
        Client client = proc.client("first");
        long start = System.nanoTime();
        ActorHandle<Word> actor =
                proc.spawn("actor", ActorType.of("first", Word.class, Listener::new));
        spawned.await();
        if (what.equals("tell")) {
            start = System.nanoTime();
            client.send(actor.ref(), new Word.Tell(1));
            told.await();
        } else if (what.equals("ask")) {
            start = System.nanoTime();
            client.ask(actor.ref(), Word.Ask::new, PATIENCE);
        }
        Once.took(System.nanoTime() - start);
    }

    private static final class Listener implements Actor<Word> {
        Listener() {
            spawned.countDown();
        }

        @Override
        public void receive(Context<Word> cx, Word message) {
            // A switch over patterns costs the JDK 4 ms when it is linked, whoever calls the
            // handler.
            if (message instanceof Word.Ask(var replyTo)) {
                cx.send(replyTo, 1L);
            } else {
                told.countDown();
            }
        }
    }
}

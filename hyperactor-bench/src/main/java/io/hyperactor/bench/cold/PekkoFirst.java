package io.hyperactor.bench.cold;

import io.hyperactor.bench.PekkoSystem;
import io.hyperactor.bench.remote.PekkoFirstAsk;

import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

import java.util.concurrent.CountDownLatch;

/// [First] with Pekko. Its host is an actor system that others can reach.
public final class PekkoFirst {
    private static final CountDownLatch spawned = new CountDownLatch(1);
    private static final CountDownLatch told = new CountDownLatch(1);

    private PekkoFirst() {}

    private sealed interface Word {
        record Tell(long number) implements Word {}

        record Ask(ActorRef<Long> replyTo) implements Word {}
    }

    /// Runs once.
    ///
    /// @param arguments `spawn`, `tell`, `ask`, `remote` or `host`
    public static void main(String[] arguments) throws Exception {
        switch (arguments[0]) {
            case "host" -> {
                PekkoFirstAsk.startSystem();
                Once.ready();
                var _ = System.in.read(); // its end
            }
            case "remote" -> Once.took(PekkoFirstAsk.once());
            default -> local(arguments[0]);
        }
        Runtime.getRuntime().halt(0);
    }

    private static void local(String what) throws Exception {
        PekkoSystem system = new PekkoSystem("");
        long start = System.nanoTime();
        ActorRef<Word> actor = system.spawn("actor", Behaviors.<Word>setup(Listener::new));
        spawned.await();
        if (what.equals("tell")) {
            start = System.nanoTime();
            actor.tell(new Word.Tell(1));
            told.await();
        } else if (what.equals("ask")) {
            start = System.nanoTime();
            var _ = system.<Word, Long>ask(actor, Word.Ask::new).toCompletableFuture().join();
        }
        Once.took(System.nanoTime() - start);
    }

    private static final class Listener extends AbstractBehavior<Word> {
        Listener(ActorContext<Word> context) {
            super(context);
            spawned.countDown();
        }

        @Override
        public Receive<Word> createReceive() {
            return newReceiveBuilder().onAnyMessage(this::hear).build();
        }

        private Behavior<Word> hear(Word message) {
            if (message instanceof Word.Ask(var replyTo)) { // no switch, as in First
                replyTo.tell(1L);
            } else {
                told.countDown();
            }
            return this;
        }
    }
}

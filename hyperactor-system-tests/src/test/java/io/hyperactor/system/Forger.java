package io.hyperactor.system;

import io.hyperactor.Actor;
import io.hyperactor.ActorRef;
import io.hyperactor.ActorType;
import io.hyperactor.Client;
import io.hyperactor.Context;
import io.hyperactor.OncePortRef;
import io.hyperactor.Proc;
import io.hyperactor.ProcAgentMessage;
import io.hyperactor.ProcConfig;
import io.hyperactor.Undeliverable;
import io.hyperactor.channel.Secret;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.ProcId;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// An actor of a proc that means no good: sends its host what it says others have sent.
final class Forger implements Actor<Forger.Forgery> {
    static final ActorType<Forgery> TYPE = ActorType.of("forger", Forgery.class, Forger::new);

    private Forger() {}

    /// What it does. It replies with why it came back, or with nothing if it did not.
    sealed interface Forgery {
        /// Sends a note.
        ///
        /// @param secret of its own proc, which it has, and shows
        /// @param as who it says that it is
        record Note(String secret, String as, ActorRef<Tally> to, OncePortRef<String> replyTo)
                implements Forgery {}

        /// Tells a proc to stop, as the host does.
        record Stop(
                String secret,
                String as,
                ActorRef<ProcAgentMessage> to,
                OncePortRef<String> replyTo)
                implements Forgery {}
    }

    @Override
    public void receive(Context<Forgery> cx, Forgery message) throws Exception {
        switch (message) {
            case Forgery.Note(var secret, var as, var to, var replyTo) ->
                    cx.send(
                            replyTo,
                            forge(
                                    secret,
                                    as,
                                    liar -> liar.send(to, new Tally.Note(1, 1, new byte[8]))));
            case Forgery.Stop(var secret, var as, var to, var replyTo) ->
                    cx.send(
                            replyTo,
                            forge(
                                    secret,
                                    as,
                                    liar ->
                                            liar.send(
                                                    to,
                                                    new ProcAgentMessage.StopProc(
                                                            Duration.ofSeconds(1), "forged"))));
        }
    }

    private interface Deed {
        void by(Client liar);
    }

    private static String forge(String secret, String as, Deed deed) throws InterruptedException {
        BlockingQueue<Undeliverable> back = new LinkedBlockingQueue<>();
        ChannelAddress host = ChannelAddress.parse(System.getenv("HYPERACTOR_HOST_BACKEND_ADDR"));
        try (Proc proc =
                        Proc.forwarding(
                                ProcId.parse(as),
                                host,
                                Secret.parse(secret),
                                ProcConfig.defaults());
                Client liar = proc.client("liar")) {
            liar.onUndeliverable(back::add);
            deed.by(liar);
            Undeliverable returned = back.poll(Patience.AT_ONCE.toSeconds(), TimeUnit.SECONDS);
            return returned == null ? "" : returned.failure().reason().name();
        }
    }
}

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
import io.hyperactor.channel.Channels;
import io.hyperactor.channel.CloseReason;
import io.hyperactor.channel.RejectCode;
import io.hyperactor.channel.Secret;
import io.hyperactor.channel.Tx;
import io.hyperactor.channel.TxListener;
import io.hyperactor.channel.UnackedFrames;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.ProcId;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

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

        /// Says what its proc would not.
        ///
        /// @param envelope all of it, also who says it
        record Say(String secret, byte[] envelope, OncePortRef<String> replyTo)
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
            case Forgery.Say(var secret, var envelope, var replyTo) ->
                    cx.send(replyTo, say(secret, envelope));
        }
    }

    private interface Deed {
        void by(Client liar);
    }

    private static String forge(String secret, String as, Deed deed) throws InterruptedException {
        BlockingQueue<Undeliverable> back = new LinkedBlockingQueue<>();
        try (Proc proc =
                        Proc.forwarding(
                                ProcId.parse(as),
                                host(),
                                Secret.parse(secret),
                                ProcConfig.defaults());
                Client liar = proc.client("liar")) {
            liar.onUndeliverable(back::add);
            deed.by(liar);
            Undeliverable returned = back.poll(Patience.AT_ONCE.toSeconds(), TimeUnit.SECONDS);
            return returned == null ? "" : returned.failure().reason().name();
        }
    }

    private static ChannelAddress host() {
        return ChannelAddress.parse(System.getenv("HYPERACTOR_HOST_BACKEND_ADDR"));
    }

    private static String say(String secret, byte[] envelope) throws Exception {
        AtomicReference<String> refused = new AtomicReference<>("");
        TxListener listener =
                new TxListener() {
                    @Override
                    public void ended(CloseReason reason, UnackedFrames frames) {}

                    @Override
                    public void refused(
                            RejectCode code, String text, byte[] buffer, int offset, int length) {
                        refused.set(code.name());
                    }
                };
        try (Tx link = Channels.shared().dial(host(), Secret.parse(secret), listener)) {
            link.offer(out -> out.writeRaw(envelope, 0, envelope.length));
            var _ = link.flush().get(Patience.AT_ONCE.toSeconds(), TimeUnit.SECONDS);
        }
        return refused.get();
    }
}

package io.hyperactor;

import io.hyperactor.channel.Admission;
import io.hyperactor.channel.ChannelServer;
import io.hyperactor.channel.FrameReceiver;
import io.hyperactor.channel.FrameRefused;
import io.hyperactor.channel.Inbound;
import io.hyperactor.channel.LineLimit;
import io.hyperactor.channel.Peer;
import io.hyperactor.channel.Secret;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.WireFormatException;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/// Serves an address: every envelope that arrives there is offered to one sender. Where there is no
/// room for it, it goes back: nothing that is behind it on its link waits.
///
/// An envelope that names a sender for whom its link may not speak is refused, and comes back as
/// `FORBIDDEN` in the process that sent it: a [Peer.Member] speaks for its proc alone; a
/// [Peer.Guest] not for procs of the address that is served and, where it has proved names, for
/// none but those at these.
public final class MailboxServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MailboxServer.class);
    private static final LineLimit LINES = new LineLimit();

    private final SenderGate gate = new SenderGate();

    /// Links within this process bring their frames on many threads, which are not to wait.
    private final @Nullable Arrivals arrivals;

    private final ChannelServer server;
    private volatile ChannelAddress address; // until it is bound the one that is asked for
    private volatile Runnable onForbidden = () -> {};
    private final OwnProcess process;
    private final AtomicReference<@Nullable Served> target = new AtomicReference<>();

    /// @param listener hears news on its way; null if nobody does
    private record Served(Home home, @Nullable NewsListener listener) {}

    /// Hears what other processes say of messages.
    @FunctionalInterface
    interface NewsListener {
        /// Hears one piece.
        ///
        /// @param by incarnation of the process from which it came
        /// @return whether it goes no further
        boolean hears(Envelope news, long by);
    }

    private MailboxServer(
            ProcConfig config, ChannelAddress address, Admission admission, OwnProcess process) {
        this.process = process;
        FrameReceiver receiver =
                new FrameReceiver() {
                    @Override
                    public boolean received(Inbound from, byte[] buffer, int offset, int length) {
                        return MailboxServer.this.received(from, buffer, offset, length);
                    }

                    @Override
                    public void batchEnd() {
                        if (arrivals != null) {
                            arrivals.handOn();
                        }
                    }
                };
        this.arrivals = address instanceof ChannelAddress.Local ? null : new Arrivals();
        this.address = address; // first: strangers may come before the server is known here
        this.server = config.channels().serve(address, shown -> admit(admission, shown), receiver);
        this.address = server.address();
    }

    /// Binds `address` without taking anything from it yet: peers can connect and wait.
    ///
    /// @param admission decides whose envelopes are taken; not asked for `local:`
    /// @throws io.hyperactor.channel.ChannelException if it can not be bound
    public static MailboxServer bind(
            ProcConfig config, ChannelAddress address, Admission admission) {
        return bind(config, address, admission, OwnProcess.shared());
    }

    static MailboxServer bind(
            ProcConfig config, ChannelAddress address, Admission admission, OwnProcess process) {
        return new MailboxServer(config, address, admission, process);
    }

    /// Serves `address`, bound when this returns.
    ///
    /// @param admission decides whose envelopes are taken; not asked for `local:`
    /// @throws io.hyperactor.channel.ChannelException if it can not be bound
    public static MailboxServer serve(
            ProcConfig config, ChannelAddress address, Admission admission, MailboxSender target) {
        MailboxServer server = bind(config, address, admission);
        server.serve(target);
        return server;
    }

    private Optional<Peer> admit(Admission admission, Secret shown) {
        Optional<Peer> peer = admission.admit(shown);
        if (peer.isEmpty()) {
            Counters.stranger(address());
        }
        return peer;
    }

    /// Starts to take envelopes, for `sender`. Whether this call did it: false if one had before.
    public boolean serve(MailboxSender sender) {
        return serve(sender, (NewsListener) null);
    }

    /// The same before a router, which hears what other processes say of messages that it has
    /// passed on to them: so it can tell who had sent them which are in doubt when one ends.
    ///
    /// @param router has the same [io.hyperactor.channel.Channels] as this server
    public boolean serve(MailboxSender sender, DialRouter router) {
        return serve(sender, router::hears);
    }

    boolean serve(MailboxSender sender, @Nullable NewsListener listener) {
        return target.compareAndSet(null, new Served(new Home(sender, process), listener));
    }

    private boolean received(Inbound from, byte[] buffer, int offset, int length) {
        Served known = target.get();
        if (known == null) {
            return false;
        }
        Home home = known.home;
        WireEnvelope envelope;
        try {
            envelope = WireEnvelope.arrived(buffer, offset, length, home, arrivals);
            gate.check(from, envelope, address());
        } catch (FrameRefused e) {
            onForbidden.run();
            throw e;
        } catch (WireFormatException e) {
            Counters.malformed("a frame of " + length + " bytes", e);
            throw new FrameRefused(Texts.describe(e));
        }
        try {
            return hears(known, envelope, from) || home.way().offer(envelope);
        } catch (RuntimeException | Error e) { // one bad message must not cost the link
            if (!Envelope.isOfOneMessage(e)) {
                throw e;
            }
            String more = LINES.ask(e.getClass(), System.nanoTime());
            if (more != null) {
                LOG.error("while taking {} at {}{}", envelope, address(), more, e);
            }
            giveBack(envelope, new DeliveryFailure(DeliveryFailure.Reason.REFUSED, threw(e)));
            return true;
        }
    }

    private static boolean hears(Served target, Envelope envelope, Inbound from) {
        NewsListener listener = target.listener;
        return listener != null
                && envelope.isReturn()
                && listener.hears(envelope, from.incarnation());
    }

    private static String threw(Throwable fault) {
        return "it threw " + Texts.describe(fault);
    }

    /// Whether it was delivered before that is not known.
    private void giveBack(Envelope envelope, DeliveryFailure failure) {
        try {
            envelope.undeliverable(failure, Undeliverable.Outcome.UNKNOWN);
        } catch (RuntimeException | Error e) { // the way back is broken as well
            if (!Envelope.isOfOneMessage(e)) {
                throw e;
            }
            Counters.abandoned(envelope, failure);
        }
    }

    /// Called for each envelope that is refused for its sender, on the event loop's thread: must
    /// not block.
    public void onForbidden(Runnable listener) {
        onForbidden = listener;
    }

    /// Ends the links on which `secret` was shown, after what has arrived there is taken: see
    /// [ChannelServer#dismiss].
    public void dismiss(Secret secret) {
        server.dismiss(secret);
    }

    /// The bound address.
    public ChannelAddress address() {
        return address;
    }

    /// Stops serving: acknowledges what was taken and tells the peers. May be called twice.
    @Override
    public void close() {
        server.close();
    }
}

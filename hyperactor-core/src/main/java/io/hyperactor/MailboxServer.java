package io.hyperactor;

import io.hyperactor.channel.ChannelServer;
import io.hyperactor.channel.FrameReceiver;
import io.hyperactor.channel.FrameRefused;
import io.hyperactor.channel.Inbound;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.WireFormatException;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.atomic.AtomicReference;

/// Serves an address: every envelope that arrives there is offered to one sender. When that has no
/// room the link is read no further, until it has; after [ProcConfig#sendWait()] the envelope goes
/// back instead, so a stuck receiver holds up a link only so long.
public final class MailboxServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MailboxServer.class);

    private final long patienceNanos;
    private final ChannelServer server;
    private final Map<Inbound, Long> stuckSince = new WeakHashMap<>(); // guarded by itself
    private volatile boolean anyStuck; // spares the ordinary frame a look into the map
    private final AtomicReference<@Nullable MailboxSender> target = new AtomicReference<>();

    private MailboxServer(ProcConfig config, ChannelAddress address) {
        this.patienceNanos = Proc.nanos(config.sendWait());
        FrameReceiver receiver = this::received;
        this.server = config.channels().serve(address, receiver);
    }

    /// Binds `address` without taking anything from it yet: peers can connect and wait.
    ///
    /// @throws io.hyperactor.channel.ChannelException if it can not be bound
    public static MailboxServer bind(ProcConfig config, ChannelAddress address) {
        return new MailboxServer(config, address);
    }

    /// Serves `address`, bound when this returns.
    ///
    /// @throws io.hyperactor.channel.ChannelException if it can not be bound
    public static MailboxServer serve(
            ProcConfig config, ChannelAddress address, MailboxSender target) {
        MailboxServer server = bind(config, address);
        server.serve(target);
        return server;
    }

    /// Starts to take envelopes, for `sender`. Whether this call did it: false if one had before.
    public boolean serve(MailboxSender sender) {
        return target.compareAndSet(null, sender);
    }

    private boolean received(Inbound from, byte[] buffer, int offset, int length) {
        MailboxSender sender = target.get();
        if (sender == null) {
            return false;
        }
        try {
            return take(from, WireEnvelope.parse(buffer, offset, length, sender), sender);
        } catch (WireFormatException e) {
            Counters.malformed("a frame of " + length + " bytes", e);
            throw new FrameRefused(Texts.describe(e));
        } catch (RuntimeException e) { // one bad message must not cost the link
            LOG.error("while taking a frame of {} bytes at {}", length, address(), e);
        }
        return true;
    }

    private boolean take(Inbound from, WireEnvelope envelope, MailboxSender sender) {
        if (sender.offer(envelope)) {
            if (anyStuck) {
                stuck(from, false);
            }
            return true;
        }
        return gaveUp(from, envelope);
    }

    /// Notes that a link is stuck, or that it is no more; gives since when it has been.
    private long stuck(Inbound from, boolean isStuck) {
        synchronized (stuckSince) { // links of `local:` addresses come at the same time
            long now = System.nanoTime();
            Long since = isStuck ? stuckSince.putIfAbsent(from, now) : stuckSince.remove(from);
            anyStuck = !stuckSince.isEmpty();
            return since == null ? now : since;
        }
    }

    private boolean gaveUp(Inbound from, WireEnvelope envelope) {
        if (System.nanoTime() - stuck(from, true) < patienceNanos) {
            return false;
        }
        envelope.undeliverable(
                DeliveryFailure.Reason.QUEUE_FULL, envelope.destination().toString());
        return true; // and stays stuck until something is taken: the next ones do not wait again
    }

    /// The bound address.
    public ChannelAddress address() {
        return server.address();
    }

    /// Stops serving: acknowledges what was taken and tells the peers. May be called twice.
    @Override
    public void close() {
        server.close();
    }
}

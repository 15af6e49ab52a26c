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

import java.util.concurrent.atomic.AtomicReference;

/// Serves an address: every envelope that arrives there is offered to one sender. Where there is no
/// room for it, it goes back: nothing that is behind it on its link waits.
public final class MailboxServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MailboxServer.class);

    private final ChannelServer server;
    private final AtomicReference<@Nullable MailboxSender> target = new AtomicReference<>();

    private MailboxServer(ProcConfig config, ChannelAddress address) {
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
            return sender.offer(WireEnvelope.parse(buffer, offset, length, sender));
        } catch (WireFormatException e) {
            Counters.malformed("a frame of " + length + " bytes", e);
            throw new FrameRefused(Texts.describe(e));
        } catch (RuntimeException e) { // one bad message must not cost the link
            LOG.error("while taking a frame of {} bytes at {}", length, address(), e);
        }
        return true;
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

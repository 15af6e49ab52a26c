package io.hyperactor.channel;

import io.hyperactor.wire.ChannelAddress;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// A served `local:` number.
final class LocalServer implements ChannelServer, Closing {
    private final ChannelAddress.Local address;
    private final FrameReceiver receiver;
    private final ChannelContext context;
    private final Set<LocalTx> links = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    LocalServer(ChannelAddress.Local address, FrameReceiver receiver, ChannelContext context) {
        this.address = address;
        this.receiver = receiver;
        this.context = context;
    }

    @Override
    public ChannelAddress.Local address() {
        return address;
    }

    FrameReceiver receiver() {
        return receiver;
    }

    boolean isClosed() {
        return closed;
    }

    /// A new link to here.
    LocalTx connect(TxListener listener) {
        LocalTx link = new LocalTx(this, listener, context);
        links.add(link);
        if (closed) {
            links.remove(link);
            throw new ChannelException.DialFailed(address, "nobody serves it");
        }
        return link;
    }

    void gone(LocalTx link) {
        links.remove(link);
    }

    /// Nobody shows a secret here.
    @Override
    public void dismiss(Secret secret) {}

    @Override
    public void close() {
        closeWithin(context.patience());
    }

    /// Waits for the ends of its links: from then on the receiver is not at work any more.
    @Override
    public void awaitClosed(long nanos) throws InterruptedException {
        long deadline = System.nanoTime() + nanos;
        for (LocalTx link : links) {
            link.awaitClosed(deadline - System.nanoTime());
        }
    }

    @Override
    public void abandon() {
        beginClose();
    }

    @Override
    public void beginClose() {
        if (!closed) {
            closed = true;
            context.forget(this);
            links.forEach(LocalTx::serverClosed);
        }
    }
}

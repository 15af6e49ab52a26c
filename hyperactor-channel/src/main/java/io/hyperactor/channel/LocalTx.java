package io.hyperactor.channel;

import io.hyperactor.wire.ChannelAddress;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.atomic.AtomicBoolean;

/// A [Tx] within the process: whoever has the turn hands the frames to the receiver itself.
///
/// So a frame normally arrives on its sender's thread, before the offer returns. No lock is held
/// then, and a thread that finds the turn taken leaves its frame to the owner: two that send to
/// each other cannot block each other.
final class LocalTx extends SessionTx implements Inbound {
    /// After so many frames in one go a sender's thread leaves the rest to the loop.
    private static final int GO_FRAMES = 256;

    private static final Peer SELF = new Peer.Trusted();

    private final LocalServer server;

    /// Who hands frames over now; only a thread's question about itself gets a sure answer.
    private volatile @Nullable Thread carrier;

    // The owner's of the turn.
    private @Nullable CloseReason verdict;
    private boolean full;

    private final AtomicBoolean resumeAsked = new AtomicBoolean();
    private final Runnable resumption = this::resumeOnLoop;

    // The loop's.
    private boolean paused;
    private Timers.@Nullable Timer retry;

    LocalTx(LocalServer server, TxListener listener, ChannelContext context) {
        super(server.address(), listener, context);
        this.server = server;
        answered(context.incarnation());
    }

    @Override
    void ensureOpen() {
        super.ensureOpen();
        if (server.isClosed()) {
            throw new ChannelException.Closed(address, new CloseReason.PeerClosed());
        }
    }

    @Override
    boolean mayWait() {
        return super.mayWait() && carrier != Thread.currentThread();
    }

    @Override
    void hurry() {
        // Acknowledged as it arrives.
    }

    @Override
    void progressed() {
        // There is no peer that could fall silent.
    }

    @Override
    void acquired() {
        if (loop.inside()) {
            loopOwns = true;
        }
        carryOn(loop.inside());
    }

    @Override
    public void run() {
        if (!hasEnded()) {
            loopOwns = true;
            carryOn(true);
        }
    }

    /// Hands over all that is offered, or leaves the turn to the loop. The caller has the turn.
    private void carryOn(boolean inside) {
        for (int left = GO_FRAMES; ; ) {
            turn.look();
            if (full || left <= 0 || mustEnd()) {
                leaveToLoop(inside);
                return;
            }
            left -= handOverBatch(left);
            if (!full && left > 0 && !mustEnd() && releaseTurn(inside)) {
                return;
            }
        }
    }

    private boolean mustEnd() {
        return isEnding() || verdict != null || server.isClosed() || closingAndDone();
    }

    /// Hands over at most that many frames; returns how many it was.
    private int handOverBatch(int most) {
        int count = 0;
        carrier = Thread.currentThread();
        try {
            for (Chunk chunk = session.peek();
                    chunk != null && count < most && !server.isClosed();
                    chunk = session.peek()) {
                if (!handOver(chunk)) {
                    break;
                }
                count++;
            }
        } catch (Throwable t) {
            receiverFailed(t);
        }
        if (count > 0) {
            session.settle();
            endBatch();
        }
        carrier = null;
        return count;
    }

    private void endBatch() {
        try {
            server.receiver().batchEnd();
        } catch (Throwable t) {
            receiverFailed(t);
        }
    }

    /// Hands the frame over that [SenderSession#peek] found.
    private boolean handOver(Chunk chunk) {
        byte[] bytes = chunk.bytes;
        int at = chunk.written;
        int length = Protocol.int32(bytes, at) - Protocol.DATA_OVERHEAD;
        long sequence = Protocol.int64(bytes, at + 5);
        session.taken(chunk); // if the receiver throws, it may have had an effect
        boolean taken;
        try {
            taken = server.receiver().received(this, bytes, at + Protocol.DATA_HEADER, length);
        } catch (FrameRefused refusal) {
            String text = String.valueOf(refusal.getMessage());
            context.report(new ChannelEvent.FrameRefused(address, refusal.code(), text));
            String _ = refused(sequence, refusal.code(), text);
            return true;
        }
        if (taken) {
            String _ = acknowledged(sequence);
        } else {
            chunk.written = at;
            full = true;
        }
        return taken;
    }

    private void receiverFailed(Throwable fault) {
        context.report(new ChannelEvent.ReceiverFailed(address, fault));
        verdict =
                new CloseReason.Rejected(
                        RejectCode.RECEIVER_FAILED,
                        "the receiver failed: " + fault.getClass().getName());
    }

    /// Pausing and ending are the loop's.
    private void leaveToLoop(boolean inside) {
        if (!inside) {
            loop.handOver(this);
        } else if (isEnding()) {
            finish();
        } else if (verdict != null) {
            end(verdict);
        } else if (server.isClosed()) {
            end(new CloseReason.PeerClosed());
        } else if (full) {
            full = false;
            paused = true;
            retry = loop.after(InboundLink.PAUSE, resumption);
            if (resumeAsked.get()) { // before there was a pause
                loop.execute(resumption);
            }
        } else if (closingAndDone()) {
            endHere();
        } else {
            loop.handOver(this); // after others had their turn
        }
    }

    void serverClosed() {
        loop.execute(() -> end(new CloseReason.PeerClosed()));
    }

    @Override
    void endHere() {
        end(new CloseReason.ClosedHere());
    }

    @Override
    void disconnect() {
        loop.cancel(retry);
        server.gone(this);
    }

    // ---- as the receiver sees it

    @Override
    public void resume() {
        if (resumeAsked.compareAndSet(false, true)) {
            loop.execute(resumption);
        }
    }

    private void resumeOnLoop() {
        if (paused && !hasEnded()) {
            resumeAsked.set(false);
            paused = false;
            loop.cancel(retry);
            carryOn(true);
        }
    }

    @Override
    public Peer peer() {
        return SELF;
    }

    @Override
    public ChannelAddress localAddress() {
        return address;
    }

    @Override
    public Object session() {
        return this;
    }
}

package io.hyperactor.channel;

import io.hyperactor.wire.ChannelAddress;

import org.jspecify.annotations.Nullable;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/// What every [Tx] does, whatever carries its frames: takes frames into its session, keeps the
/// accounts of who waits, and ends once.
///
/// Offers are made under a lock that is never held while anything else is called than the frame's
/// body. Who has the [WriteTurn] carries frames on; ending needs the turn as well, for only then it
/// is certain what was written.
abstract class SessionTx extends EventLoop.Handed implements Tx, Closing, EventLoop.Postponed {
    final ChannelAddress address;
    final ChannelContext context;
    final EventLoop loop;
    final SenderSession session;
    final WriteTurn turn = new WriteTurn();

    private final FrameWriter writer;
    private final TxListener listener;
    private final ReentrantLock offering = new ReentrantLock();
    private final RoomWaiters waiters = new RoomWaiters();
    private final Flushes flushes = new Flushes();
    private final CountDownLatch done = new CountDownLatch(1);
    private volatile boolean answered;
    private volatile long incarnation;
    private volatile boolean closing;
    private volatile boolean roomWanted;
    private volatile @Nullable CloseReason ending;
    private volatile @Nullable CloseReason ended;

    /// Has the loop the turn? The loop's.
    boolean loopOwns;

    private Timers.@Nullable Timer closeTimer;

    /// Will those who wait for room be told before the loop sleeps? The loop's.
    private boolean announcing;

    SessionTx(ChannelAddress address, TxListener listener, ChannelContext context) {
        ChannelConfig config = context.config();
        this.address = address;
        this.listener = listener;
        this.context = context;
        this.loop = context.loop();
        this.writer =
                new FrameWriter(address, context.pool(), context.memory(), config.frameMaxBytes());
        this.session =
                new SenderSession(
                        writer, context.pool(), config.windowBytes(), config.windowFrames());
    }

    /// Carries on what was offered; the caller has just got the turn.
    abstract void acquired();

    /// Asks the other end for an acknowledgement, if that makes a difference. Under the offering
    /// lock.
    abstract void hurry();

    /// An acknowledgement came, or the first frame that waits for one.
    abstract void progressed();

    /// Ends the link for this side has closed it. On the loop.
    abstract void endHere();

    /// Lets go of what carries the frames. On the loop, with the turn.
    abstract void disconnect();

    /// May this thread wait for the link's end?
    boolean mayWait() {
        return !loop.inside();
    }

    @Override
    public final ChannelAddress address() {
        return address;
    }

    @Override
    public final Optional<CloseReason> closed() {
        return Optional.ofNullable(ended);
    }

    // ---- offering

    @Override
    public final boolean offer(FrameBody body) {
        if (tryOffer(body, false)) {
            return true;
        }
        roomWanted = true;
        return tryOffer(body, false); // room may have come before anybody saw that it is wanted
    }

    @Override
    public final boolean offer(FrameBody body, long waitNanos) {
        if (tryOffer(body, false)) {
            return true;
        }
        if (waitNanos > 0 && mayWait()) {
            FrameBody measured = new MeasuredBody(body);
            return waiters.await(() -> tryOffer(measured, false), waitNanos);
        }
        return offer(body);
    }

    @Override
    public final boolean passOn(FrameBody body) {
        return tryOffer(body, true);
    }

    private boolean tryOffer(FrameBody body, boolean passing) {
        offering.lock();
        try {
            if (offering.getHoldCount() > 1) {
                throw new IllegalStateException(
                        "A frame's body offers to the link that it is being written to: "
                                + address);
            }
            ensureOpen();
            if (session.lastSequence() == session.acknowledged()) {
                progressed(); // from here on an acknowledgement is waited for
            }
            SenderSession.Offer made = passing ? session.passOn(body) : session.offer(body);
            if (made == SenderSession.Offer.NO_ROOM) {
                return false;
            }
        } finally {
            offering.unlock();
        }
        kick();
        return true;
    }

    /// Fails if nothing may be offered any more.
    void ensureOpen() {
        if (closing || ended != null) {
            throw new ChannelException.Closed(address, ended);
        }
    }

    /// The server is there. On the loop, or before there is any other thread.
    ///
    /// @param life of its process; if it is another one than before, this link is about to end
    final void answered(long life) {
        if (!answered) {
            incarnation = life;
            answered = true;
        }
    }

    @Override
    public final boolean isAnswered() {
        return answered;
    }

    @Override
    public final long incarnation() {
        return incarnation;
    }

    @Override
    public final boolean isIdle() {
        return session.acknowledged() >= session.lastSequence();
    }

    @Override
    public final boolean isCrowded() {
        return session.isCrowded();
    }

    @Override
    public final boolean isRoomy() {
        return ended != null || session.isRoomy();
    }

    @Override
    public final CompletableFuture<Void> flush() {
        CompletableFuture<Void> flushed;
        long last;
        offering.lock();
        try {
            last = session.lastSequence();
            CloseReason reason = ended;
            if (isIdle()) {
                return CompletableFuture.completedFuture(null);
            }
            if (reason != null) {
                return CompletableFuture.failedFuture(new ChannelException.Closed(address, reason));
            }
            hurry();
            flushed = flushes.add(last);
        } finally {
            offering.unlock();
        }
        if (session.acknowledged() >= last) { // perhaps before it was added
            flushed.complete(null);
        }
        kick();
        return flushed;
    }

    /// Sees to it that what was offered is carried on.
    final void kick() {
        if (turn.take()) {
            acquired();
        }
    }

    /// Gives the turn up, unless there is more to carry on.
    final boolean releaseTurn(boolean inside) {
        if (!inside) {
            return turn.release();
        }
        loopOwns = false; // before the release: then it is another's
        boolean released = turn.release();
        loopOwns = !released;
        return released;
    }

    /// The peer takes no bodies longer than that.
    final void bodyMaxAtMost(int limit) {
        offering.lock();
        try {
            writer.bodyMaxAtMost(limit);
        } finally {
            offering.unlock();
        }
    }

    // ---- acknowledgements; one thread at a time

    /// Frees what was accepted and tells those who wait.
    ///
    /// @return what is wrong with it, or null
    public final @Nullable String acknowledged(long sequence) {
        String wrong = session.acknowledged(sequence);
        if (wrong == null) {
            freed(sequence);
        }
        return wrong;
    }

    /// Gives a frame back that the peer does not take, after all before it, which were accepted.
    ///
    /// @return what is wrong with it, or null
    public final @Nullable String refused(long sequence, RejectCode code, String text) {
        String wrong =
                session.refused(
                        sequence,
                        (buffer, offset, length, _) -> {
                            try {
                                listener.refused(code, text, buffer, offset, length);
                            } catch (Throwable t) {
                                context.report(new ChannelEvent.ListenerFailed(address, t));
                            }
                        });
        if (wrong == null) {
            freed(sequence);
        }
        return wrong;
    }

    private void freed(long sequence) {
        progressed();
        flushes.acknowledged(sequence);
        if (roomWanted || !waiters.isEmpty()) {
            roomGrew();
        }
    }

    /// Waking a thread costs as much as a hundred frames: waits until many fit, or nothing else
    /// happens.
    private void roomGrew() {
        if (session.hasPlentyOfRoom() || !loop.inside()) {
            announceRoom();
        } else if (!announcing) {
            announcing = true;
            loop.postpone(this);
        }
    }

    @Override
    public final void postponed() {
        announcing = false;
        announceRoom();
    }

    private void announceRoom() {
        waiters.signal();
        if (roomWanted && session.hasRoom()) {
            roomWanted = false;
            try {
                listener.roomAgain();
            } catch (Throwable t) {
                context.report(new ChannelEvent.ListenerFailed(address, t));
            }
        }
    }

    // ---- ending

    @Override
    public final void close() {
        closeWithin(context.patience());
    }

    @Override
    public final void beginClose() {
        if (startClosing() && ended == null) {
            waiters.signal();
            loop.execute(this::closeOnLoop);
        }
    }

    @Override
    public final void abort() {
        boolean _ = startClosing();
        if (ended == null) {
            waiters.signal();
            loop.execute(this::abandon);
        }
    }

    @Override
    public final void awaitClosed(long nanos) throws InterruptedException {
        if (mayWait()) {
            boolean _ = done.await(nanos, TimeUnit.NANOSECONDS);
        }
    }

    @Override
    public final void abandon() {
        endHere();
    }

    private boolean startClosing() {
        offering.lock();
        try {
            boolean first = !closing;
            closing = true;
            return first;
        } finally {
            offering.unlock();
        }
    }

    private void closeOnLoop() {
        if (hasEnded()) {
            return; // meanwhile: nothing is there that could be asked to hurry
        }
        if (closingAndDone()) {
            endHere();
            return;
        }
        offering.lock();
        try {
            hurry();
        } finally {
            offering.unlock();
        }
        closeTimer = loop.after(context.config().closeWait().toNanos(), this::abandon);
        kick();
    }

    /// Is it closing, with nothing outstanding?
    final boolean closingAndDone() {
        return closing && isIdle();
    }

    /// Must the owner of the turn hand it to the loop, for the link to end?
    final boolean isEnding() {
        return ending != null;
    }

    final boolean hasEnded() {
        return ended != null;
    }

    /// Ends the link as soon as nobody is writing. On the loop.
    final void end(CloseReason reason) {
        if (ending == null) {
            ending = reason;
        }
        if (loopOwns || turn.take()) {
            loopOwns = true;
            finish();
        }
    }

    /// Ends the link. On the loop, which has the turn and keeps it for ever.
    final void finish() {
        CloseReason reason = ending;
        if (ended != null || reason == null) {
            return;
        }
        offering.lock();
        try {
            ended = reason;
        } finally {
            offering.unlock();
        }
        try {
            loop.cancel(closeTimer);
            disconnect();
            if (!isGoodOrder(reason)) {
                context.report(
                        new ChannelEvent.LinkLost(address, reason, session.unacknowledged()));
            }
        } finally { // whatever fails: each frame has an outcome
            try {
                waiters.signal();
                flushes.fail(new ChannelException.Closed(address, reason));
            } finally {
                giveBack(reason);
            }
        }
    }

    private static boolean isGoodOrder(CloseReason reason) {
        return reason instanceof CloseReason.ClosedHere || reason instanceof CloseReason.PeerClosed;
    }

    private void giveBack(CloseReason reason) {
        boolean refused =
                reason instanceof CloseReason.PeerClosed || reason instanceof CloseReason.Rejected;
        int doubtful =
                reason instanceof CloseReason.Rejected(RejectCode code, _)
                                && code == RejectCode.RECEIVER_FAILED
                        ? 1
                        : 0;
        try {
            listener.ended(
                    reason, visitor -> session.forEachUnacknowledged(refused, doubtful, visitor));
        } catch (Throwable t) {
            context.report(new ChannelEvent.ListenerFailed(address, t));
        } finally {
            session.discard();
            context.forget(this);
            done.countDown();
        }
    }
}

package io.hyperactor.host;

import io.hyperactor.channel.ChannelException;
import io.hyperactor.channel.CloseReason;
import io.hyperactor.channel.Tx;
import io.hyperactor.channel.TxListener;
import io.hyperactor.channel.UnackedFrames;
import io.hyperactor.wire.EncodeException;

import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;

/// The child's end of the link on which it tells its manager what it logs.
///
/// Whoever logs sends: it never waits, and an event that finds no room is dropped, which the next
/// one that finds some says.
///
/// **Threads:** any. **Order:** that in which each thread logs.
final class LogLink implements TxListener, AutoCloseable {
    /// What may be on its way: about this many bytes, and at most twice as many.
    static final int ON_THE_WAY_MAX_BYTES = 512 * 1024;

    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Tx tx;
    private int sinceMark; // bytes offered since the last mark
    private boolean marked; // what was offered before the mark is not acknowledged yet
    private long dropped;
    private boolean ended;

    /// Called once: the link goes over this channel, which is closed with it.
    void open(Tx channel) {
        lock.lock();
        try {
            tx = channel;
        } finally {
            lock.unlock();
        }
    }

    /// Whether an event would go, or be counted as dropped.
    boolean isUp() {
        lock.lock();
        try {
            return tx != null && !ended;
        } finally {
            lock.unlock();
        }
    }

    /// Sends an event, or counts it as dropped.
    ///
    /// @return false if it is for somebody else to write: there is no link, or no room for an error
    boolean send(LogEvent event) {
        lock.lock();
        try {
            Tx to = tx;
            if (to == null || ended || lock.getHoldCount() > 1) {
                return false;
            }
            if (offer(to, event)) {
                return true;
            }
            if (event.level() == Level.ERROR) {
                return false; // why a proc fails is not to be dropped in a flood
            }
            dropped++;
            return true;
        } catch (ChannelException.Closed e) {
            ended = true;
            return false;
        } finally {
            lock.unlock();
        }
    }

    private boolean offer(Tx to, LogEvent event) {
        if (sinceMark >= ON_THE_WAY_MAX_BYTES && !mark(to)) {
            return false;
        }
        LogEvent sent = dropped == 0 ? event : event.withDropped(dropped);
        var bytes = new int[1];
        try {
            if (!to.offer(
                    out -> {
                        int start = out.position();
                        sent.writeTo(out);
                        bytes[0] = out.position() - start;
                    })) {
                return false;
            }
        } catch (EncodeException | ChannelException.FrameTooLarge e) {
            return false; // counted like any other
        }
        dropped = 0;
        sinceMark += bytes[0];
        return true;
    }

    /// Starts to count anew, when all before the last mark has arrived.
    private boolean mark(Tx to) {
        if (marked) {
            return false;
        }
        marked = true;
        sinceMark = 0;
        var _ = to.flush().whenComplete((_, _) -> reached());
        return true;
    }

    private void reached() {
        lock.lock();
        try {
            marked = false;
        } finally {
            lock.unlock();
        }
    }

    /// Waits until the manager has what was sent, at most `limit`.
    void flush(Duration limit) {
        Tx to;
        lock.lock();
        try {
            to = tx;
            if (to == null || ended) {
                return;
            }
            if (dropped > 0) {
                var _ = offer(to, lastWord());
            }
        } catch (ChannelException.Closed e) {
            return;
        } finally {
            lock.unlock();
        }
        try {
            to.flush().get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException | TimeoutException e) {
            return; // as much as was possible
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static LogEvent lastWord() {
        return new LogEvent(
                0,
                Instant.now(),
                Level.WARN,
                LogLink.class.getName(),
                Thread.currentThread().getName(),
                "more was logged than the host took",
                Map.of(),
                "");
    }

    @Override
    public void ended(CloseReason reason, UnackedFrames frames) {
        lock.lock();
        try {
            ended = true;
        } finally {
            lock.unlock();
        }
    }

    /// Sends what is left. Later events have no link.
    @Override
    public void close() {
        flush(Duration.ZERO);
        Tx to;
        lock.lock();
        try {
            ended = true;
            to = tx;
        } finally {
            lock.unlock();
        }
        if (to != null) {
            to.close();
        }
    }
}

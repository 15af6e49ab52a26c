package io.hyperactor.host;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongFunction;

/// A stream of items to somebody who may be slow, stopped or gone.
///
/// At most `window` items are on their way: the taker says how many it has taken, and gets as many
/// more. At most `waitingMax` wait behind them; what is offered then is missed, until all that
/// waits is gone. In its place comes what `gap` makes of the number of missed items.
///
/// **Threads:** any. Items are sent one at a time and in their order, on a thread of its own, so
/// that a send that waits holds up nobody else.
///
/// @param <T> what is sent
final class Feed<T> implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Feed.class);

    private final int window;
    private final int waitingMax;
    private final Consumer<? super T> send;
    private final LongFunction<List<T>> gap;
    private final ReentrantLock lock = new ReentrantLock();

    // all guarded by lock
    private final Deque<T> waiting = new ArrayDeque<>();
    private long sent;
    private long taken;
    private long missed;
    private boolean open;
    private boolean closed;
    private boolean sending;

    /// Nothing is sent before [#open].
    ///
    /// @param send sends one; may wait, and throws when there is no sense in going on
    /// @param gap what is sent in place of so many missed items
    Feed(int window, int waitingMax, Consumer<? super T> send, LongFunction<List<T>> gap) {
        this.window = window;
        this.waitingMax = waitingMax;
        this.send = send;
        this.gap = gap;
    }

    /// Begins to send: these items first, then those that were offered before.
    void open(List<T> first) {
        lock.lock();
        try {
            first.reversed().forEach(waiting::addFirst);
            open = true;
            goOn();
        } finally {
            lock.unlock();
        }
    }

    /// One more item. Never waits.
    void offer(T item) {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            if (missed > 0 || waiting.size() >= waitingMax) {
                missed++;
            } else {
                waiting.add(item);
            }
            goOn();
        } finally {
            lock.unlock();
        }
    }

    /// The taker has taken so many since the beginning. A number that cannot be changes nothing.
    void taken(long count) {
        lock.lock();
        try {
            if (count > taken && count <= sent) {
                taken = count;
                goOn();
            }
        } finally {
            lock.unlock();
        }
    }

    /// Sends no more. May be called twice.
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            waiting.clear();
        } finally {
            lock.unlock();
        }
    }

    private void goOn() {
        if (!sending && hasNext()) {
            sending = true;
            Thread.ofVirtual().name("hyperactor-feed").start(this::sendAll);
        }
    }

    private boolean hasNext() {
        return open && !closed && sent - taken < window && (!waiting.isEmpty() || missed > 0);
    }

    private void sendAll() {
        try {
            for (T item = next(); item != null; item = next()) {
                send.accept(item);
            }
        } catch (RuntimeException e) {
            LOG.debug("a feed ends", e);
            close();
        }
    }

    private @Nullable T next() {
        while (true) {
            long skipped;
            lock.lock();
            try {
                sending = hasNext();
                if (!sending) {
                    return null;
                }
                if (!waiting.isEmpty()) {
                    sent++;
                    return waiting.poll();
                }
                skipped = missed;
                missed = 0;
            } finally {
                lock.unlock();
            }
            open(gap.apply(skipped));
        }
    }
}

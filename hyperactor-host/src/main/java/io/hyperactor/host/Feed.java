package io.hyperactor.host;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.function.Supplier;

/// A stream of items to somebody who may be slow, stopped or gone.
///
/// At most `window` items are on their way: the taker says how many it has taken, and gets as many
/// more. At most `waitingMax` wait behind them; what is offered then is missed, until all that
/// waits is gone. In its place comes what `gap` makes of the number of missed items.
///
/// Behind all of them comes what tells again how things are: it gives way to every item, and nobody
/// misses it.
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
    private final Consumer<Runnable> threads;
    private final ReentrantLock lock = new ReentrantLock();

    // all guarded by lock
    private final Deque<T> waiting = new ArrayDeque<>();
    private final Deque<T> again = new ArrayDeque<>(); // how things are
    private long changes; // of these two
    private boolean looking; // somebody asks how things are
    private long sent;
    private long taken;
    private long missed;
    private boolean open;
    private boolean closed;
    private boolean sending;
    private boolean retelling; // what is being sent is how things are

    /// Nothing is sent before [#open].
    ///
    /// @param send sends one; may wait, and throws when there is no sense in going on
    /// @param gap what is sent in place of so many missed items
    Feed(int window, int waitingMax, Consumer<? super T> send, LongFunction<List<T>> gap) {
        this(
                window,
                waitingMax,
                send,
                gap,
                task -> Thread.ofVirtual().name("hyperactor-feed").start(task));
    }

    /// @param threads starts a thread that runs what it is given
    Feed(
            int window,
            int waitingMax,
            Consumer<? super T> send,
            LongFunction<List<T>> gap,
            Consumer<Runnable> threads) {
        this.window = window;
        this.waitingMax = waitingMax;
        this.send = send;
        this.gap = gap;
        this.threads = threads;
    }

    /// Begins to send: these items first, then those that were offered before.
    void open(List<T> first) {
        lock.lock();
        try {
            giveWay();
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
            giveWay();
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

    /// Tells again how things are, unless something else is to be sent, or comes in the meantime.
    ///
    /// @param now asks how they are; not asked if the taker has no room or has not been sent all,
    ///   or while it is being asked already
    void refresh(Supplier<List<T>> now) {
        OptionalLong before = changesIfIdle();
        if (before.isEmpty()) {
            return;
        }
        List<T> items = List.of();
        try {
            items = now.get();
        } finally {
            lookedAt(items, before.getAsLong());
        }
    }

    private void lookedAt(List<T> items, long before) {
        lock.lock();
        try {
            looking = false;
            if (!closed && before == changes) {
                giveWay();
                again.addAll(items);
                goOn();
            }
        } finally {
            lock.unlock();
        }
    }

    boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    private OptionalLong changesIfIdle() {
        lock.lock();
        try {
            boolean idle = open && !closed && !looking && sent - taken < window && !waits();
            looking |= idle;
            return idle ? OptionalLong.of(changes) : OptionalLong.empty();
        } finally {
            lock.unlock();
        }
    }

    private void giveWay() {
        changes++;
        again.clear();
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
            again.clear();
        } finally {
            lock.unlock();
        }
    }

    private void goOn() {
        if (!sending && hasNext()) {
            begin(() -> Threads.startAtLast(threads, this::sendAll));
        }
    }

    private void begin(Runnable start) {
        sending = true;
        try {
            start.run();
        } catch (Throwable e) { // the next item tries again
            sending = false;
            LOG.error("no thread for a feed", e);
        }
    }

    private boolean hasNext() {
        return open && !closed && sent - taken < window && waits();
    }

    private boolean waits() {
        return !waiting.isEmpty() || missed > 0 || !again.isEmpty();
    }

    private void sendAll() {
        boolean polled = false;
        try {
            for (T item = next(); item != null; item = next()) {
                polled = true;
                send.accept(item);
                polled = false;
            }
        } catch (RuntimeException e) {
            LOG.debug("a feed ends", e);
            close();
        } catch (Error e) { // no memory, most likely
            notSent(polled ? 1 : 0);
            LOG.error("a feed misses something", e);
        }
    }

    /// So many items could not be sent. Goes on a little later, or with the next item.
    private void notSent(int items) {
        lock.lock();
        try {
            sending = false;
            sent -= items;
            if (!retelling) {
                missed += items;
            }
            begin(() -> Threads.startLater(threads, this::sendAll));
        } finally {
            lock.unlock();
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
                if (!waiting.isEmpty() || missed == 0) {
                    sent++;
                    retelling = waiting.isEmpty();
                    return retelling ? again.poll() : waiting.poll();
                }
                skipped = missed;
                missed = 0;
            } finally {
                lock.unlock();
            }
            fill(skipped);
        }
    }

    private void fill(long skipped) {
        boolean filled = false;
        try {
            open(gap.apply(skipped));
            filled = true;
        } finally {
            if (!filled) {
                lock.lock();
                try {
                    missed += skipped;
                } finally {
                    lock.unlock();
                }
            }
        }
    }
}

package io.hyperactor;

import io.hyperactor.wire.ProcId;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;

/// News for senders in other procs that found no room on its way: tried again until there is.
///
/// Whoever has such news, an event loop or an actor that ends, can not wait. Each way keeps its
/// order. Bounded in bytes, and in time without progress; what goes beyond is lost, and counted.
@SuppressWarnings("ReferenceEquality") // a way out is itself and nothing else
final class ReturnQueue {
    private static final Duration PAUSE = Duration.ofMillis(1);
    private static final int GO_NEWS = 256; // then other ways have a turn

    private record Way(MailboxSender home, ProcId to) {}

    private record News(Envelope envelope, int bytes) {}

    private static final class Line {
        final ArrayDeque<News> waiting = new ArrayDeque<>(); // never empty while it is known
        long progressAt;

        Line(long now) {
            progressAt = now;
        }
    }

    private record Waiter(MailboxSender home, CompletableFuture<Void> drained) {}

    private final long maxBytes;
    private final long patienceNanos;
    private final Clockwork clockwork;
    private final ReentrantLock lock = new ReentrantLock(); // guards all below; see goOn()
    private final Map<Way, Line> lines = new LinkedHashMap<>();
    private final List<Waiter> waiters = new ArrayList<>();
    private long bytes;
    private boolean going;
    private volatile boolean empty = true; // spares the ordinary return the lock

    ReturnQueue(long maxBytes, Duration patience, Clockwork clockwork) {
        this.maxBytes = maxBytes;
        this.patienceNanos = patience.toNanos();
        this.clockwork = clockwork;
    }

    /// Sends `envelope` by way of `home`, now or when there is room. Any thread; never blocks.
    ///
    /// @param size how many bytes it holds, roughly
    void send(Envelope envelope, int size, MailboxSender home) {
        Way way = new Way(home, envelope.proc());
        if ((empty || !isWaitedFor(way)) && home.offer(envelope)) {
            return;
        }
        if (!enqueue(way, new News(envelope, size))) {
            lost(envelope, "too much waits for room on its way back");
        }
    }

    private boolean isWaitedFor(Way way) {
        lock.lock();
        try {
            return lines.containsKey(way);
        } finally {
            lock.unlock();
        }
    }

    private boolean enqueue(Way way, News news) {
        lock.lock();
        try {
            if (bytes + news.bytes > maxBytes) {
                return false;
            }
            lines.computeIfAbsent(way, _ -> new Line(clockwork.nanoTime())).waiting.add(news);
            bytes += news.bytes;
            empty = false;
            goOnLater();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /// Under the lock.
    private void goOnLater() {
        if (!going && !lines.isEmpty()) {
            Timers.Timer _ = clockwork.after(PAUSE, this::goOn);
            going = true; // if that failed, the next who comes sees to it
        }
    }

    private static void lost(Envelope envelope, String why) {
        envelope.undeliverable(DeliveryFailure.Reason.QUEUE_FULL, why);
    }

    /// Whether nothing waits for `home`.
    boolean isDrained(MailboxSender home) {
        if (empty) {
            return true;
        }
        lock.lock();
        try {
            return lines.keySet().stream().noneMatch(way -> way.home == home);
        } finally {
            lock.unlock();
        }
    }

    /// Completes when nothing waits for `home` any more.
    CompletableFuture<Void> drained(MailboxSender home) {
        if (empty) {
            return CompletableFuture.completedFuture(null);
        }
        CompletableFuture<Void> drained = new CompletableFuture<>();
        lock.lock();
        try {
            waiters.add(new Waiter(home, drained));
            goOnLater();
        } finally {
            lock.unlock();
        }
        tellWaiters(); // perhaps it never was, or is no more
        return drained;
    }

    /// Tries again, on the timer's thread alone: it alone takes news out, so it may look at the
    /// first of a line, call out without the lock, and then take that one out.
    private void goOn() {
        try {
            ways().forEach(this::tryAgain);
            tellWaiters();
        } finally {
            lock.lock();
            try {
                going = false;
                goOnLater();
            } finally {
                lock.unlock();
            }
        }
    }

    private List<Way> ways() {
        lock.lock();
        try {
            return List.copyOf(lines.keySet());
        } finally {
            lock.unlock();
        }
    }

    private void tryAgain(Way way) {
        try {
            for (int i = 0; i < GO_NEWS && goes(way); i++) {
                var _ = takeOut(way);
            }
            for (int i = overdue(way); i > 0; i--) {
                drop(way, "no room on its way back");
            }
        } catch (Throwable t) { // a fault on this way, or no memory; the others still go
            drop(way, Texts.describe(t));
        }
    }

    private boolean goes(Way way) {
        News first = first(way);
        return first != null && way.home.offer(first.envelope);
    }

    private void drop(Way way, String why) {
        News news = takeOut(way);
        if (news != null) {
            lost(news.envelope, why);
        }
    }

    private @Nullable News first(Way way) {
        lock.lock();
        try {
            Line line = lines.get(way);
            return line == null ? null : line.waiting.peekFirst();
        } finally {
            lock.unlock();
        }
    }

    /// How many have waited for too long: all or none.
    private int overdue(Way way) {
        lock.lock();
        try {
            Line line = lines.get(way);
            return line != null && clockwork.nanoTime() - line.progressAt > patienceNanos
                    ? line.waiting.size()
                    : 0;
        } finally {
            lock.unlock();
        }
    }

    /// Takes no memory: what has gone must not stay, and go again.
    private @Nullable News takeOut(Way way) {
        lock.lock();
        try {
            Line line = lines.get(way);
            if (line == null) {
                return null;
            }
            News news = line.waiting.removeFirst();
            bytes -= news.bytes;
            line.progressAt = clockwork.nanoTime();
            if (line.waiting.isEmpty()) {
                lines.remove(way);
                empty = lines.isEmpty();
            }
            return news;
        } finally {
            lock.unlock();
        }
    }

    private void tellWaiters() {
        List<CompletableFuture<Void>> told = new ArrayList<>();
        lock.lock();
        try {
            waiters.removeIf(waiter -> {
                boolean drained = isDrained(waiter.home);
                if (drained) {
                    told.add(waiter.drained);
                }
                return drained;
            });
        } finally {
            lock.unlock();
        }
        told.forEach(drained -> drained.complete(null));
    }
}

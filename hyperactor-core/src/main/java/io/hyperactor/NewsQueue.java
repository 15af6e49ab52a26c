package io.hyperactor;

import io.hyperactor.wire.ChannelAddress;
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
final class NewsQueue {
    private static final Duration PAUSE = Duration.ofMillis(1);
    private static final int GO_NEWS = 256; // then other ways have a turn

    private record Lane(MailboxSender home, ProcId to) {}

    private record News(Envelope envelope, int bytes) {}

    private static final class Backlog {
        final ArrayDeque<News> waiting = new ArrayDeque<>(); // never empty while it is known
        long progressAt;

        Backlog(long now) {
            progressAt = now;
        }
    }

    private record Waiter(MailboxSender home, CompletableFuture<Void> drained) {}

    private final long maxBytes;
    private final long patienceNanos;
    private final Clockwork clockwork;
    private final ReentrantLock lock = new ReentrantLock(); // guards all below; see goOn()
    private final Map<Lane, Backlog> backlogs = new LinkedHashMap<>();
    private final List<Waiter> waiters = new ArrayList<>();
    private long bytes;
    private boolean going;
    private volatile boolean empty = true; // spares the ordinary return the lock

    NewsQueue(long maxBytes, Duration patience, Clockwork clockwork) {
        this.maxBytes = maxBytes;
        this.patienceNanos = patience.toNanos();
        this.clockwork = clockwork;
    }

    /// Sends `envelope` by way of `home`, now or when there is room. Any thread; never blocks.
    ///
    /// @param size how many bytes it holds, roughly
    void send(Envelope envelope, int size, MailboxSender home) {
        Lane lane = new Lane(home, envelope.proc());
        if ((empty || !isWaitedFor(lane)) && home.offer(envelope)) {
            return;
        }
        if (!enqueue(lane, new News(envelope, size))) {
            lost(envelope, "too much waits for room on its way back");
        }
    }

    private boolean isWaitedFor(Lane lane) {
        lock.lock();
        try {
            return backlogs.containsKey(lane);
        } finally {
            lock.unlock();
        }
    }

    private boolean enqueue(Lane lane, News news) {
        lock.lock();
        try {
            if (bytes + news.bytes > maxBytes) {
                return false;
            }
            backlogs.computeIfAbsent(lane, _ -> new Backlog(clockwork.nanoTime()))
                    .waiting
                    .add(news);
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
        if (!going && !backlogs.isEmpty()) {
            Timers.Timer _ = clockwork.after(PAUSE, this::goOn);
            going = true; // if that failed, the next who comes sees to it
        }
    }

    private static void lost(Envelope envelope, String why) {
        envelope.undeliverable(DeliveryFailure.Reason.QUEUE_FULL, why);
    }

    /// Whether none waits.
    boolean isEmpty() {
        return empty;
    }

    /// Whether any waits that is for a proc at that address.
    boolean isFor(ChannelAddress address) {
        if (empty) {
            return false;
        }
        lock.lock();
        try {
            return backlogs.keySet().stream().anyMatch(lane -> lane.to.address().equals(address));
        } finally {
            lock.unlock();
        }
    }

    /// Whether nothing waits for `home`.
    boolean isDrained(MailboxSender home) {
        if (empty) {
            return true;
        }
        lock.lock();
        try {
            return backlogs.keySet().stream().noneMatch(lane -> lane.home == home);
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
            lanes().forEach(this::tryAgain);
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

    private List<Lane> lanes() {
        lock.lock();
        try {
            return List.copyOf(backlogs.keySet());
        } finally {
            lock.unlock();
        }
    }

    private void tryAgain(Lane lane) {
        try {
            for (int i = 0; i < GO_NEWS && goes(lane); i++) {
                var _ = takeOut(lane);
            }
            for (int i = overdue(lane); i > 0; i--) {
                drop(lane, "no room on its way back");
            }
        } catch (Throwable t) { // a fault on this lane, or no memory; the others still go
            drop(lane, Texts.describe(t));
        }
    }

    private boolean goes(Lane lane) {
        News first = first(lane);
        return first != null && lane.home.offer(first.envelope);
    }

    private void drop(Lane lane, String why) {
        News news = takeOut(lane);
        if (news != null) {
            lost(news.envelope, why);
        }
    }

    private @Nullable News first(Lane lane) {
        lock.lock();
        try {
            Backlog backlog = backlogs.get(lane);
            return backlog == null ? null : backlog.waiting.peekFirst();
        } finally {
            lock.unlock();
        }
    }

    /// How many have waited for too long: all or none.
    private int overdue(Lane lane) {
        lock.lock();
        try {
            Backlog backlog = backlogs.get(lane);
            return backlog != null && clockwork.nanoTime() - backlog.progressAt > patienceNanos
                    ? backlog.waiting.size()
                    : 0;
        } finally {
            lock.unlock();
        }
    }

    /// Takes no memory: what has gone must not stay, and go again.
    private @Nullable News takeOut(Lane lane) {
        lock.lock();
        try {
            Backlog backlog = backlogs.get(lane);
            if (backlog == null) {
                return null;
            }
            News news = backlog.waiting.removeFirst();
            bytes -= news.bytes;
            backlog.progressAt = clockwork.nanoTime();
            if (backlog.waiting.isEmpty()) {
                backlogs.remove(lane);
                empty = backlogs.isEmpty();
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

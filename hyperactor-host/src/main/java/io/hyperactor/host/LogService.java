package io.hyperactor.host;

import io.hyperactor.Context;
import io.hyperactor.PortRef;
import io.hyperactor.Undeliverable;
import io.hyperactor.host.HostAgentMessage.FollowLogs;
import io.hyperactor.host.HostAgentMessage.FollowReply;
import io.hyperactor.host.HostAgentMessage.Following;
import io.hyperactor.host.HostAgentMessage.Logs;
import io.hyperactor.host.HostAgentMessage.LogsReply;
import io.hyperactor.host.HostAgentMessage.NoLogs;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/// The part of a [HostAgent] that answers for the logs of its host.
///
/// Who follows has one batch under way at a time and says when it was taken. A follower that says
/// nothing for [#PATIENCE] is gone, or stopped, and may go on from where it was.
///
/// **Threads:** any. [#find] and [#follow] read files, and [#follow] lasts as long as its follower.
final class LogService implements AutoCloseable {
    private static final Duration HEARTBEAT = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /// Somebody who follows.
    private record Follow(LogFollower follower, PortRef<LogBatch> to, Semaphore taken) {
        void end() {
            follower.close();
            taken.release();
        }
    }

    /// So many may read at the same time, besides those who follow.
    static final int READERS_MAX = 16;

    private final @Nullable LogBook book;
    private final Duration heartbeat;
    private final RefusalCounts refusals;
    private final Semaphore readers;
    private final Map<Long, Follow> follows = new ConcurrentHashMap<>();

    /// For the book of this manager, if it keeps one.
    LogService(ProcManager<?> manager, RefusalCounts refusals) {
        this(
                manager instanceof LogKeeper keeper ? keeper.logs() : null,
                HEARTBEAT,
                refusals,
                new Semaphore(READERS_MAX));
    }

    LogService(
            @Nullable LogBook book, Duration heartbeat, RefusalCounts refusals, Semaphore readers) {
        this.readers = readers;
        this.book = book;
        this.heartbeat = heartbeat;
        this.refusals = refusals;
    }

    LogsReply find(List<String> procs, Optional<Instant> since, int max) {
        if (!readers.tryAcquire()) {
            return refused(
                    Refusal.TOO_MANY_READERS, READERS_MAX + " read the logs already: try again");
        }
        try {
            LogBook from = book;
            Optional<String> complaint = complaint(procs);
            if (from == null || complaint.isPresent()) {
                return refused(Refusal.NO_LOGS, complaint.orElse(""));
            }
            return new Logs(from.find(query(procs, since, max)));
        } catch (HostException | OutOfMemoryError e) { // records take much
            return refused(Refusal.of(e), String.valueOf(e.getMessage()));
        } finally {
            readers.release();
        }
    }

    private NoLogs refused(Refusal refusal, String why) {
        refusals.count(refusal);
        return new NoLogs(refusal, why);
    }

    /// Replies, and sends until nobody follows any more.
    void follow(Context<?> cx, FollowLogs request) {
        FollowReply refusal;
        try {
            LogBook from = book;
            Optional<String> complaint = complaint(request.procs());
            if (from == null || complaint.isPresent()) {
                refusal = refused(Refusal.NO_LOGS, complaint.orElse(""));
            } else {
                try (LogFollower follower = follower(from, request)) {
                    stream(cx, request, follower);
                    return;
                }
            }
        } catch (HostException | OutOfMemoryError e) {
            refusal = refused(Refusal.of(e), String.valueOf(e.getMessage()));
        }
        cx.send(request.replyTo(), refusal);
    }

    private static LogFollower follower(LogBook book, FollowLogs request) {
        return request.from()
                .map(position -> book.follow(Set.copyOf(request.procs()), position))
                .orElseGet(
                        () -> book.follow(query(request.procs(), request.since(), request.max())));
    }

    private static LogQuery query(List<String> procs, Optional<Instant> since, int max) {
        return new LogQuery(Set.copyOf(procs), since, Math.clamp(max, 0, LogQuery.MAX));
    }

    private Optional<String> complaint(List<String> procs) {
        LogBook from = book;
        if (from == null) {
            return Optional.of("this host keeps no logs");
        }
        return procs.stream()
                .filter(name -> !from.knows(name))
                .findFirst()
                .map(name -> "nothing is known of a proc '" + PrintableText.escape(name) + "'");
    }

    private void stream(Context<?> cx, FollowLogs request, LogFollower follower) {
        long id = ThreadLocalRandom.current().nextLong();
        Follow follow = new Follow(follower, request.to(), new Semaphore(0));
        follows.put(id, follow);
        try {
            cx.send(request.replyTo(), new Following(id));
            while (true) {
                LogBatch batch = follower.next(heartbeat);
                if (follower.isClosed()) {
                    return;
                }
                cx.send(request.to(), batch);
                if (!follow.taken().tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this thread", e);
        } finally {
            follows.remove(id);
        }
    }

    /// The next batch may be sent.
    void taken(long id) {
        Follow follow = follows.get(id);
        if (follow != null && follow.taken().availablePermits() == 0) {
            follow.taken().release();
        }
    }

    void unfollow(long id) {
        Follow follow = follows.get(id);
        if (follow != null) {
            follow.end();
        }
    }

    /// A batch that came back: nobody follows there any more.
    void cameBack(Undeliverable returned) {
        for (Follow follow : follows.values()) {
            if (follow.to().id().equals(returned.destination())) {
                follow.end();
            }
        }
    }

    /// Nobody follows any more.
    @Override
    public void close() {
        follows.values().forEach(Follow::end);
    }
}

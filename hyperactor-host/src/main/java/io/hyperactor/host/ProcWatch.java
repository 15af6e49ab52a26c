package io.hyperactor.host;

import io.hyperactor.host.HostAgentMessage.ProcNews;
import io.hyperactor.host.ProcEvent.Change;
import io.hyperactor.wire.PortId;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Tells somebody outside what happens to the procs of a host: first how they are, then every
/// event, and after a gap, or a while without events, how they are again.
final class ProcWatch {
    /// On their way to one watcher.
    static final int WINDOW = 64;

    /// Waiting behind them.
    static final int WAITING_MAX = 1024;

    /// From one look at how all procs are to the next.
    static final Duration LOOK_PERIOD = Duration.ofSeconds(2);

    private final Host<?> host;
    private final InstantSource clock;
    private final Feed<ProcNews> feed;
    private final Runnable unobserve;
    private volatile Future<?> looks = CompletableFuture.completedFuture(null);

    private ProcWatch(Host<?> host, InstantSource clock, Consumer<ProcNews> send) {
        this.host = host;
        this.clock = clock;
        feed = new Feed<>(WINDOW, WAITING_MAX, send, this::gap);
        // What happens until it opens is told twice rather than not at all.
        unobserve = host.observe(event -> feed.offer(news(event)));
    }

    /// Begins one among the feeds of an agent.
    ///
    /// @param timer must not be blocked
    static void begin(
            Host<?> host,
            InstantSource clock,
            ScheduledExecutorService timer,
            PortId to,
            Feeds feeds,
            Consumer<ProcNews> send) {
        var watch = new ProcWatch(host, clock, send);
        try {
            watch.looks =
                    timer.scheduleWithFixedDelay(
                            watch::look,
                            LOOK_PERIOD.toNanos(),
                            LOOK_PERIOD.toNanos(),
                            TimeUnit.NANOSECONDS);
            feeds.add(to, watch.feed, watch::end);
        } catch (Throwable t) { // nobody else would
            watch.end();
            throw t;
        }
        watch.feed.open(watch.states());
    }

    private void end() {
        looks.cancel(false);
        unobserve.run();
    }

    /// On a thread of its own: it reads files.
    private void look() {
        if (feed.isClosed()) { // by itself, when a send failed
            end();
            return;
        }
        try {
            Thread.ofVirtual().name("hyperactor-feed").start(() -> feed.refresh(this::states));
        } catch (OutOfMemoryError e) {
            // the next look may have some
        }
    }

    private List<ProcNews> gap(long missed) {
        List<ProcNews> items = new ArrayList<>();
        String detail = missed + " events were missed";
        items.add(new ProcNews(clock.millis(), "missed", detail, Optional.empty()));
        items.addAll(states());
        return items;
    }

    private List<ProcNews> states() {
        Instant now = clock.instant();
        return host.views().stream().map(proc -> news(now, "is", proc.state(), proc)).toList();
    }

    static ProcNews news(ProcEvent event) {
        String detail = event.change().toString();
        return news(event.at(), what(event.change()), detail, event.proc());
    }

    private static ProcNews news(Instant at, String what, String detail, ProcView proc) {
        return new ProcNews(at.toEpochMilli(), what, detail, Optional.of(ProcInfos.of(proc, at)));
    }

    private static String what(Change change) {
        return switch (change) {
            case Change.Started _ -> "started";
            case Change.Ready _ -> "ready";
            case Change.Suspected _ -> "suspected";
            case Change.Recovered _ -> "recovered";
            case Change.Condemned _ -> "condemned";
            case Change.Stopping _ -> "stopping";
            case Change.Ended _ -> "ended";
            case Change.Restarting _ -> "restarting";
            case Change.GaveUp _ -> "gave-up";
            case Change.NotReady _ -> "not-ready";
        };
    }
}

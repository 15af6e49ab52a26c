package io.hyperactor.channel;

import io.hyperactor.stress.Check;
import io.hyperactor.stress.Races;

import org.junit.jupiter.api.Test;

import java.nio.channels.spi.SelectorProvider;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// A link that is handed over to the event loop is looked at once, soon, whatever the loop is just
/// doing: also if it is just going to sleep.
final class HandOverRaceTest {
    private static final Duration IN_VAIN = Duration.ofSeconds(1);

    /// The loop polls for so long after the last event, and sleeps then.
    private static final int POLLS_NANOS = 50_000;

    @Test
    void everyHandOverIsHeard() throws Exception {
        EventLoop loop =
                new EventLoop(
                        SelectorProvider.provider(),
                        Thread::new,
                        System::nanoTime,
                        fault -> {},
                        () -> true);
        loop.start();
        try {
            Races.check(() -> new Round(loop::handOver, Races.PATIENCE, 1, POLLS_NANOS));
            Races.check(() -> new Round(loop::handOver, Races.PATIENCE, 2, POLLS_NANOS));
        } finally {
            loop.stop();
            loop.join(Races.PATIENCE.toMillis());
        }
    }

    @Test
    void theCopyThatABugIsPlantedInIsSoundWithoutIt() throws Exception {
        try (PlantedLoop loop = new PlantedLoop(false)) {
            Races.check(() -> new Round(loop::handOver, Races.PATIENCE, 2, 0));
        }
    }

    @Test
    void aLoopThatLooksBeforeItSaysThatItSleepsIsCaught() throws Exception {
        try (PlantedLoop loop = new PlantedLoop(true)) {
            Races.assertCaught(() -> new Round(loop::handOver, IN_VAIN, 1, 0));
        }
    }

    private static final class Link extends EventLoop.Handed {
        private final AtomicInteger heard = new AtomicInteger();

        @Override
        public void run() {
            heard.incrementAndGet();
        }
    }

    /// Links are handed over a few times each, soon after the last time was heard. With a single
    /// one no other wakes the loop that has missed it.
    private static final class Round implements Races.Round {
        private static final int TIMES = 20;
        private static final int SPREAD_NANOS = 400;

        private final Consumer<Link> handOver;
        private final Duration patience;
        private final int pauseNanos;
        private final List<Link> links;

        /// @param pauseNanos after which the loop is just going to sleep
        Round(Consumer<Link> handOver, Duration patience, int links, int pauseNanos) {
            this.handOver = handOver;
            this.patience = patience;
            this.links = Stream.generate(Link::new).limit(links).toList();
            this.pauseNanos = pauseNanos;
        }

        @Override
        public List<Runnable> parts() {
            return links.stream().<Runnable>map(link -> () -> handOverAndOver(link)).toList();
        }

        private void handOverAndOver(Link link) {
            for (int i = 1; i <= TIMES; i++) {
                long start = System.nanoTime();
                handOver.accept(link);
                while (link.heard.get() < i) {
                    if (System.nanoTime() - start > patience.toNanos()) {
                        return; // check() will say it
                    }
                    Thread.onSpinWait();
                }
                long heard = System.nanoTime();
                long more =
                        ((start * 0x9E3779B97F4A7C15L) >>> 40) % (SPREAD_NANOS + pauseNanos / 10);
                while (System.nanoTime() - heard < pauseNanos + more) {
                    Thread.onSpinWait();
                }
            }
        }

        @Override
        public void check() {
            for (Link link : links) {
                Check.same(TIMES, link.heard.get(), "hand-overs heard");
            }
        }
    }

    /// What [EventLoop] does about hand-overs, with a thread that parks in place of a selector.
    private static final class PlantedLoop implements AutoCloseable {
        private record Pushed(Link link, Pushed next) {}

        private static final int SLEEP_SPINS = 30;

        private final boolean sleepsTooSoon;
        private final AtomicReference<Pushed> top = new AtomicReference<>();
        private final Thread thread = Thread.ofPlatform().daemon().unstarted(this::run);
        private volatile boolean asleep;
        private volatile boolean stopped;

        PlantedLoop(boolean sleepsTooSoon) {
            this.sleepsTooSoon = sleepsTooSoon;
            thread.start();
        }

        void handOver(Link link) {
            top.updateAndGet(seen -> new Pushed(link, seen));
            if (asleep) {
                asleep = false;
                LockSupport.unpark(thread);
            }
        }

        private void run() {
            while (!stopped) {
                for (Pushed p = top.getAndSet(null); p != null; p = p.next) {
                    p.link.run();
                }
                sleep();
            }
        }

        private void sleep() {
            if (!sleepsTooSoon) {
                asleep = true;
            }
            if (top.get() == null && !stopped) {
                for (int i = 0; i < SLEEP_SPINS; i++) { // what timers and a selector take
                    Thread.onSpinWait();
                }
                asleep = true;
                LockSupport.park(this);
            }
            asleep = false;
        }

        @Override
        public void close() {
            stopped = true;
            LockSupport.unpark(thread);
        }
    }
}

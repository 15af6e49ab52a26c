package io.hyperactor;

import io.hyperactor.stress.Check;
import io.hyperactor.stress.Interleavings;

import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/// Timers that are set while the thread looks: it looks again in time for each.
final class TimersInterleavingsTest {
    private static final long STEP_NANOS = 10_000_000; // as long as the thread may let others wait

    @Test
    void whatIsSetWhileTheThreadLooksIsDoneInTime() {
        Interleavings.check(Real.class, 2);
    }

    @Test
    void theCopyThatABugIsPlantedInIsSoundWithoutIt() {
        Interleavings.check(Sound.class, 2);
    }

    @Test
    void aThreadThatLooksBeforeItIsReadyToBeWokenIsCaught() {
        Interleavings.assertCaught(LooksTooEarly.class, 2);
    }

    /// Timers, of which one is set, and the thread that runs them, which sleeps as long as it
    /// believes that it may.
    public abstract static class Timing {
        private static final int STEPS_UNTIL_DUE = 3;

        final AtomicLong now = new AtomicLong();
        final AtomicInteger done = new AtomicInteger();
        private final AtomicInteger set = new AtomicInteger();

        abstract void setOne(long nanos);

        abstract long untilNext();

        abstract void step();

        @Operation
        public void setSoon() {
            set.incrementAndGet();
            setOne(STEP_NANOS / 2);
        }

        @Operation
        public void setLate() {
            set.incrementAndGet();
            setOne(2 * STEP_NANOS);
        }

        @Operation(nonParallelGroup = "thread")
        public void passTime() {
            now.addAndGet(STEP_NANOS);
            if (untilNext() <= 0) {
                step();
            }
        }

        /// When all has long been due.
        @Validate
        public void allIsDone() {
            for (int i = 0; i < STEPS_UNTIL_DUE; i++) {
                passTime();
            }
            Check.same(set.get(), done.get(), "done");
        }
    }

    /// As they are.
    public static class Real extends Timing {
        private final Timers timers = new Timers(now::get);

        public Real() {
            setSoon();
        }

        @Override
        void setOne(long nanos) {
            Timers.Timer _ = timers.set(Duration.ofNanos(nanos), done::incrementAndGet);
        }

        @Override
        long untilNext() {
            return timers.untilNext();
        }

        @Override
        void step() {
            timers.step();
        }
    }

    private record Timer(Timer next) {}

    /// The middle of [Timers] once more, with a line that can be broken. All are due at the next
    /// look.
    public abstract static class Planted extends Timing {
        private final boolean looksTooEarly;
        private final AtomicReference<Timer> fresh = new AtomicReference<>();
        private final AtomicLong wakeAt = new AtomicLong(Long.MAX_VALUE);

        Planted(boolean looksTooEarly) {
            this.looksTooEarly = looksTooEarly;
            setSoon();
        }

        @Override
        void setOne(long nanos) {
            long due = now.get() + STEP_NANOS;
            Timer top = fresh.get();
            while (!fresh.compareAndSet(top, new Timer(top))) {
                top = fresh.get();
            }
            wakeAt.getAndUpdate(planned -> Math.min(planned, due));
        }

        @Override
        long untilNext() {
            return wakeAt.get() - now.get();
        }

        @Override
        void step() {
            Timer taken;
            if (looksTooEarly) {
                taken = fresh.getAndSet(null);
                wakeAt.set(Long.MAX_VALUE);
            } else {
                wakeAt.set(Long.MAX_VALUE);
                taken = fresh.getAndSet(null);
            }
            for (Timer timer = taken; timer != null; timer = timer.next) {
                done.incrementAndGet();
            }
        }
    }

    /// As it should be.
    public static class Sound extends Planted {
        public Sound() {
            super(false);
        }
    }

    /// Forgets that it was to be woken for what came after it looked.
    public static class LooksTooEarly extends Planted {
        public LooksTooEarly() {
            super(true);
        }
    }
}

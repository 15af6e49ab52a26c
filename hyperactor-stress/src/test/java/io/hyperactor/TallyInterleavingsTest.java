package io.hyperactor;

import io.hyperactor.Undeliverable.Numbers;
import io.hyperactor.Undeliverable.Outcome;
import io.hyperactor.stress.Check;
import io.hyperactor.stress.Interleavings;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.ProcId;

import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/// Threads of one sender that pass messages on, while the proc handles them, room is made for
/// others, and links end: what may be unhandled is in doubt in the end.
final class TallyInterleavingsTest {
    private static final Envelope MESSAGE =
            ObjectEnvelope.news(
                    Address.of(new ProcId(new ChannelAddress.Local(2), "q").actor("s", 0)),
                    Address.of(new ProcId(new ChannelAddress.Local(1), "p").actor("a", 0)),
                    Handled.TYPE.handlerIndex(),
                    0,
                    "message",
                    Handled.TYPE);
    private static final Tallies TALLIES = new Tallies();
    private static final long LINK = 1;
    private static final long NEXT = 2;

    @Test
    void whatIsPassedOnWhileRoomIsMadeIsCounted() {
        Interleavings.check(Kept.class, 2);
    }

    @Test
    void whoForgetsWithoutComparingIsCaught() {
        Interleavings.assertCaught(ForgetsBlindly.class, 2);
    }

    @Test
    void whatComesBackOverALinkThatHasEndedHidesNothingOfTheNext() {
        Interleavings.check(Linked.class, 2);
    }

    @Test
    void whoGoesBackToALinkThatHasEndedIsCaught() {
        Interleavings.assertCaught(GoesBack.class, 2);
    }

    @Test
    void theCopyThatBugsArePlantedInIsSoundWithoutThem() {
        Interleavings.check(SoundlyKept.class, 2);
        Interleavings.check(SoundlyLinked.class, 2);
    }

    private static Tally fresh() {
        return new Tally(TALLIES, MESSAGE);
    }

    private static long count(Numbers numbers) {
        return numbers == null ? 0 : numbers.count();
    }

    /// All arrives, and some is handled: at first there was one message, and it is. Of what is
    /// forgotten another takes the place.
    public abstract static class Keeping {
        private final AtomicInteger queued = new AtomicInteger();

        abstract void passOne();

        abstract void oneIsHandled();

        abstract void forget();

        abstract Numbers inDoubt();

        void begin() {
            pass();
            handle();
        }

        @Operation
        public void pass() {
            passOne();
            queued.incrementAndGet();
        }

        @Operation(nonParallelGroup = "proc")
        public void handle() {
            if (queued.get() > 0) {
                queued.decrementAndGet();
                oneIsHandled();
            }
        }

        @Operation
        public void makeRoom() {
            forget();
        }

        /// When nothing more happens.
        @Validate
        public void whatIsUnhandledIsInDoubt() {
            Check.same((long) queued.get(), count(inDoubt()), "in doubt");
        }
    }

    /// As it is.
    public static class Kept extends Keeping {
        private final AtomicReference<Tally> tally = new AtomicReference<>(fresh());

        public Kept() {
            begin();
        }

        @Override
        void passOne() {
            Tally found = tally.get();
            while (!found.passed(LINK)) {
                tally.compareAndSet(found, fresh());
                found = tally.get();
            }
        }

        @Override
        void oneIsHandled() {
            tally.get().handled(1);
        }

        @Override
        void forget() {
            boolean _ = tally.get().forget();
        }

        @Override
        Numbers inDoubt() {
            return tally.get().inDoubt();
        }
    }

    /// The copy.
    public abstract static class PlantedlyKept extends Keeping {
        private final PlantedTally.Bug bug;
        private final AtomicReference<PlantedTally> tally;

        PlantedlyKept(PlantedTally.Bug bug) {
            this.bug = bug;
            this.tally = new AtomicReference<>(new PlantedTally(bug));
            begin();
        }

        @Override
        void passOne() {
            PlantedTally found = tally.get();
            while (!found.passed(LINK)) {
                tally.compareAndSet(found, new PlantedTally(bug));
                found = tally.get();
            }
        }

        @Override
        void oneIsHandled() {
            tally.get().handled();
        }

        @Override
        void forget() {
            tally.get().forget();
        }

        @Override
        Numbers inDoubt() {
            return tally.get().inDoubt();
        }
    }

    /// As it should be.
    public static class SoundlyKept extends PlantedlyKept {
        public SoundlyKept() {
            super(PlantedTally.Bug.NONE);
        }
    }

    /// Forgets though something has been passed on since it looked.
    public static class ForgetsBlindly extends PlantedlyKept {
        public ForgetsBlindly() {
            super(PlantedTally.Bug.FORGETS_BLINDLY);
        }
    }

    /// All is queued, and the first of two links ends, which has taken one at least. What it had
    /// taken comes back when others have gone by the next one.
    public abstract static class Linking {
        private static final int ENDED = -1;

        private final AtomicInteger overLink = new AtomicInteger(); // or ENDED
        private final AtomicInteger overNext = new AtomicInteger();
        private int givenBack;

        abstract void passed(long by);

        abstract void cameBack(long by, Outcome outcome);

        abstract Numbers inDoubt();

        @Operation
        public void pass() {
            long by = overLink.get() == ENDED ? NEXT : LINK;
            passed(by);
            if (by == NEXT) {
                overNext.incrementAndGet();
            } else if (overLink.getAndUpdate(n -> n == ENDED ? n : n + 1) == ENDED) {
                cameBack(LINK, Outcome.NOT_DELIVERED);
            }
        }

        @Operation(nonParallelGroup = "loop")
        public void end() {
            givenBack += Math.max(0, overLink.getAndSet(ENDED));
            pass();
        }

        /// When all is back. That is in doubt as well if others went by the next link, for it may
        /// have been behind them.
        @Validate
        public void whatIsQueuedIsInDoubt() {
            for (int i = 0; i < givenBack; i++) {
                cameBack(LINK, Outcome.UNKNOWN);
            }
            int queued = overNext.get() + Math.max(0, overLink.get());
            Numbers numbers = inDoubt();
            Check.same((long) givenBack + queued, count(numbers), "in doubt");
            Check.same(1L, numbers.first(), "the first");
        }
    }

    /// As it is.
    public static class Linked extends Linking {
        private final Tally tally = fresh();

        public Linked() {
            pass();
        }

        @Override
        void passed(long by) {
            boolean _ = tally.passed(by);
        }

        @Override
        void cameBack(long by, Outcome outcome) {
            tally.cameBack(by, outcome);
        }

        @Override
        Numbers inDoubt() {
            return tally.inDoubt();
        }
    }

    /// The copy.
    public abstract static class PlantedlyLinked extends Linking {
        private final PlantedTally tally;

        PlantedlyLinked(PlantedTally.Bug bug) {
            this.tally = new PlantedTally(bug);
            pass();
        }

        @Override
        void passed(long by) {
            boolean _ = tally.passed(by);
        }

        @Override
        void cameBack(long by, Outcome outcome) {
            tally.cameBack(by, outcome);
        }

        @Override
        Numbers inDoubt() {
            return tally.inDoubt();
        }
    }

    /// As it should be.
    public static class SoundlyLinked extends PlantedlyLinked {
        public SoundlyLinked() {
            super(PlantedTally.Bug.NONE);
        }
    }

    /// Takes whoever comes last for one who uses the newest link.
    public static class GoesBack extends PlantedlyLinked {
        public GoesBack() {
            super(PlantedTally.Bug.GOES_BACK);
        }
    }
}

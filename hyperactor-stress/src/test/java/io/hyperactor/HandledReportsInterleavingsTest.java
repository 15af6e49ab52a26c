package io.hyperactor;

import io.hyperactor.stress.Check;
import io.hyperactor.stress.Interleavings;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.ProcId;

import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/// Actors that count what they have handled while it is reported: all of it is told, once, and by
/// the next report.
final class HandledReportsInterleavingsTest {
    private static final ProcId PROC = new ProcId(new ChannelAddress.Local(1), "p");
    private static final Address SENDER =
            Address.of(new ProcId(new ChannelAddress.Local(2), "q").actor("s", 0));

    @Test
    void whatIsDealtWithWhileOthersReportIsTold() {
        Interleavings.check(Real.class, 2);
    }

    @Test
    void theCopyThatBugsArePlantedInIsSoundWithoutThem() {
        Interleavings.check(Sound.class, 2);
    }

    @Test
    void aReportThatReadsOnAfterItHasTakenACountIsCaught() {
        Interleavings.assertCaught(ReadsOnTooLate.class, 2);
    }

    @Test
    void aReportThatIsReadyForTheNextAfterItHasLookedIsCaught() {
        Interleavings.assertCaught(IsReadyTooLate.class, 2);
    }

    /// A proc with a timer, which may also report at once. Both actors have dealt with something.
    public abstract static class Reporting {
        private final AtomicInteger dealtWith = new AtomicInteger();

        abstract void count(int actor);

        abstract void report();

        abstract boolean reportInTime();

        abstract int told();

        @Operation(nonParallelGroup = "actors")
        public void dealWithTwo() {
            count(0);
            dealtWith.incrementAndGet();
            count(1);
            dealtWith.incrementAndGet();
        }

        @Operation(nonParallelGroup = "reporter")
        public void reportNow() {
            int before = dealtWith.get();
            report();
            Check.that(told() >= before, told() + " told of " + before);
        }

        @Operation(nonParallelGroup = "reporter")
        public void passTime() {
            boolean _ = reportInTime();
        }

        /// When nothing more happens and the time has come.
        @Validate
        public void allIsToldOnce() {
            boolean more = true;
            while (more) {
                more = reportInTime();
            }
            Check.same(dealtWith.get(), told(), "told");
        }
    }

    /// As it is.
    public static class Real extends Reporting implements MailboxSender {
        private final StillProcess process = new StillProcess();
        private final AtomicInteger told = new AtomicInteger();
        private final HandledReports reports;
        private final List<HandledCount> counts;

        public Real() {
            Home home = process.home(this);
            reports = new HandledReports(PROC, home, null);
            counts = List.of(count("one"), count("other"));
            dealWithTwo();
        }

        private HandledCount count(String actor) {
            return new HandledCount(reports, SENDER, 0, Address.of(PROC.actor(actor, 0)));
        }

        @Override
        void count(int actor) {
            counts.get(actor).handled();
        }

        @Override
        void report() {
            reports.report();
        }

        @Override
        boolean reportInTime() {
            return process.runNext();
        }

        @Override
        int told() {
            return told.get();
        }

        /// The host hears it.
        @Override
        public boolean offer(Envelope envelope) {
            Handled handled = (Handled) envelope.message(Handled.TYPE);
            handled.marks().forEach(mark -> told.addAndGet((int) mark.handled()));
            return true;
        }

        @Override
        public CompletableFuture<Void> flush() {
            return CompletableFuture.completedFuture(null);
        }
    }

    /// A copy that may have a bug.
    public abstract static class Planted extends Reporting {
        private final PlantedReports reports;
        private final List<PlantedReports.Pair> pairs =
                List.of(new PlantedReports.Pair(), new PlantedReports.Pair());

        Planted(PlantedReports.Bug bug) {
            this.reports = new PlantedReports(bug);
            dealWithTwo();
        }

        @Override
        void count(int actor) {
            reports.count(pairs.get(actor));
        }

        @Override
        void report() {
            reports.report();
        }

        @Override
        boolean reportInTime() {
            return reports.reportInTime();
        }

        @Override
        int told() {
            return reports.told();
        }
    }

    /// As it should be.
    public static class Sound extends Planted {
        public Sound() {
            super(PlantedReports.Bug.NONE);
        }
    }

    /// Follows the way of a count that may be elsewhere by now.
    public static class ReadsOnTooLate extends Planted {
        public ReadsOnTooLate() {
            super(PlantedReports.Bug.READS_ON_TOO_LATE);
        }
    }

    /// Lets others believe that it will look, when it has looked.
    public static class IsReadyTooLate extends Planted {
        public IsReadyTooLate() {
            super(PlantedReports.Bug.IS_READY_TOO_LATE);
        }
    }
}

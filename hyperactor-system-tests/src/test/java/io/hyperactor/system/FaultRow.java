package io.hyperactor.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import java.util.random.RandomGenerator;

/// A row of the fault matrix (docs/faults.md): says what was measured against its bound, on
/// standard output and in `target/faults.jsonl`, and fails if the bound is not kept.
///
/// A time over the bound counts only if nothing else kept the machine busy; else it is measured
/// again, [#AGAIN_MAX] times at most. With `-Dfaults.load=N` the row runs beside N processes that
/// spin; then four times the bound is allowed, and nothing is measured again.
///
/// **Threads:** one.
final class FaultRow {
    /// Randomness of all rows follows from it.
    static final long SEED = Long.getLong("faults.seed", System.nanoTime());

    private static final boolean FULL = Boolean.getBoolean("faults.full");

    /// So many times the bound is the most that the load of others excuses.
    private static final int UNDER_LOAD = 4;

    private static final int AGAIN_MAX = 20;

    private final String id;
    private final String what;
    private final RandomGenerator random;

    /// @param id such as `P07`
    /// @param what the fault in a few words
    FaultRow(String id, String what) {
        if (Boolean.getBoolean("tests.beside")) {
            throw new IllegalStateException("a class of rows needs the tag rows, to run alone");
        }
        this.id = id;
        this.what = what;
        this.random = new Random(SEED ^ what.hashCode());
    }

    /// One time that a row runs.
    @FunctionalInterface
    interface Trial<T> {
        /// @param round 0 for the first; what is measured again has a new one
        T run(int round) throws Exception;
    }

    /// How often a row runs: `quick` times in an ordinary build, `full` times with `-Pfaults`.
    static int times(int quick, int full) {
        return FULL ? full : quick;
    }

    /// A source of random numbers of this row's own.
    RandomGenerator random() {
        return random;
    }

    /// The longest of `times` runs is not over `bound`.
    void within(Duration bound, int times, Trial<Duration> trial) throws Exception {
        within("ms", bound.toMillis(), times, round -> trial.run(round).toMillis());
    }

    /// The same with another figure that suffers when others keep the machine busy.
    void within(String unit, long bound, int times, Trial<Long> trial) throws Exception {
        try (var load = SpinningProcesses.asAskedFor()) {
            long allowed = load.isEmpty() ? bound : bound * UNDER_LOAD;
            long worst = 0;
            int again = 0;
            for (int round = 0; round < times + again; round++) {
                long figure = measured(trial, round, times);
                if (figure > allowed
                        && figure <= bound * UNDER_LOAD
                        && again < AGAIN_MAX
                        && load.isEmpty()
                        && SpinningProcesses.othersKeepTheMachineBusy()) {
                    again++;
                    System.out.printf(
                            "%s %s: %d %s in run %d while others were busy%n",
                            id, what, figure, unit, round);
                } else {
                    worst = Math.max(worst, figure);
                }
            }
            report(new Outcome(worst, allowed, unit, times, again));
        }
    }

    /// A row that itself keeps the machine busy, and accounts for what others do: nothing is
    /// measured again.
    void withinDespiteItself(Duration bound, int times, Trial<Duration> trial) throws Exception {
        Duration worst = Duration.ZERO;
        for (int round = 0; round < times; round++) {
            Duration took = measured(trial, round, times);
            worst = took.compareTo(worst) > 0 ? took : worst;
        }
        report(new Outcome(worst.toMillis(), bound.toMillis(), "ms", times, 0));
    }

    /// `times` runs end as they must. A trial asserts what it sees.
    void holds(int times, Trial<?> trial) throws Exception {
        for (int round = 0; round < times; round++) {
            measured(trial, round, times);
        }
        report(new Outcome(0, 0, "violations", times, 0));
    }

    /// A figure that was counted is not over `bound`.
    void atMost(String unit, long measured, long bound, int times) {
        report(new Outcome(measured, bound, unit, times, 0));
    }

    private <T> T measured(Trial<T> trial, int round, int times) throws Exception {
        try {
            return trial.run(round);
        } catch (Throwable e) {
            System.out.printf(
                    "%s %s  FAILED in run %d of %d, seed %d: %s%n",
                    id, what, round, times, SEED, e);
            throw e;
        }
    }

    /// @param again how often a time was measured again
    private record Outcome(long worst, long bound, String unit, int times, int again) {
        boolean isGood() {
            return worst <= bound;
        }
    }

    private void report(Outcome outcome) {
        String load = SpinningProcesses.loadAverage();
        System.out.printf(
                "%s %-52s worst %6d %s  bound %6d  n=%d%s  load %s  %s%n",
                id,
                what,
                outcome.worst(),
                outcome.unit(),
                outcome.bound(),
                outcome.times(),
                outcome.again() == 0 ? "" : " (+" + outcome.again() + " while others were busy)",
                load,
                outcome.isGood() ? "ok" : "FAILED");
        FaultLog.append(
                """
                {"row":"%s","what":"%s","measured":%d,"bound":%d,"unit":"%s","n":%d,"again":%d,\
                "load":%s,"full":%s,"seed":%d,"pass":%s}\
                """
                        .formatted(
                                id,
                                what,
                                outcome.worst(),
                                outcome.bound(),
                                outcome.unit(),
                                outcome.times(),
                                outcome.again(),
                                load,
                                FULL,
                                SEED,
                                outcome.isGood()));
        assertThat(outcome.worst())
                .as("%s %s, %s", id, what, outcome.unit())
                .isLessThanOrEqualTo(outcome.bound());
    }
}

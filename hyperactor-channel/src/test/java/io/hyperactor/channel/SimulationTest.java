package io.hyperactor.channel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongFunction;
import java.util.stream.LongStream;

/// Links in bad weather, by seed: see [Simulation]. More seeds: `-Dsimulation.seeds=100000`; one
/// again: `-Dsimulation.seed=N`.
final class SimulationTest {
    private static final int SEEDS = Integer.getInteger("simulation.seeds", 2000);
    private static final int MUTANT_SEEDS = 10_000;

    private static final long FIRST = Long.getLong("simulation.seed", 1);

    private static String again(long seed, String test) {
        return ("seed %d; again: ./mvnw -o -pl hyperactor-channel -am test"
                        + " -Dtest=SimulationTest#%s -Dsimulation.seed=%d"
                        + " -Dsimulation.seeds=1")
                .formatted(seed, test, seed);
    }

    private static Simulation.Outcome right(
            long seed, String test, LongFunction<Simulation.Outcome> run) {
        Simulation.Outcome outcome;
        try {
            outcome = run.apply(seed);
        } catch (RuntimeException | Error e) {
            throw new AssertionError("threw: " + again(seed, test), e);
        }
        assertThat(outcome.wrongs()).as("%s", again(seed, test)).isEmpty();
        return outcome;
    }

    private static List<Simulation.Outcome> allRight(
            int seeds, String test, LongFunction<Simulation.Outcome> run) {
        return new ArrayList<>(
                LongStream.range(FIRST, FIRST + seeds)
                        .parallel()
                        .mapToObj(seed -> right(seed, test, run))
                        .toList());
    }

    private static Set<String> seen(List<Simulation.Outcome> outcomes) {
        Set<String> seen = new TreeSet<>();
        outcomes.forEach(outcome -> seen.addAll(outcome.seen()));
        return seen;
    }

    @Test
    void whateverBreaksEachFrameHasOneTrueOutcome() {
        List<Simulation.Outcome> outcomes =
                allRight(SEEDS, "whateverBreaksEachFrameHasOneTrueOutcome", Simulation::run);
        if (SEEDS > 100) { // else the weather was too fine to show anything
            assertThat(outcomes.stream().mapToLong(Simulation.Outcome::sent).sum())
                    .isGreaterThan(10L * SEEDS);
            assertThat(outcomes.stream().mapToLong(Simulation.Outcome::connections).sum())
                    .isGreaterThan(3L * SEEDS);
            assertThat(outcomes.stream().mapToLong(Simulation.Outcome::unknown).sum())
                    .isGreaterThan(SEEDS / 10);
            assertThat(seen(outcomes))
                    .contains("retry", "suspect", "recovered")
                    .contains("ClosedHere", "PeerClosed", "PeerGone", "SessionLost")
                    .contains("DialFailed", "AckTimedOut")
                    .doesNotContain("ProtocolViolation", "Rejected");
        }
    }

    @Test
    void whereLengthsAreGarbledNothingIsLostUnnoticedOrTwiceAndAllEnds() {
        List<Simulation.Outcome> outcomes =
                allRight(
                        SEEDS / 4 + 1,
                        "whereLengthsAreGarbledNothingIsLostUnnoticedOrTwiceAndAllEnds",
                        Simulation::runGarbling);
        if (SEEDS > 100) {
            assertThat(seen(outcomes)).contains("ProtocolViolation", "Rejected");
        }
    }

    @Test
    void theSameSeedIsTheSameRun() {
        for (long seed = 1; seed <= 50; seed++) {
            assertThat(Simulation.run(seed)).isEqualTo(Simulation.run(seed));
            assertThat(Simulation.runGarbling(seed)).isEqualTo(Simulation.runGarbling(seed));
        }
        assertThat(Simulation.run(1).trace()).isNotEqualTo(Simulation.run(2).trace());
    }

    @ParameterizedTest
    @EnumSource(Mutant.class)
    void aPlantedBugIsFound(Mutant mutant) throws Exception {
        Class<?> mutated =
                new PlantedClasses(Simulation.class.getPackageName(), mutant.edits())
                        .loadClass(Simulation.class.getName());
        Method firstWrong = mutated.getDeclaredMethod("firstWrong", boolean.class, long.class);
        firstWrong.setAccessible(true);
        boolean garbles = mutant.isOfGarbledLengths();
        long first = mutant.firstSeed();
        for (long seed = first; seed < first + MUTANT_SEEDS; seed++) {
            String wrong = (String) firstWrong.invoke(null, garbles, seed);
            if (!wrong.isEmpty()) {
                assertThat(Simulation.firstWrong(garbles, seed)).as("without it").isEmpty();
                System.out.println(mutant + " found by seed " + seed + ": " + wrong);
                return;
            }
        }
        throw new AssertionError(
                mutant + " was not found in " + MUTANT_SEEDS + " seeds from " + first);
    }
}

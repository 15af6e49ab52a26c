package io.hyperactor.channel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.HashSet;
import java.util.Set;

/// Sessions in bad weather, by seed: see [Simulation]. More seeds: `-Dsimulation.seeds=100000`; one
/// again: `-Dsimulation.seed=N`.
final class SimulationTest {
    private static final int SEEDS = Integer.getInteger("simulation.seeds", 2000);
    private static final int MUTANT_SEEDS = 10_000;

    private static final long FIRST = Long.getLong("simulation.seed", 1);

    private static void assertRight(long seed, Simulation.Outcome outcome) {
        assertThat(outcome.wrongs())
                .as(
                        "seed %d; again: ./mvnw -o -pl hyperactor-channel -am test"
                                + " -Dtest=SimulationTest -Dsimulation.seed=%d -Dsimulation.seeds=1",
                        seed, seed)
                .isEmpty();
    }

    @Test
    void whateverBreaksEachFrameHasOneTrueOutcome() {
        long sent = 0;
        long unknown = 0;
        long connections = 0;
        Set<String> seen = new HashSet<>();
        for (long seed = FIRST; seed < FIRST + SEEDS; seed++) {
            Simulation.Outcome outcome = Simulation.run(seed, Mutant.NONE);
            assertRight(seed, outcome);
            sent += outcome.sent();
            unknown += outcome.unknown();
            connections += outcome.connections();
            seen.addAll(outcome.seen());
        }
        if (SEEDS > 100) { // else the weather was too fine to show anything
            assertThat(sent).isGreaterThan(10L * SEEDS);
            assertThat(connections).isGreaterThan(3L * SEEDS);
            assertThat(unknown).isGreaterThan(SEEDS / 10);
            assertThat(seen)
                    .contains("retry", "suspect", "recovered")
                    .contains("ClosedHere", "PeerClosed", "ConnectionLost", "SessionLost")
                    .contains("DialFailed", "AckTimedOut")
                    .doesNotContain("ProtocolViolation", "Rejected");
        }
    }

    @Test
    void theSameSeedIsTheSameRun() {
        for (long seed = 1; seed <= 50; seed++) {
            assertThat(Simulation.run(seed, Mutant.NONE))
                    .isEqualTo(Simulation.run(seed, Mutant.NONE));
        }
        assertThat(Simulation.run(1, Mutant.NONE).trace())
                .isNotEqualTo(Simulation.run(2, Mutant.NONE).trace());
    }

    @ParameterizedTest
    @EnumSource(value = Mutant.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void aPlantedBugIsFound(Mutant mutant) {
        for (long seed = 1; seed <= MUTANT_SEEDS; seed++) {
            Simulation.Outcome outcome = Simulation.run(seed, mutant);
            if (!outcome.wrongs().isEmpty()) {
                System.out.println(
                        mutant + " found by seed " + seed + ": " + outcome.wrongs().getFirst());
                return;
            }
        }
        throw new AssertionError(mutant + " was not found in " + MUTANT_SEEDS + " seeds");
    }
}

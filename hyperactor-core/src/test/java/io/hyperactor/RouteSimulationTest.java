package io.hyperactor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.lang.reflect.Method;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// Routers, hosts and procs in bad weather, by seed: see [RouteSimulation]. More seeds:
/// `-Dsimulation.seeds=100000`; one again: `-Dsimulation.seed=N`, and `-Dsimulation.story=true` to
/// read what happens.
@Timeout(value = 2, unit = TimeUnit.HOURS) // of many seeds
final class RouteSimulationTest {
    private static final int SEEDS = Integer.getInteger("simulation.seeds", 1000);
    private static final long FIRST = Long.getLong("simulation.seed", 1);
    private static final int BUG_SEEDS = 10_000;

    private static String again(long seed) {
        return ("seed %d; again: ./mvnw -o -pl hyperactor-core -am test"
                        + " -Dtest=RouteSimulationTest -Dsimulation.seed=%d"
                        + " -Dsimulation.seeds=1 -Dsimulation.story=true")
                .formatted(seed, seed);
    }

    private static RouteSimulation.Outcome right(long seed) {
        RouteSimulation.Outcome outcome;
        try {
            outcome = RouteSimulation.run(seed);
        } catch (RuntimeException | Error e) {
            throw new AssertionError("threw: " + again(seed), e);
        }
        assertThat(outcome.wrongs()).as("%s", again(seed)).isEmpty();
        return outcome;
    }

    @Test
    void whateverDiesEachMessageHasOneTrueOutcome() {
        long handled = 0;
        long inDoubt = 0;
        Map<DeliveryFailure.Reason, Integer> reasons = new EnumMap<>(DeliveryFailure.Reason.class);
        Map<Letter.Answer.Kind, Integer> answers = new EnumMap<>(Letter.Answer.Kind.class);
        for (long seed = FIRST; seed < FIRST + SEEDS; seed++) {
            RouteSimulation.Outcome outcome = right(seed);
            handled += outcome.counts().handled();
            inDoubt += outcome.counts().inDoubt();
            outcome.counts()
                    .reasons()
                    .forEach((why, many) -> reasons.merge(why, many, Integer::sum));
            outcome.counts()
                    .answers()
                    .forEach((how, many) -> answers.merge(how, many, Integer::sum));
        }
        if (SEEDS > 100) { // else there was too little to see
            assertThat(handled).isGreaterThan(10L * SEEDS);
            assertThat(inDoubt).isGreaterThan(SEEDS / 10);
            assertThat(reasons)
                    .containsKeys(
                            DeliveryFailure.Reason.ACTOR_NOT_EXIST,
                            DeliveryFailure.Reason.ACTOR_FAILED,
                            DeliveryFailure.Reason.CHANNEL_CLOSED,
                            DeliveryFailure.Reason.PEER_GONE,
                            DeliveryFailure.Reason.PEER_RESTARTED,
                            DeliveryFailure.Reason.DIAL_FAILED,
                            DeliveryFailure.Reason.NO_ROUTE,
                            DeliveryFailure.Reason.FRAME_TOO_LARGE,
                            DeliveryFailure.Reason.QUEUE_FULL,
                            DeliveryFailure.Reason.EXPIRED,
                            DeliveryFailure.Reason.FORBIDDEN,
                            DeliveryFailure.Reason.PROC_DIED);
            assertThat(answers)
                    .containsKeys(
                            Letter.Answer.Kind.ANSWERED,
                            Letter.Answer.Kind.CAME_BACK,
                            Letter.Answer.Kind.TIMED_OUT,
                            Letter.Answer.Kind.HANDLER_FAILED);
        }
    }

    @Test
    void theSameSeedIsTheSameRun() {
        for (long seed = 1; seed <= 20; seed++) {
            assertThat(RouteSimulation.run(seed)).isEqualTo(RouteSimulation.run(seed));
        }
        assertThat(RouteSimulation.run(1).trace()).isNotEqualTo(RouteSimulation.run(2).trace());
    }

    @ParameterizedTest
    @EnumSource(RouteBug.class)
    void aPlantedBugIsFound(RouteBug bug) throws Exception {
        Method run =
                bug.load()
                        .loadClass(RouteSimulation.class.getName())
                        .getDeclaredMethod("wrongs", long.class);
        run.setAccessible(true);
        for (long seed = FIRST; seed < FIRST + BUG_SEEDS; seed++) {
            List<?> wrongs = (List<?>) run.invoke(null, seed);
            if (!wrongs.isEmpty()) {
                right(seed); // or it was found by chance
                System.out.println(bug + " found by seed " + seed + ": " + wrongs.getFirst());
                return;
            }
        }
        throw new AssertionError(bug + " was not found in " + BUG_SEEDS + " seeds from " + FIRST);
    }
}

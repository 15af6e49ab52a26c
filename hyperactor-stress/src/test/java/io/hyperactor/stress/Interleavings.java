package io.hyperactor.stress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Validate;

import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Runs operations of a small class at the same time, switching threads at every access to shared
/// memory that it can think of but within the JDK's own queues, and compares what they give with
/// what they give one after the other.
///
/// `-Dstress.factor=…` tries so many times as many.
public final class Interleavings {
    private static final int FACTOR = Integer.getInteger("stress.factor", 1);
    private static final int FACTOR_MAX = 10; // small operations have no more interleavings
    private static final String NUMBERS_AS_BYTES = "io.hyperactor.channel.Protocol"; // not followed
    private static final int SCENARIOS = 4;
    private static final int INTERLEAVINGS = 100;
    private static final int SCENARIOS_UNTIL_CAUGHT = 100;

    private Interleavings() {}

    /// Fails if two operations of `type` can come into each other's way.
    ///
    /// @param type a class with methods that are marked as operations
    /// @param threads how many run them at the same time
    public static void check(Class<?> type, int threads) {
        options(type, threads).check(type);
    }

    /// Fails unless they are seen to: so that a check which sees nothing is noticed.
    public static void assertCaught(Class<?> type, int threads) {
        var options =
                options(type, threads)
                        .iterations(SCENARIOS_UNTIL_CAUGHT)
                        .minimizeFailedScenario(false);
        assertThat(catchThrowable(() -> options.check(type)))
                .as("a planted bug: %s", type.getSimpleName())
                .isInstanceOf(LincheckAssertionError.class);
    }

    private static ModelCheckingOptions options(Class<?> type, int threads) {
        // An operation behind the others could make good what the end is checked for.
        boolean endIsChecked =
                Arrays.stream(type.getMethods())
                        .anyMatch(method -> method.isAnnotationPresent(Validate.class));
        return new ModelCheckingOptions()
                .threads(threads)
                .actorsBefore(1)
                .actorsPerThread(2)
                .actorsAfter(endIsChecked ? 0 : 1)
                .addGuarantee(
                        ManagedStrategyGuaranteeKt.forClasses(
                                        CompletableFuture.class.getName(),
                                        ConcurrentLinkedQueue.class.getName(),
                                        NUMBERS_AS_BYTES)
                                .allMethods()
                                .treatAsAtomic())
                .iterations(SCENARIOS * FACTOR)
                .invocationsPerIteration(INTERLEAVINGS * Math.min(FACTOR, FACTOR_MAX));
    }
}

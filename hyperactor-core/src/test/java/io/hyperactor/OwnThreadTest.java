package io.hyperactor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

final class OwnThreadTest {
    private final AtomicInteger runs = new AtomicInteger();

    static List<Throwable> failures() {
        return List.of(
                new OutOfMemoryError("on purpose"), new RejectedExecutionException("on purpose"));
    }

    private static void fail(Throwable failure) {
        if (failure instanceof Error error) {
            throw error;
        }
        throw (RuntimeException) failure;
    }

    @Test
    void aTaskRunsOnAVirtualThreadOfItsName() {
        CompletableFuture<Thread> ran = new CompletableFuture<>();
        assertThat(OwnThread.starts("name", () -> ran.complete(Thread.currentThread()))).isTrue();
        assertThat(Waiting.get(ran).isVirtual()).isTrue();
        assertThat(Waiting.get(ran).getName()).isEqualTo("name");
    }

    @ParameterizedTest
    @MethodSource("failures")
    void whatIsNotStartedNeverRuns(Throwable failure) {
        AtomicReference<Runnable> taken = new AtomicReference<>();
        boolean starts =
                OwnThread.starts(
                        (_, task) -> {
                            taken.set(task);
                            fail(failure);
                        },
                        "name",
                        runs::incrementAndGet);
        assertThat(starts).isFalse();
        taken.get().run(); // the scheduler had it, and comes late
        assertThat(runs).hasValue(0);
    }

    @ParameterizedTest
    @MethodSource("failures")
    void whatRunsThoughItsStartFailedRunsOnce(Throwable failure) {
        boolean starts =
                OwnThread.starts(
                        (_, task) -> {
                            task.run();
                            fail(failure);
                        },
                        "name",
                        runs::incrementAndGet);
        assertThat(starts).isTrue();
        assertThat(runs).hasValue(1);
    }
}

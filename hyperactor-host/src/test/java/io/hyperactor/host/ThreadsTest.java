package io.hyperactor.host;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

class ThreadsTest {
    private static final int FAILURES = 3;

    private final AtomicInteger runs = new AtomicInteger();
    private final CountDownLatch started = new CountDownLatch(1);
    private int left = FAILURES;

    private static void fail(boolean hasMemory) {
        if (hasMemory) {
            throw new RejectedExecutionException("on purpose");
        }
        throw new OutOfMemoryError("on purpose");
    }

    private void startAtLast(Consumer<Runnable> starter) throws InterruptedException {
        Threads.startAtLast(starter, runs::incrementAndGet);
        assertThat(started.await(1, TimeUnit.MINUTES)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatCannotBeStartedIsStartedLater(boolean hasMemory) throws Exception {
        startAtLast(task -> {
            if (left-- > 0) {
                fail(hasMemory);
            }
            task.run();
            started.countDown();
        });
        assertThat(runs).hasValue(1);
    }

    @Test
    void whatRunsThoughItsStartFailedRunsOnce() throws Exception {
        startAtLast(task -> {
            task.run();
            if (left-- > 0) {
                fail(false);
            }
            started.countDown();
        });
        assertThat(runs).hasValue(1);
    }
}

package io.hyperactor.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;

class FileThreadsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final AtomicInteger failures = new AtomicInteger();
    private final FileThreads threads =
            new FileThreads(task -> {
                if (failures.getAndDecrement() > 0) {
                    throw new OutOfMemoryError("unable to create native thread");
                }
                return Thread.ofVirtual().unstarted(task);
            });

    @Test
    void whatIsFoundIsSaid() throws IOException {
        assertFinds();
    }

    private void assertFinds() throws IOException {
        var look = new FutureTask<>(() -> "it");
        threads.begin(look);
        assertThat(FileThreads.found(look, PATIENCE)).isEqualTo("it");
    }

    @Test
    void aFileSystemThatDoesNotAnswerIsAnError() throws IOException {
        var answer = new CountDownLatch(1);
        var look =
                new FutureTask<>(() -> {
                    answer.await();
                    return "it";
                });
        threads.begin(look);
        assertThatThrownBy(() -> FileThreads.found(look, Duration.ofMillis(1)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("does not answer");
        answer.countDown();
    }

    @Test
    void whatCannotBeDoneForWantOfAThreadIsOver() throws IOException {
        failures.set(1);
        var look = new FutureTask<>(() -> "it");
        assertThatThrownBy(() -> threads.begin(look))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("EAGAIN");
        assertThat(look).isCancelled(); // whoever waits for it is told
        assertFinds();
    }
}

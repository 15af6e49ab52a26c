package io.hyperactor;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.lang.management.ManagementFactory;
import java.util.concurrent.CountDownLatch;

/// What a message costs in memory that must be collected.
final class AllocationTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int MESSAGES = 20_000;
    private static final int ITEM_BYTES = 24;
    private static final int NODE_BYTES = 32;
    private static final int ONCE_BYTES = 64 * 1024; // classes, threads' own things

    private final Scene scene = new Scene();

    @AfterEach
    void end() {
        scene.close();
    }

    private static long allocated() {
        return THREADS.getCurrentThreadAllocatedBytes();
    }

    /// Sums up what is allocated from one message to the next, where one thread handles both.
    private static final class Handling {
        private @Nullable Thread thread;
        private long last;
        private long sum;

        void message() {
            if (thread == Thread.currentThread()) {
                sum += allocated() - last;
            }
            thread = Thread.currentThread();
            last = allocated();
        }
    }

    @Test
    void aLocalTellAllocatesTheMessageAndOneNodeAndItsHandlingNothing() {
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);
        Handling handling = new Handling();
        ActorRef<Work> actor =
                scene.spawn(
                                "actor",
                                (cx, message) -> {
                                    long value = ((Work.Item) message).value();
                                    if (value == 0) {
                                        Waiting.on(release);
                                    }
                                    handling.message();
                                    if (value == MESSAGES - 1) {
                                        done.countDown();
                                    }
                                })
                        .ref();
        scene.count(actor, 0, 1);
        long before = allocated();
        scene.count(actor, 1, MESSAGES);
        long sending = allocated() - before;
        release.countDown();
        Waiting.on(done);
        assertThat(sending)
                .isLessThanOrEqualTo((long) MESSAGES * (ITEM_BYTES + NODE_BYTES) + ONCE_BYTES);
        assertThat(handling.sum).isLessThanOrEqualTo(ONCE_BYTES);
    }
}

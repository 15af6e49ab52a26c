package io.hyperactor;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.lang.management.ManagementFactory;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

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

    @Test
    void aLocalTellAllocatesTheMessageAndOneNode() {
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);
        AtomicLong atFirst = new AtomicLong();
        AtomicLong handling = new AtomicLong();
        ActorRef<Work> actor =
                scene.spawn(
                                "actor",
                                (cx, message) -> {
                                    long value = ((Work.Item) message).value();
                                    if (value == 0) {
                                        Waiting.on(release); // may change the thread
                                    } else if (value == MESSAGES - 64) { // in the last batch
                                        atFirst.set(allocated());
                                    } else if (value == MESSAGES - 1) {
                                        handling.set(allocated() - atFirst.get());
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
    }
}

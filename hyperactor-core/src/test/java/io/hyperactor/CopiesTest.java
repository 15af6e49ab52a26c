package io.hyperactor;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;

import io.hyperactor.wire.Transport;

import org.junit.jupiter.api.Test;

import java.lang.management.ManagementFactory;
import java.util.concurrent.Semaphore;

/// How much new memory the bytes of a message take on their way, in all of the process, which has
/// both ends. What they are copied into but for the message that arrives is used again.
final class CopiesTest extends OnePair {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int BYTES = 1 << 20;
    private static final int MESSAGES = 50;

    /// Of these the runtime knows nothing but that they are bytes.
    record Load(byte[] bytes) {}

    @Test
    void theBytesOfAMessageTakeNewMemoryOnceOnTheirWay() throws Exception {
        pair(Transport.UNIX);
        Semaphore handled = new Semaphore(0);
        ActorRef<Load> sink =
                pair.there
                        .proc
                        .spawn(
                                "sink",
                                ActorType.of(
                                        "sink", Load.class, () -> (cx, load) -> handled.release()))
                        .ref();
        Load load = new Load(new byte[BYTES]);
        send(sink, load, handled); // what is made once
        long before = THREADS.getTotalThreadAllocatedBytes();
        send(sink, load, handled);
        double each = (double) (THREADS.getTotalThreadAllocatedBytes() - before) / MESSAGES;
        System.out.printf("%s: %.2f times the bytes%n", getClass().getSimpleName(), each / BYTES);
        assertThat(each).isBetween(1.0 * BYTES, 1.25 * BYTES);
    }

    private void send(ActorRef<Load> sink, Load load, Semaphore handled)
            throws InterruptedException {
        for (int i = 0; i < MESSAGES; i++) {
            pair.here.client.send(sink, load);
            handled.acquire();
        }
    }
}

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
    private static final int SMALL_BYTES = 64;
    private static final int SMALL_MESSAGES = 20_000;
    private static final double SMALL_MOST = 1024; // by both ends, with the message itself twice

    /// Of these the runtime knows nothing but that they are bytes.
    record Load(byte[] bytes) {}

    @Test
    void theBytesOfAMessageTakeNewMemoryOnceOnTheirWay() throws Exception {
        Semaphore handled = new Semaphore(0);
        ActorRef<Load> sink = sink(handled);
        Load load = new Load(new byte[BYTES]);
        send(sink, load, handled); // what is made once
        long before = THREADS.getTotalThreadAllocatedBytes();
        send(sink, load, handled);
        double each = (double) (THREADS.getTotalThreadAllocatedBytes() - before) / MESSAGES;
        System.out.printf("%s: %.2f times the bytes%n", getClass().getSimpleName(), each / BYTES);
        assertThat(each).isBetween(1.0 * BYTES, 1.25 * BYTES);
    }

    @Test
    void aSmallMessageTakesLittleNewMemory() throws Exception {
        Semaphore handled = new Semaphore(0);
        ActorRef<Load> sink = sink(handled);
        stream(sink, handled); // what is made once, and is slow and wasteful at first
        stream(sink, handled);
        long before = THREADS.getTotalThreadAllocatedBytes();
        stream(sink, handled);
        double each = (double) (THREADS.getTotalThreadAllocatedBytes() - before) / SMALL_MESSAGES;
        System.out.printf("%s: %.0f bytes a small one%n", getClass().getSimpleName(), each);
        assertThat(each).isLessThan(SMALL_MOST);
    }

    private ActorRef<Load> sink(Semaphore handled) {
        pair(Transport.UNIX);
        ActorType<Load> type =
                ActorType.of("sink", Load.class, () -> (cx, load) -> handled.release());
        return pair.there.proc.spawn("sink", type).ref();
    }

    private void stream(ActorRef<Load> sink, Semaphore handled) throws InterruptedException {
        for (int i = 0; i < SMALL_MESSAGES; i++) {
            pair.here.client.send(sink, new Load(new byte[SMALL_BYTES]));
        }
        handled.acquire(SMALL_MESSAGES);
    }

    private void send(ActorRef<Load> sink, Load load, Semaphore handled)
            throws InterruptedException {
        for (int i = 0; i < MESSAGES; i++) {
            pair.here.client.send(sink, load);
            handled.acquire();
        }
    }
}

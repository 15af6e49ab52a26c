package io.hyperactor.channel;

import io.hyperactor.stress.Interleavings;

import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/// Who waits for an acknowledgement hears of it, also when it comes while he begins to wait.
final class FlushesInterleavingsTest {
    @Test
    void aFlushEndsWhenItsFramesAreAcknowledged() {
        Interleavings.check(Real.class, 2);
    }

    @Test
    void whoDoesNotLookASecondTimeIsCaught() {
        Interleavings.assertCaught(LooksOnce.class, 2);
    }

    /// A sender that flushes, as [SessionTx] does, and the thread that hears acknowledgements.
    public static class Real {
        private final Flushes flushes = new Flushes();
        private final List<CompletableFuture<Void>> flushed = new ArrayList<>();
        private final List<Integer> upTo = new ArrayList<>();
        private final AtomicInteger offered = new AtomicInteger();
        private final AtomicInteger acknowledged = new AtomicInteger();

        @Operation(nonParallelGroup = "sender")
        public void sendAndFlush() {
            int last = offered.incrementAndGet();
            CompletableFuture<Void> future = flushes.add(last);
            upTo.add(last);
            flushed.add(future);
            lookAgain(future, last);
        }

        void lookAgain(CompletableFuture<Void> future, int last) {
            if (acknowledged.get() >= last) {
                future.complete(null);
            }
        }

        @Operation(nonParallelGroup = "loop")
        public void acknowledge() {
            acknowledged.set(offered.get());
            flushes.acknowledged(acknowledged.get());
        }

        /// When nothing more happens.
        @Validate
        public void allAreTold() {
            for (int i = 0; i < flushed.size(); i++) {
                if (flushed.get(i).isDone() != (upTo.get(i) <= acknowledged.get())) {
                    throw new IllegalStateException("flush up to " + upTo.get(i));
                }
            }
        }
    }

    /// Does not see what was acknowledged before it began to wait.
    public static class LooksOnce extends Real {
        @Override
        void lookAgain(CompletableFuture<Void> future, int last) {}
    }
}

package io.hyperactor.channel;

import io.hyperactor.stress.Interleavings;

import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

import java.util.concurrent.atomic.AtomicInteger;

/// Senders that publish and then ask for the turn: nothing stays unwritten, and one writes at a
/// time.
final class WriteTurnInterleavingsTest {
    @Test
    void whatIsPublishedIsWrittenByOneAtATime() {
        Interleavings.check(Real.class, 3);
    }

    @Test
    void anOwnerThatLooksTooLateIsCaught() {
        Interleavings.assertCaught(LooksTooLate.class, 2);
    }

    @Test
    void anOwnerThatGoesWhateverWasAskedIsCaught() {
        Interleavings.assertCaught(GoesAnyway.class, 2);
    }

    /// A link that is written by whoever has the turn.
    public abstract static class Link {
        private final AtomicInteger published = new AtomicInteger();
        private int written;
        private int owners;

        abstract boolean take();

        abstract void look();

        abstract boolean release();

        @Operation
        public void send() {
            published.incrementAndGet();
            if (!take()) {
                return;
            }
            do {
                if (owners++ != 0) {
                    throw new IllegalStateException("two owners");
                }
                look();
                written = published.get();
                owners--;
            } while (!release());
        }

        /// When nobody sends any more.
        @Validate
        public void nothingIsLeft() {
            if (written != published.get()) {
                throw new IllegalStateException(written + " of " + published + " written");
            }
        }
    }

    /// As it is.
    public static class Real extends Link {
        private final WriteTurn turn = new WriteTurn();

        @Override
        boolean take() {
            return turn.take();
        }

        @Override
        void look() {
            turn.look();
        }

        @Override
        boolean release() {
            return turn.release();
        }
    }

    /// Looks after it has read what is published.
    public static class LooksTooLate extends Real {
        @Override
        void look() {}

        @Override
        boolean release() {
            super.look();
            return super.release();
        }
    }

    /// Gives the turn up without comparing.
    public static class GoesAnyway extends Link {
        private final AtomicInteger state = new AtomicInteger();

        @Override
        boolean take() {
            return state.getAndIncrement() == 0;
        }

        @Override
        void look() {
            state.set(1);
        }

        @Override
        boolean release() {
            state.set(0);
            return true;
        }
    }
}

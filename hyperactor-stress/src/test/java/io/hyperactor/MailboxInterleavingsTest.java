package io.hyperactor;

import io.hyperactor.Mailbox.Node;
import io.hyperactor.Mailbox.Push;
import io.hyperactor.stress.Interleavings;

import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// Producers, the consumer, and whoever wakes or fences a mailbox, at the same time.
final class MailboxInterleavingsTest {
    private static final int ANY = 1 << 20;

    @Test
    void whatIsPushedPolledParkedAndWokenIsAsIfOneAfterTheOther() {
        Interleavings.check(Scheduled.class, 3);
    }

    @Test
    void theCopyThatBugsArePlantedInIsSoundWithoutThem() {
        Interleavings.check(Sound.class, 2);
    }

    @Test
    void aConsumerThatParksWithoutComparingIsCaught() {
        Interleavings.assertCaught(ParksBlindly.class, 2);
    }

    @Test
    void whatIsPushedWhileItIsClosedOrFencedIsAsIfOneAfterTheOther() {
        Interleavings.check(Shut.class, 3);
    }

    @Test
    void aConsumerThatOpensAFenceAgainIsCaught() {
        Interleavings.assertCaught(OpensFences.class, 2);
    }

    @Test
    void nothingIsRefusedWhileThereIsRoom() {
        Interleavings.check(Bounded.class, 2);
    }

    @Test
    void aProducerThatCountsTwiceWhatIsJustBeingTakenIsCaught() {
        Interleavings.assertCaught(CountsTwice.class, 2);
    }

    /// What an actor's mailbox is used for while it lives.
    public static class Scheduled {
        final Mailbox mailbox = new Mailbox(false);

        @Operation
        public Push push(@Param(gen = IntGen.class) int message) {
            return mailbox.push(new Node(message, Origin.NOWHERE), ANY);
        }

        @Operation
        public boolean wake() {
            return mailbox.wake();
        }

        @Operation(nonParallelGroup = "consumer")
        public Object poll() {
            Node node = mailbox.poll();
            return node == null ? "nothing" : node.message;
        }

        @Operation(nonParallelGroup = "consumer")
        public boolean park() {
            return mailbox.park();
        }
    }

    /// And when it ends.
    public static class Shut extends Scheduled {
        @Operation
        public List<Object> fence() {
            List<Object> messages = new ArrayList<>();
            for (Node node = mailbox.fence(); node != null; node = Mailbox.after(node)) {
                messages.add(node.message);
            }
            return messages;
        }

        @Operation(nonParallelGroup = "consumer")
        public void close() {
            mailbox.close();
        }

        @Operation(nonParallelGroup = "consumer")
        public boolean parkClosed() {
            return mailbox.parkClosed();
        }
    }

    /// One producer, which knows how many there can be at most.
    public abstract static class Counted {
        static final int LIMIT = 2;

        private int accepted;
        private final AtomicInteger polled = new AtomicInteger();

        abstract Push tryPush(Object message);

        abstract boolean tryPoll();

        @Operation(nonParallelGroup = "producer")
        public void push() {
            int most = accepted - polled.get();
            if (tryPush(accepted) != Push.FULL) {
                accepted++;
            } else if (most < LIMIT) {
                throw new IllegalStateException("full with " + most);
            }
        }

        @Operation(nonParallelGroup = "consumer")
        public void poll() {
            if (tryPoll()) {
                polled.incrementAndGet();
            }
        }
    }

    /// The mailbox itself.
    public static class Bounded extends Counted {
        private final Mailbox mailbox = new Mailbox(true);

        @Override
        Push tryPush(Object message) {
            return mailbox.push(new Node(message, Origin.NOWHERE), LIMIT);
        }

        @Override
        boolean tryPoll() {
            return mailbox.poll() != null;
        }
    }

    /// Adds what it saw before the consumer took it to what the consumer took.
    public static class CountsTwice extends Counted {
        private final PlantedMailbox mailbox = new PlantedMailbox(PlantedMailbox.Bug.COUNTS_TWICE);

        @Override
        Push tryPush(Object message) {
            return mailbox.push(message, LIMIT);
        }

        @Override
        boolean tryPoll() {
            return mailbox.poll() != null;
        }
    }

    /// A mailbox that may have a bug.
    public static class Planted {
        final PlantedMailbox mailbox;

        Planted(PlantedMailbox.Bug bug) {
            this.mailbox = new PlantedMailbox(bug);
        }

        @Operation
        public Push push() {
            return mailbox.push("message", ANY);
        }

        @Operation(nonParallelGroup = "consumer")
        public Object poll() {
            Object message = mailbox.poll();
            return message == null ? "nothing" : message;
        }
    }

    /// The copy as it should be.
    public static class Sound extends Planted {
        public Sound() {
            super(PlantedMailbox.Bug.NONE);
        }

        @Operation(nonParallelGroup = "consumer")
        public boolean park() {
            return mailbox.park();
        }

        @Operation
        public boolean fence() {
            return mailbox.fence();
        }
    }

    /// Parks although something has come meanwhile.
    public static class ParksBlindly extends Planted {
        public ParksBlindly() {
            super(PlantedMailbox.Bug.PARKS_BLINDLY);
        }

        @Operation(nonParallelGroup = "consumer")
        public boolean park() {
            return mailbox.park();
        }
    }

    /// Takes without looking whether it was fenced meanwhile.
    public static class OpensFences extends Planted {
        public OpensFences() {
            super(PlantedMailbox.Bug.OPENS_FENCES);
        }

        @Operation
        public boolean fence() {
            return mailbox.fence();
        }
    }
}

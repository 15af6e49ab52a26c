package io.hyperactor;

import io.hyperactor.Mailbox.Node;
import io.hyperactor.Mailbox.Push;
import io.hyperactor.stress.Interleavings;

import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.Validate;
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

    @Test
    void howManyWaitIsKnownWhoeverPushedThem() {
        Interleavings.check(Weighed.class, 3);
    }

    @Test
    void aProducerThatLosesARaceAndKeepsTheDepthsOfItsMessagesIsCaught() {
        Interleavings.assertCaught(KeepsDepths.class, 2);
    }

    /// The newer of two that are pushed together.
    private static Node pair(Object older, Object newer) {
        Node oldest = new Node(older, Origin.NOWHERE);
        oldest.follow(null);
        Node newest = new Node(newer, Origin.NOWHERE);
        newest.follow(oldest);
        return newest;
    }

    private static void addAll(Node first, List<Object> messages) {
        for (Node node = first; node != null; node = Mailbox.after(node)) {
            messages.add(node.message);
        }
    }

    /// What an actor's mailbox is used for while it lives.
    public static class Scheduled {
        final Mailbox mailbox = new Mailbox(false);

        @Operation
        public Push push(@Param(gen = IntGen.class) int message) {
            return mailbox.push(new Node(message, Origin.NOWHERE), ANY);
        }

        /// What came over a link together. With what was refused, the oldest first.
        @Operation
        public List<Object> pushAll(@Param(gen = IntGen.class) int message) {
            Node newest = pair(message, message + 1);
            Push push = mailbox.pushAll(newest);
            List<Object> outcome = new ArrayList<>(List.of(push));
            if (push == Push.CLOSED) {
                addAll(Mailbox.oldestFirst(newest), outcome);
            }
            return outcome;
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
            addAll(mailbox.fence(), messages);
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

        @Operation
        public Push pushAll() {
            return mailbox.pushAll(List.of("first", "second"));
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

    /// Any number of producers; when they and the consumer are done it is known how many wait.
    public abstract static class Depth {
        private final AtomicInteger waiting = new AtomicInteger();

        abstract void pushOne();

        abstract void pushTwo();

        abstract boolean tryPoll();

        abstract int depth();

        @Operation
        public void push() {
            pushOne();
            waiting.incrementAndGet();
        }

        @Operation
        public void pushAll() {
            pushTwo();
            waiting.addAndGet(2);
        }

        @Operation(nonParallelGroup = "consumer")
        public void poll() {
            if (tryPoll()) {
                waiting.decrementAndGet();
            }
        }

        @Validate
        public void eachCountsOnce() {
            if (depth() != waiting.get()) {
                throw new IllegalStateException(depth() + " instead of " + waiting.get());
            }
        }
    }

    /// The mailbox itself.
    public static class Weighed extends Depth {
        private final Mailbox mailbox = new Mailbox(true);

        @Override
        void pushOne() {
            mailbox.push(new Node("one", Origin.NOWHERE), ANY);
        }

        @Override
        void pushTwo() {
            mailbox.pushAll(pair("first", "second"));
        }

        @Override
        boolean tryPoll() {
            return mailbox.poll() != null;
        }

        @Override
        int depth() {
            return mailbox.depth();
        }
    }

    /// Does not look again how many lie under those that it pushes together.
    public static class KeepsDepths extends Depth {
        private final PlantedMailbox mailbox = new PlantedMailbox(PlantedMailbox.Bug.KEEPS_DEPTHS);

        @Override
        void pushOne() {
            mailbox.push("one", ANY);
        }

        @Override
        void pushTwo() {
            mailbox.pushAll(List.of("first", "second"));
        }

        @Override
        boolean tryPoll() {
            return mailbox.poll() != null;
        }

        @Override
        int depth() {
            return mailbox.depth();
        }
    }
}

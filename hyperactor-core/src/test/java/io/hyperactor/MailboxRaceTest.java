package io.hyperactor;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperactor.Mailbox.Node;
import io.hyperactor.Mailbox.Push;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;

/// What holds whoever comes first.
final class MailboxRaceTest {
    private static final int PRODUCERS = 2;
    private static final int MANY = 300;

    private final long seed = ThreadLocalRandom.current().nextLong();
    private final Random random = new Random(seed);
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    private record Message(int producer, int number) {}

    /// Runs all at the same moment and gives what they gave.
    private <T> List<T> together(List<Callable<T>> parts) {
        CountDownLatch start = new CountDownLatch(parts.size());
        List<Future<T>> running = new ArrayList<>();
        for (Callable<T> part : parts) {
            running.add(
                    threads.submit(() -> {
                        start.countDown();
                        Waiting.on(start);
                        return part.call();
                    }));
        }
        return running.stream().map(Waiting::get).toList();
    }

    private static void spin(int turns) {
        for (int i = 0; i < turns; i++) {
            Thread.onSpinWait();
        }
    }

    /// Pushes until `count` or until closed; gives how many were accepted.
    private static int produce(Mailbox mailbox, int producer, int count, Semaphore scheduled) {
        for (int i = 0; i < count; i++) {
            switch (mailbox.push(new Node(new Message(producer, i), Origin.NOWHERE), 1 << 20)) {
                case QUEUED -> {}
                case WAS_IDLE -> scheduled.release();
                case FULL -> throw new AssertionError("full");
                case CLOSED -> {
                    return i;
                }
            }
        }
        return count;
    }

    /// The same, but pushes up to `most` together.
    private static int produceTogether(
            Mailbox mailbox, int producer, int count, int most, Semaphore scheduled) {
        for (int i = 0; i < count; ) {
            Node newest = null;
            for (int end = Math.min(i + most, count); i < end; i++) {
                Node next = new Node(new Message(producer, i), Origin.NOWHERE);
                next.follow(newest);
                newest = next;
            }
            if (mailbox.pushAll(newest) == Push.WAS_IDLE) {
                scheduled.release();
            }
        }
        return count;
    }

    private static void takeAll(Mailbox mailbox, List<Object> into) {
        for (Node n = mailbox.poll(); n != null; n = mailbox.poll()) {
            into.add(n.message);
        }
    }

    private void assertEachOnceInOrder(List<Object> got, int[] accepted) {
        int[] next = new int[PRODUCERS];
        for (Object o : got) {
            Message message = (Message) o;
            assertThat(message.number).as("seed %d", seed).isEqualTo(next[message.producer]++);
        }
        assertThat(next).as("seed %d", seed).isEqualTo(accepted);
    }

    @Test
    void producersKeepTheirOrderAndOneActivationRunsAtATime() {
        int rounds = 150;
        for (int round = 0; round < rounds; round++) {
            int count = 1 + random.nextInt(2000);
            Mailbox mailbox = new Mailbox(false);
            Semaphore scheduled = new Semaphore(0);
            List<Object> got = new ArrayList<>();
            List<Callable<Integer>> parts = new ArrayList<>();
            for (int p = 0; p < PRODUCERS; p++) {
                int producer = p;
                int most = random.nextInt(5); // none: one by one
                parts.add(() ->
                        most == 0
                                ? produce(mailbox, producer, count, scheduled)
                                : produceTogether(mailbox, producer, count, most, scheduled));
            }
            parts.add(() -> {
                while (got.size() < PRODUCERS * count) {
                    scheduled.acquire(); // as a dispatcher would start an activation
                    assertThat(scheduled.availablePermits()).isZero();
                    do {
                        takeAll(mailbox, got);
                    } while (!mailbox.park());
                }
                return 0;
            });
            together(parts);
            assertEachOnceInOrder(got, new int[] {count, count});
            assertThat(scheduled.availablePermits()).isZero();
        }
    }

    @Test
    void whatIsPushedWhileItClosesIsEitherPolledOrRefused() {
        for (int round = 0; round < 1000; round++) {
            Mailbox mailbox = new Mailbox(true);
            List<Object> got = new ArrayList<>();
            int patience = random.nextInt(300);
            int before = random.nextInt(3);
            List<Callable<Integer>> parts = manyProducers(mailbox);
            parts.add(() -> {
                for (int i = 0; i < before; i++) {
                    takeAll(mailbox, got);
                    spin(patience);
                }
                mailbox.close();
                takeAll(mailbox, got);
                return 0;
            });
            assertEachOnceInOrder(got, accepted(together(parts)));
        }
    }

    @Test
    void whatIsPushedWhileItIsFencedIsPolledHandedOutOrRefused() {
        for (int round = 0; round < 300; round++) {
            Mailbox mailbox = new Mailbox(true);
            List<Object> got = new ArrayList<>();
            List<Object> fenced = new ArrayList<>();
            int patience = random.nextInt(400);
            List<Callable<Integer>> parts = manyProducers(mailbox);
            AtomicBoolean aborted = new AtomicBoolean();
            parts.add(() -> { // an activation that does not know yet
                do {
                    takeAll(mailbox, got);
                } while (!aborted.get());
                return 0;
            });
            parts.add(() -> {
                spin(patience);
                for (Node n = mailbox.fence(); n != null; n = Mailbox.after(n)) {
                    fenced.addFirst(n.message);
                }
                aborted.set(true);
                return 0;
            });
            int[] accepted = accepted(together(parts));
            takeAll(mailbox, got);
            assertThat(mailbox.push(new Node("late", Origin.NOWHERE), 9)).isEqualTo(Push.CLOSED);
            assertEachOnce(got, fenced, accepted);
        }
    }

    @Test
    void aFenceStaysShutAroundAConsumerThatIsJustTaking() {
        for (int round = 0; round < 300; round++) {
            Mailbox mailbox = new Mailbox(true);
            int patience = random.nextInt(2000);
            AtomicBoolean fenced = new AtomicBoolean();
            List<Integer> counts =
                    together(
                            List.<Callable<Integer>>of(
                                    () -> pushAndPoll(mailbox, fenced),
                                    () -> {
                                        spin(patience);
                                        Node handedOut = mailbox.fence();
                                        fenced.set(true);
                                        return chainLength(handedOut);
                                    }));
            assertThat(counts.getFirst()).as("seed %d", seed).isEqualTo(counts.getLast());
            assertThat(mailbox.push(new Node("late", Origin.NOWHERE), 9))
                    .as("seed %d, round %d", seed, round)
                    .isEqualTo(Push.CLOSED);
        }
    }

    /// How many were accepted and not polled.
    private static int pushAndPoll(Mailbox mailbox, AtomicBoolean end) {
        int missing = 0;
        while (!end.get()) {
            if (mailbox.push(new Node("mine", Origin.NOWHERE), 9) == Push.QUEUED) {
                missing++;
            }
            missing -= mailbox.poll() == null ? 0 : 1;
        }
        return missing - (mailbox.poll() == null ? 0 : 1);
    }

    private static int chainLength(Node first) {
        int length = 0;
        for (Node n = first; n != null; n = Mailbox.after(n)) {
            length++;
        }
        return length;
    }

    private List<Callable<Integer>> manyProducers(Mailbox mailbox) {
        List<Callable<Integer>> parts = new ArrayList<>();
        for (int p = 0; p < PRODUCERS; p++) {
            int producer = p;
            parts.add(() -> produce(mailbox, producer, MANY, new Semaphore(0)));
        }
        return parts;
    }

    private static int[] accepted(List<Integer> results) {
        return Arrays.copyOf(results.stream().mapToInt(n -> n).toArray(), PRODUCERS);
    }

    /// What was polled keeps each producer's order, what was fenced too, and no message is in both.
    private void assertEachOnce(List<Object> polled, List<Object> fenced, int[] accepted) {
        int[] seen = new int[PRODUCERS];
        for (List<Object> part : List.of(polled, fenced)) {
            int[] last = {-1, -1};
            for (Object o : part) {
                Message message = (Message) o;
                assertThat(message.number)
                        .as("seed %d", seed)
                        .isGreaterThan(last[message.producer]);
                last[message.producer] = message.number;
                seen[message.producer]++;
            }
        }
        assertThat(Collections.disjoint(Set.copyOf(polled), fenced)).as("seed %d", seed).isTrue();
        assertThat(seen).as("seed %d", seed).isEqualTo(accepted);
    }
}

package io.hyperactor.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

@Timeout(60)
class FeedTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final List<String> sent = new CopyOnWriteArrayList<>();

    private Feed<String> feed(int window, int waitingMax) {
        return new Feed<>(window, waitingMax, sent::add, n -> List.of("gap of " + n, "anew"));
    }

    private void awaitSent(String... items) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(sent).containsExactly(items));
    }

    private static void offer(Feed<String> feed, String... items) {
        for (String item : items) {
            feed.offer(item);
        }
    }

    @Test
    void whatWasOfferedBeforeItOpenedComesAfterTheFirstItems() {
        Feed<String> feed = feed(10, 10);
        offer(feed, "c");
        feed.open(List.of("a", "b"));
        offer(feed, "d");
        awaitSent("a", "b", "c", "d");
    }

    @Test
    void noMoreThanTheWindowIsOnItsWay() {
        Feed<String> feed = feed(2, 10);
        feed.open(List.of());
        offer(feed, "a", "b", "c", "d", "e");
        awaitSent("a", "b");
        feed.taken(1);
        awaitSent("a", "b", "c");
        feed.taken(3);
        awaitSent("a", "b", "c", "d", "e");
    }

    @Test
    void aNumberThatCannotBeChangesNothing() {
        Feed<String> feed = feed(1, 10);
        feed.open(List.of());
        offer(feed, "a", "b", "c");
        awaitSent("a");
        feed.taken(Long.MAX_VALUE);
        feed.taken(-1);
        feed.taken(1);
        awaitSent("a", "b");
        feed.taken(0);
        feed.taken(2);
        awaitSent("a", "b", "c");
    }

    @Test
    void whoIsTooSlowMissesSomeAndIsToldHowManyInTheirPlace() {
        Feed<String> feed = feed(1, 2);
        feed.open(List.of());
        offer(feed, "a");
        awaitSent("a");
        offer(feed, "b", "c", "lost", "lost too");
        feed.taken(1);
        awaitSent("a", "b");
        offer(feed, "lost as well"); // there is room, but the gap comes first
        for (int i = 2; i < 6; i++) {
            int count = i + 1;
            feed.taken(i);
            await().atMost(PATIENCE).until(() -> sent.size() == Math.min(count, 5));
        }
        awaitSent("a", "b", "c", "gap of 3", "anew");
        offer(feed, "d");
        awaitSent("a", "b", "c", "gap of 3", "anew", "d");
    }

    @Test
    void aSendThatWaitsHoldsUpNobodyAndTheOrderStays() throws Exception {
        var room = new Semaphore(0);
        var feed =
                new Feed<String>(
                        10,
                        10,
                        item -> {
                            room.acquireUninterruptibly();
                            sent.add(item);
                        },
                        _ -> List.of());
        feed.open(List.of("a"));
        offer(feed, "b", "c"); // would never return if it sent
        room.release(3);
        awaitSent("a", "b", "c");
    }

    @Test
    void afterASendThatThrowsNoneIsTried() throws Exception {
        var tried = new CountDownLatch(1);
        var feed =
                new Feed<String>(
                        10,
                        10,
                        item -> {
                            sent.add(item);
                            tried.countDown();
                            throw new IllegalStateException("gone");
                        },
                        _ -> List.of());
        feed.open(List.of("a", "b"));
        tried.await();
        offer(feed, "c");
        var other = new CountDownLatch(1); // a feed that began later has been through
        new Feed<String>(1, 1, _ -> other.countDown(), _ -> List.of()).open(List.of("x"));
        other.await();
        assertThat(sent).containsExactly("a");
    }

    @Test
    void aClosedFeedSendsNothing() {
        Feed<String> feed = feed(1, 10);
        feed.open(List.of("a", "b"));
        awaitSent("a");
        feed.close();
        feed.taken(1);
        offer(feed, "c");
        assertThat(sent).containsExactly("a");
    }

    @Test
    void itGoesOnWhenThereWasNoMemoryForItsThread() {
        AtomicInteger refusals = new AtomicInteger(3);
        Feed<String> feed =
                new Feed<>(
                        10,
                        10,
                        sent::add,
                        n -> List.of("gap of " + n),
                        task -> {
                            if (refusals.getAndDecrement() > 0) {
                                throw new OutOfMemoryError("unable to create a thread");
                            }
                            Thread.ofVirtual().start(task);
                        });
        feed.open(List.of("a"));
        awaitSent("a");
        offer(feed, "b");
        awaitSent("a", "b");
    }

    @Test
    void anItemForWhichThereWasNoMemoryIsMissed() {
        AtomicInteger failures = new AtomicInteger(1);
        Feed<String> feed =
                new Feed<>(
                        1,
                        10,
                        item -> {
                            if (failures.getAndDecrement() > 0) {
                                throw new OutOfMemoryError("as it may");
                            }
                            sent.add(item);
                        },
                        n -> List.of("gap of " + n));
        feed.open(List.of("a", "b"));
        awaitSent("b");
        feed.taken(1);
        awaitSent("b", "gap of 1");
    }

    @Test
    void howThingsAreIsNotMissedWhenThereWasNoMemoryForIt() {
        AtomicInteger failures = new AtomicInteger(1);
        Feed<String> feed =
                new Feed<>(
                        1,
                        10,
                        item -> {
                            if (failures.getAndDecrement() > 0) {
                                throw new OutOfMemoryError("as it may");
                            }
                            sent.add(item);
                        },
                        n -> List.of("gap of " + n));
        feed.open(List.of());
        feed.refresh(() -> List.of("a is", "b is"));
        awaitSent("b is");
        feed.taken(1);
        offer(feed, "event");
        awaitSent("b is", "event");
    }

    @Test
    void aGapThatCouldNotBeToldIsToldLater() {
        AtomicInteger failures = new AtomicInteger(1);
        Feed<String> feed =
                new Feed<>(
                        1,
                        1,
                        sent::add,
                        n -> {
                            if (failures.getAndDecrement() > 0) {
                                throw new OutOfMemoryError("as it may");
                            }
                            return List.of("gap of " + n);
                        });
        feed.open(List.of());
        offer(feed, "a");
        awaitSent("a");
        offer(feed, "b", "c");
        feed.taken(1);
        awaitSent("a", "b");
        feed.taken(2);
        awaitSent("a", "b", "gap of 1");
    }

    @Test
    void howThingsAreIsToldAgainWhenTheTakerHasRoomAndHasHadAllElse() {
        AtomicInteger asked = new AtomicInteger();
        Feed<String> feed = feed(2, 10);
        Supplier<List<String>> now = () -> List.of("now " + asked.incrementAndGet());
        feed.refresh(now); // not open yet
        feed.open(List.of("a"));
        awaitSent("a");
        feed.refresh(now);
        awaitSent("a", "now 1");
        feed.refresh(now); // no room
        feed.taken(1);
        feed.refresh(now);
        awaitSent("a", "now 1", "now 2");
        offer(feed, "b");
        feed.taken(1);
        feed.refresh(now); // another one waits
        feed.taken(3);
        awaitSent("a", "now 1", "now 2", "b");
        feed.close();
        feed.refresh(now);
        assertThat(asked).hasValue(2);
    }

    @Test
    void howThingsWereGivesWayToWhateverComesAndIsNotMissed() {
        Feed<String> feed = feed(1, 10);
        feed.open(List.of());
        feed.refresh(() -> List.of("a was", "b was"));
        awaitSent("a was");
        offer(feed, "event");
        feed.taken(1);
        awaitSent("a was", "event");
        feed.taken(2);
        feed.refresh(() -> {
            offer(feed, "another event");
            return List.of("a was again");
        });
        awaitSent("a was", "event", "another event");
        feed.taken(3);
        feed.refresh(() -> List.of("a is"));
        awaitSent("a was", "event", "another event", "a is");
    }

    @Test
    void onlyOneAtATimeLooksHowThingsAre() {
        Feed<String> feed = feed(2, 10);
        feed.open(List.of());
        AtomicInteger beside = new AtomicInteger();
        feed.refresh(() -> {
            feed.refresh(() -> List.of("beside " + beside.incrementAndGet()));
            return List.of("a is");
        });
        awaitSent("a is");
        assertThat(beside).hasValue(0);
    }

    @Test
    void aLookThatFailsIsNotTheLast() {
        Feed<String> feed = feed(2, 10);
        feed.open(List.of());
        assertThatIllegalStateException()
                .isThrownBy(() ->
                        feed.refresh(() -> {
                            throw new IllegalStateException("planned");
                        }));
        feed.refresh(() -> List.of("a is"));
        awaitSent("a is");
    }
}

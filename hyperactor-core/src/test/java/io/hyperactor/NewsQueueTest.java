package io.hyperactor;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.ProcId;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;

final class NewsQueueTest {
    private static final ProcId ONE = new ProcId(new ChannelAddress.Local(1), "one");
    private static final ProcId TWO = new ProcId(new ChannelAddress.Local(1), "two");

    private static final long FAULT = -1;
    private static final long NO_MEMORY = -2;

    private final NewsQueue queue =
            new NewsQueue(1000, Waiting.PATIENCE.multipliedBy(10), Clockwork.REAL);

    /// A way out that has room when told so.
    private static final class Way implements MailboxSender {
        final AtomicBoolean open = new AtomicBoolean();
        final List<Long> taken = new CopyOnWriteArrayList<>();
        volatile ProcId frozen = new ProcId(new ChannelAddress.Local(9), "nobody");

        @Override
        public boolean offer(Envelope envelope) {
            if (!open.get() || envelope.proc().equals(frozen)) {
                return false;
            }
            long number = (long) envelope.message(Protocols.of(Long.class));
            if (number == FAULT) {
                throw new IllegalStateException("on purpose");
            } else if (number == NO_MEMORY) {
                throw new OutOfMemoryError("on purpose");
            }
            taken.add(number);
            return true;
        }

        @Override
        public CompletableFuture<Void> flush() {
            return CompletableFuture.completedFuture(null);
        }
    }

    private static Envelope news(ProcId to, long number) {
        return new ObjectEnvelope(
                Origin.NOWHERE,
                Address.of(ONE.actor("lost", 0)),
                Address.of(to.actor("sender", 0)),
                Returned.PORT,
                0,
                0,
                true,
                number,
                Protocols.of(Long.class),
                null);
    }

    @Test
    void whatFindsRoomGoesAtOnce() {
        Way way = new Way();
        way.open.set(true);
        queue.send(news(ONE, 1), 1, way);
        assertThat(way.taken).containsExactly(1L);
        assertThat(queue.drained(way)).isDone();
    }

    @Test
    void whatFindsNoneWaitsAndKeepsItsOrder() {
        Way way = new Way();
        for (long i = 0; i < 500; i++) {
            queue.send(news(ONE, i), 1, way);
        }
        CompletableFuture<Void> drained = queue.drained(way);
        assertThat(drained).isNotDone();
        assertThat(queue.drained(new Way())).isDone();
        way.open.set(true);
        for (long i = 500; i < 1000; i++) {
            queue.send(news(ONE, i), 1, way);
        }
        Waiting.get(drained);
        Waiting.until(() -> way.taken.size() == 1000);
        assertThat(way.taken).isEqualTo(LongStream.range(0, 1000).boxed().toList());
    }

    @Test
    void oneFrozenPeerHoldsUpNoOther() {
        Way way = new Way();
        way.frozen = ONE;
        way.open.set(true);
        queue.send(news(ONE, 1), 1, way);
        queue.send(news(TWO, 2), 1, way);
        assertThat(way.taken).containsExactly(2L);
        way.frozen = TWO;
        Waiting.until(() -> way.taken.size() == 2);
        assertThat(way.taken).containsExactly(2L, 1L);
    }

    @Test
    void overItsBoundNewsIsLostAndCounted() {
        Way way = new Way();
        long before = Counters.abandoned();
        queue.send(news(ONE, 0), 600, way);
        queue.send(news(ONE, 1), 401, way);
        queue.send(news(ONE, 2), 400, way);
        assertThat(Counters.abandoned()).isEqualTo(before + 1);
        way.open.set(true);
        Waiting.get(queue.drained(way));
        assertThat(way.taken).containsExactly(0L, 2L);
        way.open.set(false);
        queue.send(news(ONE, 3), 1000, way); // the room is there again
        assertThat(Counters.abandoned()).isEqualTo(before + 1);
        way.open.set(true);
        Waiting.get(queue.drained(way));
    }

    /// Whoever waits for an answer of that proc does so until its time is over.
    @Test
    void lostNewsOfTheEndOfAProcIsCounted() {
        Way way = new Way();
        long before = Counters.abandoned();
        ObjectEnvelope died =
                ObjectEnvelope.news(
                        Address.of(ONE.actor("agent", 0)),
                        Address.of(TWO.actor("asker", 0)),
                        ProcDied.PORT,
                        0,
                        new ProcDied(ONE, List.of()),
                        ProcDied.TYPE);
        queue.send(died, 2000, way);
        assertThat(Counters.abandoned()).isEqualTo(before + 1);
        died.undeliverable(DeliveryFailure.Reason.ACTOR_STOPPED, "he needs no word any more");
        assertThat(Counters.abandoned()).isEqualTo(before + 1);
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 0, 1})
    void theTimeWithoutProgressIsExact(long beyond) {
        Hands hands = new Hands(0);
        NewsQueue patient = new NewsQueue(1000, Duration.ofSeconds(30), hands);
        Way way = new Way();
        long before = Counters.abandoned();
        patient.send(news(ONE, 0), 1, way);
        hands.pass(Duration.ofSeconds(30).toNanos() + beyond);
        hands.due.remove().run();
        assertThat(patient.drained(way).isDone()).isEqualTo(beyond > 0);
        assertThat(Counters.abandoned() - before).isEqualTo(beyond > 0 ? 1 : 0);
    }

    @Test
    void withoutProgressForTooLongNewsIsLostAndCounted() {
        NewsQueue impatient = new NewsQueue(1000, Duration.ofMillis(20), Clockwork.REAL);
        Way way = new Way();
        long before = Counters.abandoned();
        for (long i = 0; i < 10; i++) {
            impatient.send(news(ONE, i), 1, way);
        }
        Waiting.get(impatient.drained(way));
        assertThat(Counters.abandoned()).isEqualTo(before + 10);
        way.open.set(true);
        impatient.send(news(ONE, 99), 1, way);
        assertThat(way.taken).containsExactly(99L);
    }

    @ParameterizedTest
    @ValueSource(longs = {FAULT, NO_MEMORY})
    void aWayThatThrowsCostsOneReturn(long thrown) {
        Way way = new Way();
        long before = Counters.abandoned();
        for (long number : new long[] {1, thrown, 2}) {
            queue.send(news(ONE, number), 1, way);
        }
        way.open.set(true);
        Waiting.get(queue.drained(way));
        assertThat(way.taken).containsExactly(1L, 2L);
        assertThat(Counters.abandoned()).isEqualTo(before + 1);
    }

    @Test
    void manyThreadsLoseNothing() throws Exception {
        NewsQueue wide = new NewsQueue(1 << 20, Waiting.PATIENCE, Clockwork.REAL);
        Way way = new Way();
        List<Thread> threads = new ArrayList<>();
        for (long t = 0; t < 4; t++) {
            long base = t * 1000;
            threads.add(
                    Thread.ofPlatform()
                            .start(() -> {
                                for (long i = base; i < base + 1000; i++) {
                                    way.open.set(i % 7 == 0);
                                    wide.send(news(ONE, i), 1, way);
                                }
                            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        way.open.set(true);
        Waiting.get(wide.drained(way));
        assertThat(way.taken).hasSize(4000).doesNotHaveDuplicates();
        for (long t = 0; t < 4; t++) {
            long base = t * 1000;
            assertThat(way.taken.stream().filter(n -> n / 1000 == base / 1000)).isSorted();
        }
    }
}

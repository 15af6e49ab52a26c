package io.hyperactor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

@Timeout(60)
final class LinesTest {
    private static final long LONG = TimeUnit.MINUTES.toNanos(10);
    private static final int CROWD = 20;

    private final Lines lines = new Lines();
    private final Semaphore room = new Semaphore(0);
    private final ConcurrentLinkedQueue<Integer> served = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Integer> looked = new ConcurrentLinkedQueue<>();

    private Thread waiter(Object place, int number) {
        return Thread.ofVirtual()
                .start(() -> {
                    boolean _ =
                            lines.await(
                                    place,
                                    LONG,
                                    () -> {
                                        looked.add(number);
                                        return room.tryAcquire() && served.add(number);
                                    },
                                    done -> done);
                });
    }

    private List<Thread> crowd(Object place) {
        List<Thread> crowd = new ArrayList<>();
        for (int i = 0; i < CROWD; i++) {
            int before = i;
            crowd.add(waiter(place, i));
            Waiting.until(() -> before == 0 ? looked.contains(0) : lines.waiting(place) == before);
        }
        return crowd;
    }

    @Test
    void whoCameFirstIsServedFirstAndOnlyHeLooks() throws InterruptedException {
        List<Thread> crowd = crowd("place");
        assertThat(looked).containsOnly(0);
        for (int i = 0; i < CROWD; i++) {
            room.release();
            crowd.get(i).join();
        }
        assertThat(served).containsExactlyElementsOf(IntStream.range(0, CROWD).boxed().toList());
        assertThat(lines.size()).isZero();
    }

    @Test
    void aCrowdAtOnePlaceHoldsUpNobodyAtAnother() throws InterruptedException {
        List<Thread> crowd = crowd("full");
        assertThat(lines.<Boolean>await("free", LONG, () -> true, done -> done)).isTrue();
        room.release(CROWD);
        for (Thread thread : crowd) {
            thread.join();
        }
        assertThat(lines.size()).isZero();
    }

    @Test
    void whoseTimeIsUpOrWhoIsInterruptedTriesOnceMoreAndLeaves() throws InterruptedException {
        Thread first = waiter("place", 0);
        Waiting.until(() -> looked.contains(0));
        AtomicInteger attempts = new AtomicInteger();
        assertThat(lines.<Integer>await("place", 1, attempts::incrementAndGet, _ -> false))
                .isEqualTo(1);
        Thread.currentThread().interrupt();
        assertThat(lines.<Integer>await("place", LONG, attempts::incrementAndGet, _ -> false))
                .isEqualTo(2);
        assertThat(Thread.interrupted()).isTrue();
        room.release();
        first.join();
        assertThat(lines.size()).isZero();
    }

    @Test
    void anAttemptThatThrowsLeavesTheLineToOthers() throws InterruptedException {
        assertThatThrownBy(() ->
                        lines.await(
                                "place",
                                LONG,
                                () -> {
                                    throw new IllegalStateException("as it should");
                                },
                                _ -> true))
                .hasMessage("as it should");
        room.release();
        waiter("place", 1).join();
        assertThat(served).containsExactly(1);
        assertThat(lines.size()).isZero();
    }
}

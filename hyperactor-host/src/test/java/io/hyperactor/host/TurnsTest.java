package io.hyperactor.host;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;

@Timeout(60)
class TurnsTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final CompletableFuture<Void> NEVER = new CompletableFuture<>();

    private final Turns turns = new Turns(1);
    private final Queue<Integer> taken = new ConcurrentLinkedQueue<>();

    private Thread waiter(int number, CompletableFuture<Void> givenUp) throws InterruptedException {
        Thread waiter =
                Thread.ofPlatform()
                        .start(() -> {
                            try {
                                if (turns.take(LIMIT, givenUp)) {
                                    taken.add(number);
                                    turns.giveBack();
                                }
                            } catch (InterruptedException e) {
                                taken.add(-number);
                            }
                        });
        while (waiter.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        return waiter;
    }

    @Test
    void turnsComeInOrderAndNoneIsLostWithWhoGivesUp() throws InterruptedException {
        assertThat(turns.take(Duration.ZERO, NEVER)).isTrue();
        var givenUp = new CompletableFuture<Void>();
        List<Thread> waiters =
                List.of(waiter(1, NEVER), waiter(2, givenUp), waiter(3, NEVER), waiter(4, NEVER));
        givenUp.complete(null);
        waiters.get(1).join();
        waiters.get(2).interrupt();
        waiters.get(2).join();
        assertThat(turns.take(Duration.ofMillis(1), NEVER)).isFalse();

        turns.giveBack();

        for (Thread waiter : waiters) {
            waiter.join();
        }
        assertThat(taken).containsExactly(-3, 1, 4);
        assertThat(turns.take(Duration.ZERO, NEVER)).isTrue();
    }

    /// Whichever comes first, there is one turn in the end.
    @Test
    void aTurnThatComesJustAsItIsGivenUpIsNotLost() throws InterruptedException {
        for (int round : IntStream.range(0, 1000).toArray()) {
            assertThat(turns.take(LIMIT, NEVER)).isTrue();
            var givenUp = new CompletableFuture<Void>();
            Thread waiter = waiter(round, givenUp);
            Thread other = Thread.ofPlatform().start(() -> givenUp.complete(null));
            turns.giveBack();
            waiter.join();
            other.join();
        }
        assertThat(turns.take(LIMIT, NEVER)).isTrue();
        assertThat(turns.take(Duration.ofNanos(1), NEVER)).isFalse();
    }
}

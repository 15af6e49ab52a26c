package io.hyperactor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

final class ActivationQueueTest {
    private static final int PLACES = 4;

    private final AtomicBoolean exhausted = new AtomicBoolean();
    private final ActivationQueue queue =
            new ActivationQueue(
                    new ConcurrentLinkedQueue<>() {
                        @Override
                        public boolean offer(Runnable activation) {
                            if (exhausted.get()) {
                                throw new OutOfMemoryError("on purpose");
                            }
                            return super.offer(activation);
                        }
                    },
                    PLACES);

    private static List<Runnable> activations(int count) {
        List<Runnable> activations = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int number = i;
            activations.add(
                    new Runnable() {
                        @Override
                        public void run() {}

                        @Override
                        public String toString() {
                            return "activation " + number;
                        }
                    });
        }
        return activations;
    }

    private List<Runnable> pollAll() {
        List<Runnable> polled = new ArrayList<>();
        for (Runnable next = queue.poll(0); next != null; next = queue.poll(0)) {
            polled.add(next);
        }
        assertThat(queue.isEmpty()).isTrue();
        return polled;
    }

    @Test
    void whoComesFirstGoesFirst() {
        List<Runnable> activations = activations(10);
        activations.forEach(queue::offer);
        assertThat(queue.isEmpty()).isFalse();
        assertThat(pollAll()).isEqualTo(activations);
    }

    @Test
    void inEverySecondTurnThoseThatGoOnComeFirst() {
        List<Runnable> some = activations(6);
        some.subList(0, 3).forEach(queue::offer);
        some.subList(3, 6).forEach(queue::offerAgain);
        List<Runnable> polled = new ArrayList<>();
        for (int turn : new int[] {1, 2, 3, 3, 3, 3}) {
            polled.add(queue.poll(turn));
        }
        assertThat(polled)
                .containsExactly(
                        some.get(3),
                        some.get(0),
                        some.get(4),
                        some.get(5),
                        some.get(1),
                        some.get(2));
        assertThat(queue.isEmpty()).isTrue();
    }

    @Test
    void whoIsHastenedComesBeforeThoseThatHaveNotBegun() {
        List<Runnable> some = activations(4);
        some.subList(0, 3).forEach(queue::offer);
        queue.hasten(some.get(2));
        queue.hasten(some.get(2)); // goes on by now
        queue.hasten(some.get(3)); // is not there
        assertThat(queue.poll(1)).isSameAs(some.get(2));
        assertThat(pollAll()).containsExactly(some.get(0), some.get(1));
    }

    @Test
    void withoutMemoryNothingIsLost() {
        for (int round = 0; round < 3; round++) {
            List<Runnable> activations = activations(PLACES + 2);
            activations.subList(0, 2).forEach(queue::offer);
            exhausted.set(true);
            activations.subList(2, PLACES + 2).forEach(queue::offer);
            assertThat(queue.isEmpty()).isFalse();
            assertThat(pollAll()).containsExactlyInAnyOrderElementsOf(activations);
            exhausted.set(false);
        }
    }

    @Test
    void withoutMemoryAndPlacesItWaitsForEither() {
        List<Runnable> activations = activations(PLACES + 2);
        exhausted.set(true);
        activations.subList(0, PLACES).forEach(queue::offer);
        CompletableFuture<Void> place = offerInBackground(activations.get(PLACES));
        assertThat(place).isNotDone();
        List<Runnable> polled = new ArrayList<>(List.of(queue.poll(0)));
        Waiting.get(place);
        CompletableFuture<Void> memory = offerInBackground(activations.get(PLACES + 1));
        assertThat(memory).isNotDone();
        exhausted.set(false);
        Waiting.get(memory);
        polled.addAll(pollAll());
        assertThat(polled).containsExactlyInAnyOrderElementsOf(activations);
    }

    private CompletableFuture<Void> offerInBackground(Runnable activation) {
        return CompletableFuture.runAsync(() -> queue.offer(activation));
    }
}

package io.hyperactor;

import io.hyperactor.stress.Check;
import io.hyperactor.stress.Races;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/// What happens once: the message of a once-port, and the end of an actor. One of those that come
/// at the same time is told that it was the one, and all see its result.
final class OnceRaceTest {
    record Work(String text) {}

    @Test
    void aOncePortTakesOneMessage() throws Exception {
        try (Proc proc = Proc.local("scene");
                Client client = proc.client("owner")) {
            Races.check(() -> {
                OncePort<String> port = client.openOncePort(String.class);
                return new Round(message -> port.accept(message, 0, null) == null, port::future);
            });
        }
    }

    @Test
    void anActorHasOneEnd() throws Exception {
        try (Proc proc = Proc.local("scene")) {
            AtomicInteger number = new AtomicInteger();
            ActorType<Work> type = ActorType.of("idle", Work.class, () -> (cx, message) -> {});
            Races.check(() -> {
                ActorHandle<Work> actor = proc.spawn("idle-" + number.incrementAndGet(), type);
                ActorCell<?> cell = (ActorCell<?>) proc.find(actor.id());
                return new Round(cell::abort, () -> actor.ended().thenApply(OnceRaceTest::reason));
            });
        }
    }

    private static String reason(ActorStatus status) {
        String text = status.toString();
        return text.substring(text.lastIndexOf(' ') + 1).replace("]", "");
    }

    @Test
    void whoLooksAndSetsThenIsCaught() throws Exception {
        Races.assertCaught(() -> {
            LooksAndSets once = new LooksAndSets();
            return new Round(once::accept, () -> CompletableFuture.completedFuture(once.value));
        });
    }

    private interface Outcome {
        CompletableFuture<String> future();
    }

    /// Two offer something, and both look at what has come of it.
    private static final class Round implements Races.Round {
        private final Predicate<String> offer;
        private final Outcome outcome;
        private final List<String> accepted = new ArrayList<>(); // guarded by itself
        private final List<String> seen = new ArrayList<>(); // guarded by accepted

        Round(Predicate<String> offer, Outcome outcome) {
            this.offer = offer;
            this.outcome = outcome;
        }

        @Override
        public List<Runnable> parts() {
            return List.of(() -> offer("one"), () -> offer("other"));
        }

        private void offer(String text) {
            boolean first = offer.test(text);
            String result =
                    outcome.future().orTimeout(Races.PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
            synchronized (accepted) {
                if (first) {
                    accepted.add(text);
                }
                seen.add(result);
            }
        }

        @Override
        public void check() {
            Check.same(1, accepted.size(), "accepted");
            Check.same(List.of(accepted.getFirst(), accepted.getFirst()), seen, "seen");
        }
    }

    /// Once, were it not for two lines.
    private static final class LooksAndSets {
        /// Else it is caught too, but on a busy machine only after a minute.
        private static final int SPINS = 100;

        private volatile String value;

        boolean accept(String text) {
            if (value != null) {
                return false;
            }
            for (int i = 0; i < SPINS; i++) {
                Thread.onSpinWait();
            }
            value = text;
            return true;
        }
    }
}

package io.hyperactor;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperactor.wire.Transport;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.IntStream;

/// Actors that are spawned, stopped, killed and fail while they are sent to: every message is
/// handled or comes back, once.
final class LifecycleRaceTest {
    private static final int NAMES = 4;
    private static final int SENDERS = 3;
    private static final int MESSAGES = 8000; // of each sender; of each actor's own, no more

    @TempDir private Path directory;
    private final long seed = ThreadLocalRandom.current().nextLong();

    /// How often each message has been seen to arrive or come back.
    private final AtomicIntegerArray outcomes = new AtomicIntegerArray(SENDERS * MESSAGES);

    private final AtomicReferenceArray<ActorHandle<Work>> live = new AtomicReferenceArray<>(NAMES);
    private final AtomicBoolean over = new AtomicBoolean();

    private void seen(Object message) {
        if (message instanceof Work.Item(long number)) {
            outcomes.incrementAndGet((int) number);
        } else if (message instanceof Work.Question(long number, var _)) {
            outcomes.incrementAndGet((int) number);
        }
    }

    /// Has children, is slow at times, and fails at some messages.
    private final class Restless implements Actor<Work> {
        @Override
        public void receive(Context<Work> cx, Work message) throws Exception {
            seen(message);
            switch (message) {
                case Work.Item(long number) -> {
                    if (number % 101 == 0) {
                        throw new IllegalStateException("on purpose");
                    }
                    if (number % 53 == 0 && cx.children().size() < 3) {
                        cx.spawn("child", Scene.typeOf("restless", Restless::new));
                    }
                    if (number % 211 == 0) {
                        new java.util.concurrent.CountDownLatch(1).await(); // until killed
                    }
                }
                case Work.Question(long number, var replyTo) -> {
                    if (number % 3 != 0) {
                        cx.send(replyTo, number);
                    } else {
                        throw new IllegalStateException("on purpose");
                    }
                }
                case Work.Do _ -> cx.stop("told to");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"LOCAL", "UNIX"})
    void everyMessageHasOneOutcome(Transport transport) throws Exception {
        try (Pair pair =
                new Pair(
                        transport,
                        directory,
                        channels -> channels,
                        config -> config.withMailboxMaxMessages(500))) {
            Thread chaos = Thread.ofPlatform().start(() -> chaos(pair.there.proc));
            List<Thread> senders = new ArrayList<>();
            for (int s = 0; s < SENDERS; s++) {
                Scene from = s == 0 ? pair.there : pair.here; // one within, others from elsewhere
                Client client = from.proc.client("sender" + s);
                client.onUndeliverable(u -> seen(u.message().orElseThrow()));
                Random random = new Random(seed + s);
                int first = s * MESSAGES;
                senders.add(Thread.ofPlatform().start(() -> send(client, random, first)));
            }
            for (Thread sender : senders) {
                sender.join();
            }
            over.set(true);
            chaos.join();
            pair.there.proc.destroyAndWait(Duration.ZERO, "over");
            Waiting.until(() -> IntStream.range(0, outcomes.length()).allMatch(this::isSeen));
            for (int i = 0; i < outcomes.length(); i++) {
                assertThat(outcomes.get(i)).as("message %d, seed %d", i, seed).isEqualTo(1);
            }
            assertThat(pair.there.proc.actors()).isEmpty();
        }
    }

    private boolean isSeen(int message) {
        return outcomes.get(message) > 0;
    }

    private void chaos(Proc proc) {
        Random random = new Random(seed);
        while (!over.get()) {
            int name = random.nextInt(NAMES);
            ActorHandle<Work> old = live.get(name);
            if (old != null) {
                if (random.nextBoolean()) {
                    old.stop("chaos");
                }
                if (random.nextInt(4) == 0 || !old.ended().isDone()) {
                    old.kill("chaos");
                }
            }
            try {
                live.set(name, proc.spawn("name" + name, Scene.typeOf("restless", Restless::new)));
            } catch (HyperactorException.NameTaken e) {
                Thread.onSpinWait(); // it still ends
            }
            for (int spins = random.nextInt(20_000); spins > 0; spins--) {
                Thread.onSpinWait();
            }
        }
    }

    private void send(Client client, Random random, int first) {
        for (int i = first; i < first + MESSAGES; i++) {
            ActorHandle<Work> target = live.get(random.nextInt(NAMES));
            if (target == null) {
                i--;
                continue;
            }
            ActorRef<Work> ref =
                    random.nextBoolean() ? target.ref() : ActorRef.attest(target.id(), Work.class);
            if (random.nextInt(20) == 0) {
                request(client, ref, i);
            } else {
                client.send(ref, new Work.Item(i));
            }
        }
    }

    /// A request that comes back fails its answer instead of being told to the listener.
    private void request(Client client, ActorRef<Work> ref, int number) {
        var _ =
                client.<Work, Long>request(
                                ref, reply -> new Work.Question(number, reply), Waiting.PATIENCE)
                        .whenComplete((answer, failure) -> {
                            if (failure instanceof AskException.Undelivered) {
                                outcomes.incrementAndGet(number);
                            }
                        });
    }
}

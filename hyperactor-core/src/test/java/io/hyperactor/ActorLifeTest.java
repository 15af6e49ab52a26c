package io.hyperactor;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperactor.DeliveryFailure.Reason;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;

final class ActorLifeTest {
    private final Scene scene = new Scene();
    private final Counting actor = new Counting();

    @AfterEach
    void end() {
        scene.close();
    }

    private static List<Long> numbers(long first, long end) {
        return LongStream.range(first, end).boxed().toList();
    }

    @Test
    void anActorHandlesWhatItWasSentAndStops() throws Exception {
        ActorHandle<Work> handle = scene.spawn("a", actor);
        scene.count(handle.ref(), 0, 3);
        assertThat(scene.ask(handle.ref(), 0)).isEqualTo(3);
        handle.stop("done");
        assertThat(Waiting.get(handle.ended())).isEqualTo(new ActorStatus.Stopped("done"));
        assertThat(actor.calls).containsExactly("init", "cleanup");
        assertThat(scene.returned()).isEmpty();
    }

    @Test
    void actorsOfAProcMessageEachOther() {
        int rounds = 10_000;
        CountDownLatch over = new CountDownLatch(1);
        List<ActorRef<Work>> pair = new ArrayList<>();
        for (String name : List.of("ping", "pong")) {
            int other = 1 - pair.size();
            Actor<Work> player =
                    (cx, message) -> {
                        long value = ((Work.Item) message).value();
                        if (value == rounds) {
                            over.countDown();
                        } else {
                            cx.send(pair.get(other), new Work.Item(value + 1));
                        }
                    };
            pair.add(scene.spawn(name, player).ref());
        }
        scene.count(pair.getFirst(), 0, 1);
        Waiting.on(over);
    }

    @Test
    void initRunsBeforeTheFirstMessageAndTheRestWaits() throws Exception {
        CountDownLatch mayGoOn = new CountDownLatch(1);
        Counting slow =
                new Counting() {
                    @Override
                    public void init(Context<Work> cx) throws Exception {
                        mayGoOn.await();
                        super.init(cx);
                    }

                    @Override
                    public void receive(Context<Work> cx, Work message) throws Exception {
                        assertThat(calls).containsExactly("init");
                        super.receive(cx, message);
                    }
                };
        ActorHandle<Work> handle = scene.spawn("a", slow);
        scene.count(handle.ref(), 0, 100);
        mayGoOn.countDown();
        assertThat(scene.ask(handle.ref(), 0)).isEqualTo(100);
        assertThat(slow.numbers).isEqualTo(numbers(0, 100));
    }

    @Test
    void aStoppingActorHandlesWhatItAcceptedAndReturnsWhatComesLater() {
        ActorHandle<Work> handle = scene.spawn("a", actor);
        scene.client.send(handle.ref(), new Work.Do("hold"));
        Waiting.on(actor.held);
        scene.count(handle.ref(), 0, 200);
        handle.stop("enough");
        actor.release.countDown(); // from here on the stop may be seen at any moment
        Waiting.until(() -> handle.status().isTerminal());
        scene.count(handle.ref(), 200, 210);

        assertThat(actor.numbers).isEqualTo(numbers(0, 200));
        assertThat(scene.reasons(10)).containsOnly(Reason.ACTOR_STOPPED).hasSize(10);
        assertThat(scene.returnedNumbers()).isEqualTo(numbers(200, 210));
        assertThat(scene.returned())
                .allMatch(u -> u.outcome() == Undeliverable.Outcome.NOT_DELIVERED)
                .allMatch(u -> u.sender().equals(scene.client.id()))
                .allMatch(u -> u.destination().actor().equals(handle.id()));
    }

    @Test
    void aDrainingActorRefusesMessages() {
        CountDownLatch bothSent = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        ActorHandle<Work> handle =
                scene.spawn(
                        "a",
                        (cx, message) -> {
                            if (message instanceof Work.Item(long value) && value == 0) {
                                bothSent.await();
                                cx.stop("drain");
                            } else {
                                release.await();
                            }
                        });
        scene.count(handle.ref(), 0, 2);
        bothSent.countDown();
        Waiting.until(() -> handle.status() instanceof ActorStatus.Stopping);
        scene.count(handle.ref(), 2, 3);
        assertThat(scene.reasons(1)).containsExactly(Reason.ACTOR_STOPPED);
        assertThat(scene.returnedNumbers()).containsExactly(2L);
        release.countDown();
        assertThat(Waiting.get(handle.ended())).isEqualTo(new ActorStatus.Stopped("drain"));
    }

    @Test
    void anActorThatStopsItselfStillHandlesWhatItHas() {
        ActorHandle<Work> handle = scene.spawn("a", actor);
        scene.client.send(handle.ref(), new Work.Do("hold"));
        Waiting.on(actor.held);
        scene.client.send(handle.ref(), new Work.Do("stop"));
        scene.count(handle.ref(), 0, 5);
        actor.release.countDown();
        assertThat(Waiting.get(handle.ended())).isEqualTo(new ActorStatus.Stopped("asked to"));
        assertThat(actor.numbers).isEqualTo(numbers(0, 5));
        assertThat(actor.calls).endsWith("cleanup");
    }

    @Test
    void theFirstReasonToStopCounts() {
        ActorHandle<Work> handle = scene.spawn("a", actor);
        handle.stop("first");
        handle.stop("second");
        assertThat(Waiting.get(handle.ended())).isEqualTo(new ActorStatus.Stopped("first"));
        handle.stop("third");
        assertThat(handle.status()).isEqualTo(new ActorStatus.Stopped("first"));
    }

    @Test
    void everybodyWhoWaitsForTheEndLearnsIt() {
        ActorHandle<Work> handle = scene.spawn("a", actor);
        List<CompletableFuture<ActorStatus>> early = List.of(handle.ended(), handle.ended());
        early.getFirst().cancel(true); // one waiter's own business
        handle.stop("done");
        ActorStatus end = Waiting.get(early.getLast());
        assertThat(end).isEqualTo(new ActorStatus.Stopped("done"));
        assertThat(handle.ended()).isCompletedWithValue(end);
        assertThat(handle.status()).isEqualTo(end);
    }

    @Test
    void theStatusFollowsTheLife() {
        var id = scene.proc.id().actor("unborn", 0);
        var unborn = new ActorCell<>(scene.proc, id, Scene.type("unborn", actor), null);
        assertThat(unborn.status()).isEqualTo(new ActorStatus.Created());

        ActorHandle<Work> handle = scene.spawn("a", actor);
        Waiting.until(() -> handle.status().equals(new ActorStatus.Idle()));
        scene.client.send(handle.ref(), new Work.Do("hold"));
        Waiting.on(actor.held);
        assertThat(handle.status()).isEqualTo(new ActorStatus.Processing());
        actor.release.countDown();
        Waiting.until(() -> handle.status().equals(new ActorStatus.Idle()));
        handle.stop("done");
        Waiting.until(() -> handle.status().isTerminal());
    }

    @Test
    void aFailingCleanupIsTheFailureWhenThereWasNoOther() {
        IllegalStateException thrown = new IllegalStateException("not clean");
        ActorHandle<Work> handle =
                scene.spawn(
                        "a",
                        new Counting() {
                            @Override
                            public void cleanup(Context<Work> cx) {
                                throw thrown;
                            }
                        });
        handle.stop("done");
        assertThat(Waiting.get(handle.ended()).failure()).isSameAs(thrown);
    }

    @Test
    void handlersOfOneActorNeverOverlapAndSeeWhatTheOneBeforeWrote() throws Exception {
        AtomicBoolean inside = new AtomicBoolean();
        AtomicInteger overlaps = new AtomicInteger();
        long[] plain = {0};
        ActorHandle<Work> handle =
                scene.spawn(
                        "a",
                        (cx, message) -> {
                            overlaps.addAndGet(inside.compareAndSet(false, true) ? 0 : 1);
                            plain[0]++;
                            if (message instanceof Work.Question(long _, var replyTo)) {
                                cx.send(replyTo, plain[0]);
                            }
                            inside.set(false);
                        });
        List<Thread> senders = new ArrayList<>();
        for (int s = 0; s < 4; s++) {
            senders.add(Thread.startVirtualThread(() -> scene.count(handle.ref(), 0, 5000)));
        }
        for (Thread sender : senders) {
            sender.join();
        }
        assertThat(scene.ask(handle.ref(), 0)).isEqualTo(20_001);
        assertThat(overlaps).hasValue(0);
    }

    @Test
    void aBlockingTypeKeepsTheSameRules() throws Exception {
        ActorHandle<Work> handle = scene.proc.spawn("a", Scene.type("a", actor).blocking());
        scene.count(handle.ref(), 0, 1000);
        assertThat(scene.ask(handle.ref(), 0)).isEqualTo(1000);
        assertThat(actor.numbers).isEqualTo(numbers(0, 1000));
        scene.client.send(handle.ref(), new Work.Do("hold"));
        Waiting.on(actor.held);
        handle.kill("stuck");
        assertThat(Waiting.get(handle.ended()).failure())
                .isInstanceOf(HyperactorException.Aborted.class);
    }
}

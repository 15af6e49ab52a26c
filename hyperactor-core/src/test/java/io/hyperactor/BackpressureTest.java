package io.hyperactor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyperactor.DeliveryFailure.Reason;
import io.hyperactor.wire.ActorId;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.ProcId;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;

/// Full mailboxes within a proc.
final class BackpressureTest {
    private static final int ROOM = 4;

    private final Counting actor = new Counting();
    private Scene scene;
    private ActorHandle<Work> full;

    /// An actor that is held up, with `ROOM` numbers waiting.
    private void fill(Duration sendWait) {
        ProcConfig config =
                ProcConfig.defaults().withMailboxMaxMessages(ROOM).withSendWait(sendWait);
        scene =
                new Scene(
                        Proc.configured(
                                new ProcId(new ChannelAddress.Local(1), "small"),
                                new Net.Nowhere(),
                                config));
        full = scene.spawn("full", actor);
        scene.client.send(full.ref(), new Work.Do("hold"));
        Waiting.on(actor.held);
        scene.count(full.ref(), 0, ROOM);
    }

    @AfterEach
    void end() {
        actor.release.countDown();
        scene.close();
    }

    private static List<Long> numbers(long first, long end) {
        return LongStream.range(first, end).boxed().toList();
    }

    @Test
    void aSendWaitsForRoom() {
        fill(Waiting.PATIENCE);
        CompletableFuture<Boolean> sent =
                Waiting.inBackground(() -> {
                    scene.count(full.ref(), ROOM, 20);
                    return true;
                });
        assertThat(scene.proc.queuedMessages()).isEqualTo(ROOM);
        assertThat(sent).isNotDone();
        actor.release.countDown();
        assertThat(Waiting.get(sent)).isTrue();
        Waiting.until(() -> actor.numbers.size() == 20);
        assertThat(actor.numbers).isEqualTo(numbers(0, 20));
        assertThat(scene.returned()).isEmpty();
    }

    @Test
    void withoutRoomInTimeTheMessageComesBack() {
        fill(Duration.ofMillis(20));
        scene.count(full.ref(), ROOM, ROOM + 2);
        assertThat(scene.reasons(2)).containsOnly(Reason.QUEUE_FULL);
        assertThat(scene.returnedNumbers()).isEqualTo(numbers(ROOM, ROOM + 2));
        actor.release.countDown();
        Waiting.until(() -> actor.numbers.size() == ROOM);
        assertThat(actor.numbers).isEqualTo(numbers(0, ROOM));
    }

    @Test
    void aWaitingSendEndsWithItsActor() {
        fill(Waiting.PATIENCE.multipliedBy(10));
        CompletableFuture<Boolean> sent =
                Waiting.inBackground(() -> {
                    scene.count(full.ref(), ROOM, ROOM + 1);
                    return true;
                });
        full.kill("full for too long");
        assertThat(Waiting.get(sent)).isTrue();
        assertThat(scene.reasons(ROOM + 1)).containsOnly(Reason.ACTOR_FAILED).hasSize(ROOM + 1);
    }

    @Test
    void anInterruptEndsTheWaitAndTheMessageComesBack() {
        fill(Waiting.PATIENCE.multipliedBy(10));
        CompletableFuture<Boolean> interrupted =
                Waiting.inBackground(() -> {
                    Thread.currentThread().interrupt();
                    scene.count(full.ref(), ROOM, ROOM + 1);
                    return Thread.currentThread().isInterrupted();
                });
        assertThat(Waiting.get(interrupted)).isTrue();
        assertThat(scene.reasons(1)).containsExactly(Reason.QUEUE_FULL);
    }

    @Test
    void anActorThatFillsItsOwnMailboxDoesNotWaitForItself() {
        fill(Waiting.PATIENCE.multipliedBy(10));
        CompletableFuture<Undeliverable> back = new CompletableFuture<>();
        ActorHandle<Work> eager =
                scene.spawn(
                        "eager",
                        new Counting() {
                            @Override
                            void act(Context<Work> cx, String what) {
                                for (long i = 0; i <= ROOM; i++) {
                                    cx.send(cx.self(), new Work.Item(i));
                                }
                            }

                            @Override
                            public void undeliverable(Context<Work> cx, Undeliverable returned) {
                                back.complete(returned);
                            }
                        });
        scene.client.send(eager.ref(), new Work.Do("fill"));
        assertThat(Waiting.get(back).failure().reason()).isEqualTo(Reason.QUEUE_FULL);
        assertThat(Waiting.get(back).message()).contains(new Work.Item(ROOM));
    }

    @Test
    void aSendThatHasBeenHeldDoesNotWaitOnceMoreForRoom() {
        AtomicInteger offers = new AtomicInteger();
        MailboxSender nowhere =
                new Net.Nowhere() {
                    @Override
                    public boolean offer(Envelope envelope) {
                        offers.incrementAndGet();
                        return false;
                    }
                };
        ProcConfig config = ProcConfig.defaults().withSendWait(Duration.ofMillis(200));
        ProcId here = new ProcId(new ChannelAddress.Local(1), "small");
        scene = new Scene(Proc.configured(here, nowhere, config));
        ActorId to = new ProcId(new ChannelAddress.Local(2), "there").actor("a", 0);
        assertThat(scene.proc.offer(hold(to))).isTrue(); // for two seconds

        scene.count(ActorRef.attest(to, Work.class), 0, 1);

        assertThat(scene.reasons(1)).containsExactly(Reason.QUEUE_FULL);
        assertThat(offers).hasValue(1);
    }

    @Test
    void anAskWaitsForRoomNoLongerThanForItsAnswer() {
        fill(Waiting.PATIENCE.multipliedBy(100));
        Duration limit = Duration.ofMillis(50);
        assertThatThrownBy(() -> ask(limit)).isInstanceOf(AskException.class);
        assertThat(
                        scene.client.<Work, Long>request(
                                full.ref(), to -> new Work.Question(0, to), limit))
                .failsWithin(Waiting.PATIENCE);
        assertThat(scene.proc.queuedMessages()).isEqualTo(ROOM);
    }

    private long ask(Duration limit) throws InterruptedException {
        return scene.client.<Work, Long>ask(full.ref(), to -> new Work.Question(0, to), limit);
    }

    /// Else one asker that reads nothing would hold up all others.
    @Test
    void anAnswerIsNotHeld() {
        List<Envelope> sent = new ArrayList<>();
        MailboxSender away =
                new Net.Nowhere() {
                    @Override
                    public boolean offer(Envelope envelope) {
                        return sent.add(envelope);
                    }
                };
        ProcConfig config = ProcConfig.defaults().withSendWait(Waiting.PATIENCE.multipliedBy(10));
        ProcId here = new ProcId(new ChannelAddress.Local(1), "small");
        scene = new Scene(Proc.configured(here, away, config));
        ActorId asker = new ProcId(new ChannelAddress.Local(2), "there").actor("a", 0);
        assertThat(scene.proc.offer(hold(asker))).isTrue();
        assertThat(scene.proc.holdsBack()).isTrue();

        scene.client.send(new OncePortRef<>(Address.of(asker), 0, 7, Protocols.of(Long.class)), 1L);

        assertThat(sent)
                .singleElement()
                .satisfies(answer -> assertThat(answer.destination()).isEqualTo(asker.port(7)));
    }

    private Envelope hold(ActorId place) {
        return ObjectEnvelope.news(
                Address.of(place),
                scene.client.address(),
                Hold.PORT,
                0,
                new Hold(place, false, true),
                Hold.TYPE);
    }

    @Test
    void actorsThatWaitForRoomStopNobody() throws Exception {
        fill(Waiting.PATIENCE.multipliedBy(10));
        int waiting = 20;
        CountDownLatch begun = new CountDownLatch(waiting);
        CountDownLatch done = new CountDownLatch(waiting);
        for (int i = 0; i < waiting; i++) {
            ActorHandle<Work> sender =
                    scene.spawn(
                            "sender" + i,
                            (cx, message) -> {
                                begun.countDown();
                                cx.send(full.ref(), message);
                                done.countDown();
                            });
            scene.count(sender.ref(), 0, 1);
        }
        Waiting.on(begun);
        assertThat(scene.ask(scene.spawn("other", new Counting()).ref(), 0)).isZero();
        actor.release.countDown();
        Waiting.on(done);
        Waiting.until(() -> actor.numbers.size() == ROOM + waiting);
    }
}

package io.hyperactor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.hyperactor.DeliveryFailure.Reason;
import io.hyperactor.wire.ProcId;
import io.hyperactor.wire.Transport;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;

/// What can not be delivered between two procs comes home with its root cause.
final class ReturnsTest {
    @TempDir private Path directory;
    private Pair pair;

    private void pair(Transport transport) {
        pair(transport, config -> config);
    }

    private void pair(Transport transport, UnaryOperator<ProcConfig> config) {
        pair = new Pair(transport, directory, channels -> channels, config);
    }

    @AfterEach
    void end() {
        pair.close();
    }

    private ActorRef<Work> attested(ProcId proc, String name) {
        return ActorRef.attest(proc.actor(name, 0), Work.class);
    }

    /// Sends a number to `ref` and checks that it comes back, whole.
    private void assertReturned(ActorRef<Work> ref, Reason reason) {
        int before = pair.here.returnedCount();
        pair.here.count(ref, before, before + 1);
        Waiting.until(() -> pair.here.returnedCount() > before);
        Undeliverable back = pair.here.returned().getLast();
        assertThat(back.failure().reason()).isEqualTo(reason);
        assertThat(back.message()).contains(new Work.Item(before));
        assertThat(back.sender()).isEqualTo(pair.here.client.id());
        assertThat(back.destination().actor()).isEqualTo(ref.id());
        assertThat(back.outcome()).isEqualTo(Undeliverable.Outcome.NOT_DELIVERED);
        assertThat(back.toString()).contains(reason.text()).contains(ref.id().toString());
    }

    @ParameterizedTest
    @EnumSource(names = {"LOCAL", "UNIX"})
    void noActorOfThatName(Transport transport) {
        pair(transport);
        assertReturned(attested(pair.there.proc.id(), "nobody"), Reason.ACTOR_NOT_EXIST);
    }

    @ParameterizedTest
    @EnumSource(names = {"LOCAL", "UNIX"})
    void actorsThatHaveEnded(Transport transport) {
        pair(transport);
        ActorHandle<Work> stopped = pair.there.spawn("stopped", new Counting());
        stopped.stop("done");
        Waiting.get(stopped.ended());
        assertReturned(stopped.ref(), Reason.ACTOR_STOPPED);
        ActorHandle<Work> failed = pair.there.spawn("failed", new Counting());
        pair.here.client.send(failed.ref(), new Work.Do("fail"));
        Waiting.get(failed.ended());
        assertReturned(failed.ref(), Reason.ACTOR_FAILED);
        ActorHandle<Work> heir = pair.there.spawn("stopped", new Counting());
        assertReturned(stopped.ref(), Reason.ACTOR_RESTARTED);
        assertThat(heir.status().isTerminal()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(names = {"LOCAL", "UNIX"})
    void whatWasQueuedWhenAnActorFailed(Transport transport) throws Exception {
        pair(transport);
        Counting actor = new Counting();
        ActorHandle<Work> handle = pair.there.spawn("a", actor);
        pair.here.client.send(handle.ref(), new Work.Do("hold"));
        Waiting.on(actor.held);
        pair.here.client.send(handle.ref(), new Work.Do("fail"));
        pair.here.count(handle.ref(), 0, 50);
        Waiting.get(pair.here.proc.flush());
        actor.release.countDown();
        assertThat(pair.here.reasons(50)).containsOnly(Reason.ACTOR_FAILED).hasSize(50);
        assertThat(pair.here.returnedNumbers()).isSorted().doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @EnumSource(names = {"LOCAL", "UNIX"})
    void newsForAFormerLifeIsNotForItsNamesake(Transport transport) throws Exception {
        pair(transport);
        Counting actor = new Counting();
        ActorHandle<Work> handle = pair.there.spawn("a", actor);
        pair.here.client.send(handle.ref(), new Work.Do("hold"));
        Waiting.on(actor.held);
        try (Client first = pair.here.proc.client("name")) {
            first.send(handle.ref(), new Work.Item(1));
            Waiting.get(pair.here.proc.flush());
        }
        List<Undeliverable> heard = new CopyOnWriteArrayList<>();
        long abandoned = Counters.abandoned();
        try (Client second = pair.here.proc.client("name")) {
            second.onUndeliverable(heard::add);
            handle.kill("with a message in its queue");
            Waiting.until(() -> Counters.abandoned() > abandoned);
            second.send(handle.ref(), new Work.Item(2));
            Waiting.until(() -> !heard.isEmpty());
            assertThat(heard)
                    .singleElement()
                    .satisfies(own -> assertThat(own.message()).contains(new Work.Item(2)));
        } finally {
            actor.release.countDown();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"LOCAL", "UNIX"})
    void anotherProtocol(Transport transport) throws Exception {
        pair(transport);
        ActorHandle<Work> handle = pair.there.spawn("a", new Counting());
        ActorRef<String> wrong = ActorRef.attest(handle.id(), String.class);
        pair.here.client.send(wrong, "not for it");
        assertThat(pair.here.reasons(1)).containsExactly(Reason.HANDLER_NOT_BOUND);
        assertThat(pair.here.returned().getFirst().message()).contains("not for it");
        assertThat(pair.here.ask(handle.ref(), 0)).isZero();
        assertReturned(attested(pair.there.proc.id(), "client"), Reason.HANDLER_NOT_BOUND);
    }

    @ParameterizedTest
    @EnumSource(names = {"LOCAL", "UNIX"})
    void closedPorts(Transport transport) throws Exception {
        pair(transport);
        Port<Long> port = pair.there.client.openPort(Long.class);
        OncePort<Long> once = pair.there.client.openOncePort(Long.class);
        pair.here.client.send(once.ref(), 1L);
        assertThat(once.receive(Waiting.PATIENCE)).isEqualTo(1);
        pair.here.client.send(once.ref(), 2L);
        port.close();
        pair.here.client.send(port.ref(), 3L);
        assertThat(pair.here.reasons(2)).containsOnly(Reason.PORT_GONE);
        assertThat(pair.here.returned())
                .extracting(u -> u.message().orElseThrow())
                .containsExactlyInAnyOrder(2L, 3L);
        assertThat(pair.here.returned())
                .extracting(Undeliverable::destination)
                .containsExactlyInAnyOrder(once.ref().id(), port.ref().id());
    }

    @ParameterizedTest
    @EnumSource(names = {"LOCAL", "UNIX"})
    void noProcOfThatNameAtAnAddressThatIsServed(Transport transport) {
        pair(transport);
        ProcId there = new ProcId(pair.there.proc.id().address(), "elsewhere");
        assertReturned(attested(there, "a"), Reason.NO_ROUTE);
        ProcId here = new ProcId(pair.here.proc.id().address(), "elsewhere");
        assertReturned(attested(here, "a"), Reason.NO_ROUTE);
    }

    @ParameterizedTest
    @EnumSource(names = {"LOCAL", "UNIX"})
    void aMessageThatHasNoEncoding(Transport transport) throws Exception {
        pair(transport);
        ActorRef<Work> ref = pair.there.spawn("a", new Counting()).ref();
        pair.here.client.send(ref, new Work.Do(null));
        assertThat(pair.here.reasons(1)).containsExactly(Reason.UNENCODABLE);
        assertThat(pair.here.ask(ref, 0)).isZero();
    }

    @ParameterizedTest
    @EnumSource(names = {"LOCAL", "UNIX"})
    void aMessageThatIsTooLarge(Transport transport) throws Exception {
        pair =
                new Pair(
                        transport,
                        directory,
                        channels -> channels.withFrameMaxBytes(100_000),
                        config -> config);
        ActorRef<Work> ref = pair.there.spawn("a", new Counting()).ref();
        Work.Do huge = new Work.Do("x".repeat(100_000));
        pair.here.client.send(ref, huge);
        assertThat(pair.here.reasons(1)).containsExactly(Reason.FRAME_TOO_LARGE);
        assertThat(pair.here.returned().getFirst().message()).contains(huge);
        assertThat(pair.here.ask(ref, 0)).isZero();
    }

    @ParameterizedTest
    @EnumSource(names = {"LOCAL", "UNIX"})
    void aMessageMayBeAsLongAsAFrameAndNotAByteLonger(Transport transport) {
        int limit = 100_000;
        pair =
                new Pair(
                        transport,
                        directory,
                        channels -> channels.withFrameMaxBytes(limit),
                        config -> config);
        List<Integer> taken = new CopyOnWriteArrayList<>();
        ActorRef<Work> ref =
                pair.there
                        .spawn("a", (cx, message) -> taken.add(((Work.Do) message).what().length()))
                        .ref();
        long before = Counters.tooLarge();
        pair.here.client.send(ref, new Work.Do("x".repeat(limit)));
        Waiting.until(() -> pair.here.returnedCount() == 1);
        String detail = pair.here.returned().getFirst().toString();
        String wouldBe = detail.replaceFirst(".*of at least (\\d+) bytes.*", "$1");
        int most = 2 * limit - Integer.parseInt(wouldBe); // the limit without what is around it
        for (int length : new int[] {most - 1, most, most + 1}) {
            pair.here.client.send(ref, new Work.Do("x".repeat(length)));
        }
        assertThat(pair.here.reasons(2)).containsOnly(Reason.FRAME_TOO_LARGE);
        Waiting.until(() -> taken.size() == 2);
        assertThat(taken).containsExactly(most - 1, most);
        assertThat(pair.here.returned().getLast().message())
                .contains(new Work.Do("x".repeat(most + 1)));
        assertThat(Counters.tooLarge()).isEqualTo(before + 2);
    }

    @ParameterizedTest
    @EnumSource(names = {"LOCAL", "UNIX"})
    void aReturnNeedsNoMoreRoomThanItsMessage(Transport transport) {
        pair =
                new Pair(
                        transport,
                        directory,
                        channels -> channels.withFrameMaxBytes(100_000),
                        config -> config);
        Counting actor = new Counting();
        ActorHandle<Work> handle = pair.there.spawn("a", actor);
        pair.here.client.send(handle.ref(), new Work.Do("hold"));
        Waiting.on(actor.held);
        pair.here.client.send(handle.ref(), new Work.Do("fail"));
        pair.here.client.send(handle.ref(), new Work.Do("x".repeat(99_800)));
        pair.here.client.send(attested(pair.there.proc.id(), "b"), new Work.Do("x".repeat(99_800)));
        Waiting.get(pair.here.proc.flush());
        actor.release.countDown();
        assertThat(pair.here.reasons(2))
                .containsExactlyInAnyOrder(Reason.ACTOR_FAILED, Reason.ACTOR_NOT_EXIST);
        assertThat(pair.here.returned()).allMatch(u -> u.message().isEmpty());
    }

    @ParameterizedTest
    @EnumSource(names = {"LOCAL", "UNIX"})
    void whatAFullMailboxHasNoRoomFor(Transport transport) {
        pair(transport, config -> config.withMailboxMaxBytes(10_000).withSendWait(Duration.ZERO));
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        AtomicLong next = new AtomicLong();
        ActorHandle<Work> handle = pair.there.spawn("a", counting(held, release, next));
        pair.here.client.send(handle.ref(), new Work.Do("hold"));
        Waiting.on(held);
        pair.here.count(handle.ref(), 0, 1000);
        Waiting.get(pair.here.proc.flush());
        long room = pair.there.proc.queuedMessages();
        assertThat(room).isBetween(10L, 990L);
        Waiting.until(() -> pair.here.returnedCount() == 1000 - room);
        assertThat(pair.here.reasons(1)).containsOnly(Reason.QUEUE_FULL);
        assertThat(pair.here.returnedNumbers())
                .isEqualTo(LongStream.range(room, 1000).boxed().toList());
        release.countDown();
        Waiting.until(() -> next.get() == room);
        pair.here.count(handle.ref(), room, room + 1);
        Waiting.until(() -> next.get() == room + 1);
    }

    @ParameterizedTest
    @EnumSource(names = {"LOCAL", "UNIX"})
    void whoSendsToAFullMailboxIsAskedToHoldBackAndNothingIsLost(Transport transport) {
        pair(transport, config -> config.withMailboxMaxMessages(4).withSendWait(Waiting.PATIENCE));
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        AtomicLong next = new AtomicLong();
        ActorHandle<Work> handle = pair.there.spawn("a", counting(held, release, next));
        pair.here.client.send(handle.ref(), new Work.Do("hold"));
        Waiting.on(held);
        AtomicLong sent = new AtomicLong();
        AtomicBoolean enough = new AtomicBoolean();
        Thread sender =
                Thread.ofPlatform()
                        .start(() -> {
                            while (!enough.get()) {
                                long number = sent.getAndIncrement();
                                pair.here.count(handle.ref(), number, number + 1);
                            }
                        });
        Waiting.until(
                () -> // not only for the link, which is slow at times
                sender.getState() == Thread.State.TIMED_WAITING
                                && pair.there.proc.queuedMessages() >= 4);
        release.countDown();
        enough.set(true);
        Waiting.until(() -> !sender.isAlive() && next.get() == sent.get());
        assertThat(pair.here.returned()).isEmpty();
    }

    /// Handles numbers in order, but is held up by anything else.
    private static Actor<Work> counting(
            CountDownLatch held, CountDownLatch release, AtomicLong next) {
        return (cx, message) -> {
            if (message instanceof Work.Item(long value)) {
                assertThat(value).isEqualTo(next.getAndIncrement());
            } else {
                held.countDown();
                Waiting.on(release);
            }
        };
    }

    @ParameterizedTest
    @EnumSource(names = {"LOCAL", "UNIX"})
    void aListenerThatWaitsHoldsUpNobodyElseAndHearsAllInOrder(Transport transport)
            throws Exception {
        pair(transport);
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        List<Long> heard = new CopyOnWriteArrayList<>();
        Client client = pair.here.proc.client("waits");
        client.onUndeliverable(returned -> {
            held.countDown();
            Waiting.on(release);
            heard.add(((Work.Item) returned.message().orElseThrow()).value());
        });
        ActorRef<Work> nobody = attested(pair.there.proc.id(), "nobody");
        for (long i = 0; i < 1000; i++) {
            client.send(nobody, new Work.Item(i));
        }
        Waiting.on(held);
        assertThat(pair.here.ask(pair.there.spawn("a", new Counting()).ref(), 0)).isZero();
        release.countDown();
        Waiting.until(() -> heard.size() == 1000);
        assertThat(heard).isEqualTo(LongStream.range(0, 1000).boxed().toList());
    }

    @ParameterizedTest
    @EnumSource(names = {"LOCAL", "UNIX"})
    void whatDependsOnAPortThatWaitsHoldsUpNobodyElse(Transport transport) throws Exception {
        pair(transport);
        CountDownLatch held = new CountDownLatch(2);
        CountDownLatch release = new CountDownLatch(1);
        ActorRef<Work> counting = pair.there.spawn("a", new Counting()).ref();
        OncePort<Long> answer = pair.here.client.openOncePort();
        OncePort<Long> failure = pair.here.client.openOncePort();
        for (OncePort<Long> port : List.of(answer, failure)) {
            var _ =
                    port.future()
                            .handle((value, failed) -> {
                                held.countDown();
                                Waiting.on(release);
                                return value;
                            });
        }
        pair.here.client.send(counting, new Work.Question(0, answer.ref()));
        failure.close();
        Waiting.on(held);
        assertThat(pair.here.ask(counting, 0)).isZero();
        release.countDown();
        assertThat(Waiting.get(answer.future())).isZero();
    }

    @ParameterizedTest
    @EnumSource(names = {"LOCAL", "UNIX"})
    void aFullMailboxHoldsUpNobodyElseOnTheSameLink(Transport transport) throws Exception {
        pair(transport, config -> config.withMailboxMaxBytes(10_000).withSendWait(Duration.ZERO));
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        ActorHandle<Work> handle =
                pair.there.spawn(
                        "stuck",
                        (cx, message) -> {
                            held.countDown();
                            Waiting.on(release);
                        });
        Counting free = new Counting();
        ActorHandle<Work> neighbour = pair.there.spawn("neighbour", free);
        pair.here.client.send(handle.ref(), new Work.Do("hold"));
        Waiting.on(held);
        pair.here.count(handle.ref(), 0, 1000);
        pair.here.count(neighbour.ref(), 7, 8);
        Waiting.until(() -> free.numbers.contains(7L));
        assertThat(pair.here.reasons(1)).containsOnly(Reason.QUEUE_FULL); // it was full
        release.countDown();
    }

    @ParameterizedTest
    @EnumSource(names = {"LOCAL", "UNIX"})
    void requestsFailAtOnceWithTheRootCause(Transport transport) {
        pair(transport);
        Throwable nobody =
                catchThrowable(() -> pair.here.ask(attested(pair.there.proc.id(), "nobody"), 3));
        assertThat(nobody)
                .isInstanceOfSatisfying(
                        AskException.Undelivered.class,
                        e ->
                                assertThat(e.undeliverable().failure().reason())
                                        .isEqualTo(Reason.ACTOR_NOT_EXIST));
        ActorHandle<Work> failing =
                pair.there.spawn(
                        "failing",
                        (cx, message) -> {
                            throw new IllegalArgumentException("on purpose");
                        });
        assertThatThrownBy(() -> pair.here.ask(failing.ref(), 0))
                .isInstanceOf(AskException.HandlerFailed.class)
                .hasMessageContaining(failing.id().toString())
                .hasMessageContaining("IllegalArgumentException: on purpose");
        assertThat(pair.here.returned()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"LOCAL", "UNIX"})
    void aPeerThatHasClosed(Transport transport) {
        pair =
                new Pair(
                        transport,
                        directory,
                        channels -> channels.withDialWindow(Duration.ZERO),
                        config -> config);
        ActorRef<Work> ref = pair.there.spawn("a", new Counting()).ref();
        pair.here.count(ref, 0, 1);
        Waiting.get(pair.here.proc.flush());
        pair.there.close();
        pair.here.count(ref, 1, 2);
        Undeliverable back = firstReturned();
        assertThat(back.message()).contains(new Work.Item(1));
        assertThat(back.failure().reason().kind()).isEqualTo(DeliveryFailure.Kind.TRANSPORT);
        assertThat(back.outcome()).isEqualTo(Undeliverable.Outcome.NOT_DELIVERED);
    }

    @ParameterizedTest
    @EnumSource(names = {"LOCAL", "UNIX"})
    void moreThanTheWayHomeHoldsAtOnce(Transport transport) {
        pair =
                new Pair(
                        transport,
                        directory,
                        channels -> channels.withWindow(1 << 16, 16),
                        config -> config.withSendWait(Waiting.PATIENCE));
        long abandoned = Counters.abandoned();
        pair.here.count(attested(pair.there.proc.id(), "nobody"), 0, 3000);
        Waiting.until(() -> pair.here.returnedCount() + Counters.abandoned() - abandoned >= 3000);
        assertThat(pair.here.returnedNumbers()).hasSize(3000).isSorted();
    }

    @ParameterizedTest
    @EnumSource(names = {"LOCAL", "UNIX"})
    void theQueueOfAFailedActorThoughTheWayHomeIsNarrow(Transport transport) {
        pair =
                new Pair(
                        transport,
                        directory,
                        channels -> channels.withWindow(1 << 16, 16),
                        config -> config.withSendWait(Waiting.PATIENCE));
        long abandoned = Counters.abandoned();
        Counting actor = new Counting();
        ActorHandle<Work> handle = pair.there.spawn("a", actor);
        pair.here.client.send(handle.ref(), new Work.Do("hold"));
        Waiting.on(actor.held);
        pair.here.client.send(handle.ref(), new Work.Do("fail"));
        pair.here.count(handle.ref(), 0, 3000);
        Waiting.get(pair.here.proc.flush());
        actor.release.countDown();
        Waiting.until(() -> pair.here.returnedCount() + Counters.abandoned() - abandoned >= 3000);
        assertThat(pair.here.returnedNumbers()).hasSize(3000).isSorted();
    }

    @ParameterizedTest
    @EnumSource(names = {"LOCAL", "UNIX"})
    void whatComesWhileAProcClosesGoesBackThoughTheWayHomeIsNarrow(Transport transport) {
        pair =
                new Pair(
                        transport,
                        directory,
                        channels -> channels.withWindow(1 << 16, 16),
                        config -> config.withSendWait(Waiting.PATIENCE));
        AtomicBoolean late = new AtomicBoolean(true);
        pair.there.proc.closes(() -> { // its actors have ended, and it is still served
            if (late.getAndSet(false)) {
                pair.here.count(attested(pair.there.proc.id(), "nobody"), 0, 1000);
                Waiting.get(pair.here.proc.flush());
            }
        });
        pair.there.close();
        Waiting.until(() -> pair.here.returnedCount() >= 1000);
        assertThat(pair.here.returnedNumbers()).hasSize(1000).isSorted();
    }

    private Undeliverable firstReturned() {
        Waiting.until(() -> pair.here.returnedCount() > 0);
        return pair.here.returned().getFirst();
    }
}

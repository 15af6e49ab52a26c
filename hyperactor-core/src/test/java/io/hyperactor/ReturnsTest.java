package io.hyperactor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.hyperactor.DeliveryFailure.Reason;
import io.hyperactor.wire.ProcId;
import io.hyperactor.wire.Transport;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// What can not be delivered between two procs comes home with its root cause.
final class ReturnsTest extends OnePair {
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
        ActorHandle<Work> handle = held(actor);
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
        ActorHandle<Work> handle = held(actor);
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
        linked(transport, channels -> channels.withFrameMaxBytes(100_000));
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
        linked(transport, channels -> channels.withFrameMaxBytes(limit));
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
        assertReturnedOverFramesOf(100_000, transport);
    }

    @Test
    void norDoesOneThatWouldGoBackWholeIfFramesWereLonger() {
        assertReturnedOverFramesOf(32_000, Transport.UNIX);
    }

    /// Messages that just fit.
    private void assertReturnedOverFramesOf(int bytes, Transport transport) {
        String text = "x".repeat(bytes - 200);
        linked(transport, channels -> channels.withFrameMaxBytes(bytes));
        Counting actor = new Counting();
        ActorHandle<Work> handle = held(actor);
        pair.here.client.send(handle.ref(), new Work.Do("fail"));
        pair.here.client.send(handle.ref(), new Work.Do(text));
        pair.here.client.send(attested(pair.there.proc.id(), "b"), new Work.Do(text));
        Waiting.get(pair.here.proc.flush());
        actor.release.countDown();
        assertThat(pair.here.reasons(2))
                .containsExactlyInAnyOrder(Reason.ACTOR_FAILED, Reason.ACTOR_NOT_EXIST);
        assertThat(pair.here.returned()).allMatch(u -> u.message().isEmpty());
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
    void whoAskedIsToldThoughWhatWasThrownHasHalfACharacter(Transport transport) {
        pair(transport);
        ActorHandle<Work> failing =
                pair.there.spawn(
                        "failing",
                        (cx, message) -> {
                            throw new IllegalArgumentException("half \uD83D of it");
                        });
        assertThatThrownBy(() -> pair.here.ask(failing.ref(), 0))
                .isInstanceOf(AskException.HandlerFailed.class)
                .hasMessageContaining("IllegalArgumentException: half \uFFFD of it");
    }

    @ParameterizedTest
    @EnumSource(names = {"LOCAL", "UNIX"})
    void whatCameToOneThatWasStoppedForHalfACharacterComesBack(Transport transport) {
        pair(transport);
        ActorHandle<Work> handle = pair.there.spawn("a", new Counting());
        handle.stop("half \uD83D of it");
        Waiting.get(handle.ended());
        pair.here.count(handle.ref(), 0, 1);
        assertThat(firstReturned().failure().reason())
                .isEqualTo(DeliveryFailure.Reason.ACTOR_STOPPED);
    }

    @ParameterizedTest
    @EnumSource(names = {"LOCAL", "UNIX"})
    void aPeerThatHasClosed(Transport transport) {
        linked(transport, channels -> channels.withDialWindow(Duration.ZERO));
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

    private Undeliverable firstReturned() {
        Waiting.until(() -> pair.here.returnedCount() > 0);
        return pair.here.returned().getFirst();
    }
}

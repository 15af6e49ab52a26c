package io.hyperactor;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperactor.DeliveryFailure.Reason;
import io.hyperactor.wire.Transport;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;

/// Who is full, or waits, holds up nobody else.
final class HoldUpTest extends OnePair {
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
}

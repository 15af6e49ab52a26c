package io.hyperactor;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperactor.wire.Transport;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

/// Between two procs.
final class DeliveryTest {
    /// A protocol whose messages name its own actors and ports of several kinds.
    sealed interface Relay {
        record Pass(ActorRef<Relay> next, PortRef<String> log, OncePortRef<Long> end, long hops)
                implements Relay {}
    }

    @TempDir private Path directory;
    private Pair pair;

    private Pair pair(Transport transport) {
        pair = new Pair(transport, directory);
        return pair;
    }

    @AfterEach
    void end() {
        pair.close();
    }

    @ParameterizedTest
    @EnumSource(names = {"LOCAL", "UNIX"})
    void anActorElsewhereIsAskedLikeOneHere(Transport transport) throws Exception {
        pair(transport);
        ActorRef<Work> ref = pair.there.spawn("a", new Counting()).ref();
        pair.here.count(ref, 0, 100);
        assertThat(pair.here.ask(ref, 0)).isEqualTo(100);
        var attested = ActorRef.attest(ref.id(), Work.class);
        assertThat(pair.here.ask(attested, 0)).isEqualTo(100);
    }

    @ParameterizedTest
    @EnumSource(names = {"LOCAL", "UNIX"})
    void messagesOfEachSenderKeepTheirOrder(Transport transport) throws Exception {
        pair(transport);
        int senders = 4;
        int count = 5000;
        long[] next = new long[senders];
        List<String> wrong = new ArrayList<>();
        CompletableFuture<Void> all = new CompletableFuture<>();
        ActorRef<Work> ref =
                pair.there
                        .spawn(
                                "a",
                                (cx, message) -> {
                                    long value = ((Work.Item) message).value();
                                    int sender = (int) (value / count);
                                    if (value % count != next[sender]++) {
                                        wrong.add(sender + ": " + value);
                                    }
                                    if (LongStream.of(next).allMatch(n -> n == count)) {
                                        all.complete(null);
                                    }
                                })
                        .ref();
        List<Thread> threads = new ArrayList<>();
        for (long s = 0; s < senders; s++) {
            Client client = pair.here.proc.client("sender" + s);
            long first = s * count;
            threads.add(
                    Thread.ofPlatform()
                            .start(() -> {
                                for (long i = first; i < first + count; i++) {
                                    client.send(ref, new Work.Item(i));
                                }
                            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        Waiting.get(all);
        assertThat(wrong).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"LOCAL", "UNIX"})
    void portsTakeMessagesFromElsewhereInOrder(Transport transport) throws Exception {
        pair(transport);
        Port<String> log = pair.here.client.openPort(String.class);
        OncePort<Long> end = pair.here.client.openOncePort();
        ActorType<Relay> type =
                ActorType.of(
                        "relay",
                        Relay.class,
                        () ->
                                (cx, message) -> {
                                    Relay.Pass pass = (Relay.Pass) message;
                                    cx.send(pass.log(), cx.id().name() + " " + pass.hops());
                                    if (pass.hops() == 0) {
                                        cx.send(pass.end(), 99L);
                                    } else {
                                        cx.send(
                                                pass.next(),
                                                new Relay.Pass(
                                                        cx.self(),
                                                        pass.log(),
                                                        pass.end(),
                                                        pass.hops() - 1));
                                    }
                                });
        ActorRef<Relay> left = pair.here.proc.spawn("left", type).ref();
        ActorRef<Relay> right = pair.there.proc.spawn("right", type).ref();
        pair.here.client.send(left, new Relay.Pass(right, log.ref(), end.ref(), 3));
        assertThat(end.receive(Waiting.PATIENCE)).isEqualTo(99);
        for (String line : List.of("left 3", "right 2", "left 1", "right 0")) {
            assertThat(log.receive(Waiting.PATIENCE)).contains(line);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"LOCAL", "UNIX"})
    void afterAFlushAllIsInTheReceivingPort(Transport transport) throws Exception {
        pair(transport);
        Port<Long> port = pair.there.client.openPort(Long.class);
        for (long i = 0; i < 1000; i++) {
            pair.here.client.send(port.ref(), i);
        }
        pair.here.proc.flush().get(Waiting.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(port.drain()).isEqualTo(LongStream.range(0, 1000).boxed().toList());
    }

    @ParameterizedTest
    @EnumSource(names = {"LOCAL", "UNIX"})
    void bothMaySendAtTheSameTime(Transport transport) throws Exception {
        pair(transport);
        int count = 3000;
        Scene[] scenes = {pair.here, pair.there};
        Counting[] actors = {new Counting(), new Counting()};
        List<ActorRef<Work>> refs = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            refs.add(scenes[i].spawn("a", actors[i]).ref());
        }
        Thread other = Thread.ofPlatform().start(() -> pair.there.count(refs.getFirst(), 0, count));
        pair.here.count(refs.getLast(), 0, count);
        other.join();
        for (Counting actor : actors) {
            Waiting.until(() -> actor.numbers.size() == count);
            assertThat(actor.numbers).isSorted();
        }
    }
}

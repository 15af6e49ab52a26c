package io.hyperactor;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperactor.Undeliverable.Outcome;
import io.hyperactor.wire.Transport;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/// Every message that is sent has one outcome, also when the peer goes away meanwhile.
final class AccountingTest {
    private static final int SENDERS = 3;
    private static final int COUNT = 10_000;

    @TempDir private Path directory;
    private final long seed = ThreadLocalRandom.current().nextLong();
    private final Random random = new Random(seed);

    private static final class Sender {
        final Client client;
        final List<Long> notDelivered = Collections.synchronizedList(new ArrayList<>());
        final List<Long> unknown = Collections.synchronizedList(new ArrayList<>());
        final List<Long> delivered = Collections.synchronizedList(new ArrayList<>());

        Sender(Client client) {
            this.client = client;
            client.onUndeliverable(u ->
                    (u.outcome() == Outcome.NOT_DELIVERED ? notDelivered : unknown)
                            .add(((Work.Item) u.message().orElseThrow()).value() % COUNT));
        }

        void sendAll(ActorRef<Work> to, long base) {
            for (long i = 0; i < COUNT; i++) {
                client.send(to, new Work.Item(base + i));
            }
        }

        int known() {
            return notDelivered.size() + delivered.size();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"LOCAL", "UNIX"})
    void whenThePeerClosesInTheMiddleEachMessageArrivesOrComesBack(Transport transport)
            throws Exception {
        for (int round = 0; round < 5; round++) {
            try (Pair pair =
                    new Pair(
                            transport,
                            directory,
                            channels -> channels.withDialWindow(Duration.ZERO),
                            config -> config)) {
                run(pair, random.nextInt(SENDERS * COUNT));
            }
        }
    }

    private void run(Pair pair, int enough) throws InterruptedException {
        List<Sender> senders = new ArrayList<>();
        for (int s = 0; s < SENDERS; s++) {
            senders.add(new Sender(pair.here.proc.client("sender" + s)));
        }
        CountDownLatch middle = new CountDownLatch(1);
        AtomicInteger arrived = new AtomicInteger();
        ActorRef<Work> ref =
                pair.there
                        .spawn(
                                "a",
                                (cx, message) -> {
                                    long value = ((Work.Item) message).value();
                                    senders.get((int) (value / COUNT)).delivered.add(value % COUNT);
                                    if (arrived.incrementAndGet() >= enough) {
                                        middle.countDown();
                                    }
                                })
                        .ref();
        List<Thread> threads = new ArrayList<>();
        for (int s = 0; s < SENDERS; s++) {
            Sender sender = senders.get(s);
            long base = (long) s * COUNT;
            threads.add(Thread.ofPlatform().start(() -> sender.sendAll(ref, base)));
        }
        Waiting.on(middle);
        pair.there.close();
        for (Thread thread : threads) {
            thread.join();
        }
        for (Sender sender : senders) {
            Waiting.until(() -> sender.known() + sender.unknown.size() >= COUNT);
            assertThat(sender.unknown).as("seed %d", seed).isEmpty(); // for the peer closed
            assertThat(sender.delivered).as("seed %d", seed).isSorted();
            Set<Long> outcomes = new HashSet<>(sender.delivered);
            outcomes.addAll(sender.notDelivered);
            assertThat(outcomes).as("seed %d", seed).hasSize(COUNT);
            assertThat(sender.known()).as("seed %d, none twice", seed).isEqualTo(COUNT);
        }
    }
}

package io.hyperactor.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hyperactor.ActorRef;
import io.hyperactor.AskException;
import io.hyperactor.BlobMessage;
import io.hyperactor.Client;
import io.hyperactor.Proc;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.Transport;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// What is much larger than the memory of any process on its way crosses them, and small messages
/// cross with it.
@SystemTest
class LargeIT {
    private static final long MEBIBYTES = FaultRow.times(256, 1024);
    private static final String HEAP = "-Xmx24m";

    /// None of its processes could hold a tenth of what crosses.
    private static HostProcess start() throws Exception {
        return new HostLaunch(
                        List.of(),
                        List.of(HEAP, "-XX:MaxDirectMemorySize=8m"),
                        "unix:",
                        List.of(
                                "java",
                                System.getProperty("java.class.path"),
                                WorkerProc.class.getName(),
                                HEAP))
                .start();
    }

    @Test
    @Timeout(300)
    void aBlobCrossesInLittleMemoryAndSmallMessagesCrossWithIt() throws Exception {
        try (HostProcess host = start();
                Proc here = Proc.direct(ChannelAddress.any(Transport.UNIX), "here");
                Client client = here.client("client")) {
            var _ = host.spawn(client, List.of("p", "q"));
            ActorRef<Task> source = host.spawnWorker(client, "p", "source");
            ActorRef<Task> sink = host.spawnWorker(client, "q", "sink");
            ActorRef<Task> besideSource = host.spawnWorker(client, "p", "beside");
            ActorRef<Task> besideSink = host.spawnWorker(client, "q", "beside");
            MadeBytes bytes = new MadeBytes((MEBIBYTES << 20) + 12_345);

            ActorRef<BlobMessage> blob =
                    client.ask(
                            source,
                            replyTo -> new Task.Offer(bytes.length(), replyTo),
                            Patience.LIMIT);
            long begin = System.nanoTime();
            CompletableFuture<Long> sum =
                    client.request(
                            sink, replyTo -> new Task.Read(blob, replyTo), Duration.ofMinutes(4));
            long longest = 0;
            int answered = 0;
            while (!sum.isDone()) {
                longest = Math.max(longest, answer(client, besideSource, answered));
                longest = Math.max(longest, answer(client, besideSink, answered));
                answered++;
            }
            System.out.printf(
                    "LargeIT: %d MiB crossed in %d ms; %d pairs of small asks were answered"
                            + " meanwhile, none later than after %d us%n",
                    MEBIBYTES, (System.nanoTime() - begin) / 1_000_000, answered, longest / 1000);
            assertThat(sum.join()).isEqualTo(bytes.checksum());
            assertThat(answered).isPositive();
            host.stop();
        }
    }

    @Test
    void whoReadsFromAProcThatIsKilledIsToldAtOnce() throws Exception {
        try (HostProcess host = start();
                Proc here = Proc.direct(ChannelAddress.any(Transport.UNIX), "here");
                Client client = here.client("client")) {
            OsProcess owner = host.spawn(client, List.of("p", "q")).getFirst();
            ActorRef<Task> source = host.spawnWorker(client, "p", "source");
            ActorRef<Task> sink = host.spawnWorker(client, "q", "sink");
            ActorRef<BlobMessage> blob =
                    client.ask(
                            source,
                            replyTo -> new Task.Offer(Long.MAX_VALUE / 2, replyTo),
                            Patience.LIMIT);
            long before = host.process().bytesWritten();
            CompletableFuture<Long> sum =
                    client.request(sink, replyTo -> new Task.Read(blob, replyTo), Patience.AT_ONCE);
            await().atMost(Patience.LIMIT)
                    .until(() -> host.process().bytesWritten() > before + (32 << 20));
            owner.signal("KILL");

            assertThat(sum)
                    .failsWithin(Patience.AT_ONCE)
                    .withThrowableThat()
                    .withCauseInstanceOf(AskException.HandlerFailed.class)
                    .withMessageContaining("java.io.IOException")
                    .withMessageContaining("AskException$Undelivered");
            host.stop();
        }
    }

    private static long answer(Client client, ActorRef<Task> worker, int number)
            throws InterruptedException {
        long begin = System.nanoTime();
        String text = "n" + number;
        String answer =
                client.ask(worker, replyTo -> new Task.Reverse(text, replyTo), Patience.AT_ONCE);
        assertThat(answer).isEqualTo(new StringBuilder(text).reverse().toString());
        return System.nanoTime() - begin;
    }
}

package io.hyperactor.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperactor.ActorRef;
import io.hyperactor.channel.Ledger.Kind;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Fault rows M08 to M10: more messages than anybody takes, from many and for many.
@SystemTest
@Tag("faults")
class CrowdsIT {
    private static final int PROCS = 8;
    private static final int STREAMS = 8;
    private static final int BUSY = 1_000_000; // the first of these streams

    /// Four halves of a mailbox for each.
    private static final int STRETCH = STREAMS * 4 * 32_768;

    @TempDir Path directory;
    @TempDir Path classes;

    private static long residentMib(OsProcess process) {
        return process.stat().orElseThrow().rssKiB() / 1024;
    }

    @Test
    @Timeout(600)
    void m08OneStoppedProcDoesNotHoldUpTheOthersAndCostsNoMoreThanItsWindow() throws Exception {
        int records = 3_000_000;
        try (HostProcess host = HostProcess.start(classes);
                LedgerRun run = new LedgerRun(directory, host)) {
            OsProcess stopped = host.spawn(run.client(), "p0");
            ActorRef<Tally> to = run.recipient("p0", records);
            List<Neighbour> neighbours = new ArrayList<>();
            for (int i = 1; i < PROCS; i++) {
                ActorRef<Tally> other = run.recipientInNewProc("p" + i, 10);
                neighbours.add(new Neighbour(run.client(), other));
            }
            Program sender = run.sender(records);
            sender.awaitLine(SenderProgram.SERVING);
            sender.say(SenderProgram.order(1, 20_000, 64, 0, to.id()));
            sender.awaitLine(SenderProgram.SENT);
            var _ = run.settle(Patience.LIMIT);
            Duration quiet = neighbours.getFirst().quiet(Duration.ofSeconds(2));
            long hostBefore = residentMib(host.process());
            long senderBefore = residentMib(sender.process());

            long stoppedAt = System.nanoTime();
            stopped.signal("STOP");
            int seconds = FaultRow.times(4, 15);
            for (int stream = 2; stream <= 5; stream++) { // 1 KiB each: over the window of bytes
                sender.say(SenderProgram.order(stream, 100_000, 1024, 0, to.id()));
            }
            Pause.of(Duration.ofSeconds(1)); // by then it is full
            long handled = run.count(Kind.ENQUEUED); // some may have come before it stood still
            FaultRow row =
                    new FaultRow("M08", "one of 8 procs stopped and flooded, others' p99 > 2x");
            row.within(
                    Duration.ofMillis(20),
                    neighbours.size(),
                    round ->
                            neighbours
                                    .get(round % neighbours.size())
                                    .disturbedBy(
                                            quiet,
                                            () -> {
                                                Pause.of(Duration.ofMillis(seconds * 1000L / 7));
                                                return null;
                                            }));
            new FaultRow("M08", "the host grows by, beside 32 MiB on its way")
                    .atMost("MiB", residentMib(host.process()) - hostBefore, 144, 1);
            new FaultRow("M08", "the sender grows by, with 4 senders that wait")
                    .atMost("MiB", residentMib(sender.process()) - senderBefore, 128, 1);
            assertThat(run.count(Kind.ENQUEUED)).isEqualTo(handled);
            stopped.signal("CONT");
            // A link without an acknowledgement for 30 s is given up.
            boolean inTime = System.nanoTime() - stoppedAt < Duration.ofSeconds(25).toNanos();
            for (int i = 0; i < 4; i++) {
                sender.awaitLine(SenderProgram.SENT);
            }
            var _ = run.settle(Patience.LIMIT);
            Judgement judgement = run.assertClean();
            System.out.println("M08 " + judgement);
            long inDoubt = inTime ? judgement.unknown() : 0;
            if (!inTime) {
                System.out.println("M08 took so long that messages in doubt are no wrong ones");
            }
            new FaultRow("M08", "of the notes to the stopped proc: wrong outcomes")
                    .atMost("messages", judgement.wrongs().size() + inDoubt, 0, 1);
            host.stop();
        }
    }

    @Test
    @Timeout(900)
    void m09AFloodForAnActorThatIsBlockedIsHeldBackAndDrains() throws Exception {
        int count = FaultRow.times(400_000, 10_000_000);
        try (HostProcess host = HostLaunch.ofWorkers().ofProcsWith("-Xmx256m").start();
                LedgerRun run = new LedgerRun(directory, host)) {
            OsProcess proc = host.spawn(run.client(), "p");
            Neighbour neighbour = new Neighbour(run.client(), run.recipient("p", 10));
            ActorRef<Tally> to = run.recipient("p", count + 10);
            Program sender = run.sender(2 * count + 1_000_000);
            sender.awaitLine(SenderProgram.SERVING);
            Duration quiet = neighbour.quiet(Duration.ofSeconds(2));
            Path go = run.signal();
            run.block(to, go);
            FaultRow row =
                    new FaultRow("M09", "flood for a blocked actor, p99 of others beyond 2x");
            row.within(
                    Duration.ofMillis(20),
                    1,
                    round ->
                            neighbour.disturbedBy(
                                    quiet,
                                    () -> { // when it is measured again the flood is still there
                                        for (int stream = 1; round == 0 && stream <= 4; stream++) {
                                            sender.say(
                                                    SenderProgram.order(
                                                            stream, count / 4, 64, 0, to.id()));
                                        }
                                        Pause.of(Duration.ofSeconds(3));
                                        return null;
                                    }));
            long mib = residentMib(proc);
            assertThat(run.count(Kind.ENQUEUED)).isZero();
            new FaultRow("M09", "memory of the proc of 256m while it is flooded")
                    .atMost("MiB", mib, 400, 1);
            Files.createFile(go);
            for (int stream = 1; stream <= 4; stream++) {
                sender.awaitLine(SenderProgram.SENT);
            }
            var _ = run.settle(Patience.LIMIT);
            Judgement judgement = run.assertClean();
            System.out.println("M09 " + judgement);
            assertThat(proc.isAlive()).isTrue();
            new FaultRow("M09", count + " notes: wrong outcomes")
                    .atMost("messages", judgement.wrongs().size() + judgement.unknown(), 0, 1);
            host.stop();
        }
    }

    @Test
    @Timeout(600)
    void m10ManyForOneAndOneForManyAreServedInOrderAndFairly() throws Exception {
        int many = FaultRow.times(1_000, 10_000);
        int each = 20;
        try (HostProcess host = HostProcess.start(classes);
                LedgerRun run = new LedgerRun(directory, host)) {
            var _ = host.spawn(run.client(), "p");
            ActorRef<Tally> one = run.recipient("p", 8_000_000);
            try (LedgerSender sender = new LedgerSender(run, 3 * many * each)) {
                List<Thread> threads = new ArrayList<>();
                for (int i = 1; i <= many; i++) {
                    int stream = i;
                    Thread.Builder kind = i % 100 == 0 ? Thread.ofPlatform() : Thread.ofVirtual();
                    threads.add(kind.start(() -> sender.send(stream, one, each, 0)));
                }
                for (Thread thread : threads) {
                    thread.join();
                }
                var _ = run.settle(Patience.LIMIT);
            }
            int actors = FaultRow.times(300, 10_000);
            List<ActorRef<Tally>> all = run.recipients("p", actors, 3 * actors * each);
            try (LedgerSender sender = new LedgerSender(run, 3 * actors * each)) {
                for (int i = 0; i < actors; i++) {
                    sender.send(many + 1 + i, all.get(i), each, 0);
                }
                var _ = run.settle(Patience.LIMIT);
            }
            Judgement judgement = run.assertClean();
            System.out.println("M10 " + judgement);
            assertThat(judgement.handled()).isEqualTo(judgement.sent());
            new FaultRow("M10", many + " senders to one actor, one to " + actors + ": wrong")
                    .atMost("messages", judgement.wrongs().size(), 0, 1);

            new FaultRow("M10", "8 that send all the time: most served by least")
                    .atMost("times", unfairness(run, one, 5_000_000), 4, 1);
            host.stop();
        }
    }

    /// Of eight streams, each of which has more to send all the time.
    private static long unfairness(LedgerRun run, ActorRef<Tally> to, int records)
            throws IOException, InterruptedException {
        long each = FaultRow.times(100_000, 500_000);
        Program sender = run.sender(records);
        sender.awaitLine(SenderProgram.SERVING);
        for (int i = 0; i < STREAMS; i++) {
            sender.say(SenderProgram.order(BUSY + i, each, 64, 0, to.id()));
        }
        for (int i = 0; i < STREAMS; i++) {
            sender.awaitLine(SenderProgram.SENT);
        }
        var _ = run.settle(Patience.LIMIT);
        int[] handled =
                run.lines(Kind.ENQUEUED).stream()
                        .mapToInt(LedgerFile.Line::stream)
                        .filter(stream -> stream >= BUSY)
                        .map(stream -> stream - BUSY)
                        .toArray();
        return Shares.worst(handled, STREAMS, STRETCH);
    }
}

package io.hyperactor.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hyperactor.channel.Ledger.Kind;
import io.hyperactor.system.NetLab.Machine;
import io.hyperactor.wire.ActorId;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Fault rows M07 and M18: networks that are down for a while, one way or both, between machines.
@SystemTest
@Tag("faults")
class OutagesIT {
    private static final int RECORDS = 2_000_000;
    private static final long PAUSE_NANOS = 300_000;
    private static final Duration LONG_PAUSE = Duration.ofMillis(5);
    private static final Duration GIVEN_UP = Duration.ofSeconds(30);
    private static final List<String> INSECURE = List.of("-D" + HostProgram.INSECURE + "=true");

    @TempDir Path directory;

    /// A host on the right machine, and a sender on the left one that sends to a recipient behind
    /// it.
    private record Stage(NetLab lab, HostProcess host, LedgerRun run, Program sender, ActorId to)
            implements AutoCloseable {
        static Stage set(Path directory) throws Exception {
            NetLab lab = NetLab.make();
            HostProcess host = host(Machine.RIGHT);
            LedgerRun run = new LedgerRun(directory, host);
            Program sender = sender(run, Machine.LEFT);
            return new Stage(lab, host, run, sender, open(run, sender, host, "p"));
        }

        static HostProcess host(Machine on) throws IOException, InterruptedException {
            return HostLaunch.ofWorkers()
                    .under(on.command())
                    .with(INSECURE.getFirst())
                    .at("tcp:" + on.ip() + ":4400")
                    .start();
        }

        static Program sender(LedgerRun run, Machine on) throws IOException, InterruptedException {
            Program sender = run.sender(RECORDS, "tcp:" + on.ip() + ":0", on.command(), INSECURE);
            sender.awaitLine(SenderProgram.SERVING);
            return sender;
        }

        /// A new recipient behind a host.
        static ActorId open(LedgerRun run, Program sender, HostProcess host, String proc)
                throws IOException, InterruptedException {
            sender.say(SenderProgram.open(host.address(), proc, run.file(), RECORDS));
            return ActorId.parse(sender.awaitLine(SenderProgram.OPENED));
        }

        void begin(int stream, long count, long pauseNanos) throws Exception {
            long handled = run.count(Kind.ENQUEUED);
            sender.say(SenderProgram.order(stream, count, 64, pauseNanos, to));
            await().atMost(Patience.LIMIT).until(() -> run.count(Kind.ENQUEUED) > handled + 100);
        }

        @Override
        public void close() throws IOException {
            try {
                run.close();
                host.program().endInput();
                host.process().awaitGone();
            } finally {
                host.close();
                lab.close();
            }
        }
    }

    @Test
    @Timeout(900)
    void m07ANetworkThatIsDownForSecondsIsSuspectedAndCostsNothing() throws Exception {
        int rounds = FaultRow.times(1, 10);
        try (Stage stage = Stage.set(directory)) {
            new FaultRow("M07", "cable out for 7 s: suspected, beyond 5 s after the last word")
                    .within(
                            Duration.ofSeconds(1),
                            rounds,
                            round -> {
                                stage.begin(round + 1, 40_000, PAUSE_NANOS); // for longer than that
                                stage.lab.cable(Machine.RIGHT, false);
                                Pause.of(Duration.ofSeconds(7));
                                long silence =
                                        Long.parseLong(
                                                stage.sender.awaitLine(SenderProgram.SUSPECTED));
                                stage.lab.cable(Machine.RIGHT, true);
                                stage.sender.awaitLine(SenderProgram.SENT + (round + 1));
                                var _ = stage.run.settle(Patience.LIMIT);
                                return Duration.ofMillis(silence).minusSeconds(5);
                            });
            Judgement judgement = stage.run.assertClean();
            System.out.println("M07 " + judgement);
            new FaultRow("M07", "the same: came back, or in doubt")
                    .atMost("messages", judgement.notDelivered() + judgement.unknown(), 0, rounds);
        }
    }

    /// Longer than a link without acknowledgements is given up after: that is told of each message
    /// at its time, not before and not long after it, and what is sent later arrives.
    @Test
    @Timeout(900)
    void m07ANetworkThatStaysDownEndsTheLinkAtItsTime() throws Exception {
        Duration outage = Duration.ofSeconds(FaultRow.times(75, 300));
        try (Stage stage = Stage.set(directory)) {
            LedgerRun run = stage.run;
            long count = outage.plusSeconds(10).dividedBy(LONG_PAUSE);
            stage.begin(1, count, LONG_PAUSE.toNanos());
            long cut = System.nanoTime();
            stage.lab.cable(Machine.RIGHT, false);
            Pause.of(outage);
            stage.lab.cable(Machine.RIGHT, true);
            stage.sender.awaitLine(SenderProgram.SENT + 1);
            long healed = System.nanoTime();
            stage.sender.say(SenderProgram.order(2, 1000, 64, PAUSE_NANOS, stage.to));
            stage.sender.awaitLine(SenderProgram.SENT + 2);
            var _ = run.settle(Patience.LIMIT);
            Judgement judgement = run.assertClean();
            System.out.println("M07 " + judgement);
            List<LedgerFile.Line> back = run.lines(Kind.NOT_DELIVERED, Kind.UNKNOWN);
            assertThat(back).isNotEmpty().allMatch(line -> line.stream() == 1);
            assertThat(judgement.unknown()).isPositive();

            long first = back.stream().mapToLong(LedgerFile.Line::nanos).min().orElseThrow();
            FaultRow row = new FaultRow("M07", "cable out for " + outage.toSeconds() + " s");
            long early = GIVEN_UP.minusNanos(first - cut).toMillis();
            row.atMost("ms, first back too early", Math.max(0, early), 500, 1);
            row.atMost("ms, first back too late", Math.max(0, -early), 1000, 1);
            row.atMost("ms, last back too late", Math.max(0, latest(run, back)), 1000, back.size());
            System.out.printf(
                    "M07 a message arrives %d ms after the first that is sent on a healed network%n",
                    Duration.ofNanos(firstHandled(run, 2) - healed).toMillis());
        }
    }

    /// How much longer than the time to give up any of them was under way, in milliseconds.
    private static long latest(LedgerRun run, List<LedgerFile.Line> back) throws IOException {
        Map<Long, Long> sent = new HashMap<>();
        for (LedgerFile.Line line : run.lines(Kind.SENT)) {
            if (line.stream() == 1) {
                sent.put(line.number(), line.nanos());
            }
        }
        long longest =
                back.stream()
                        .mapToLong(line -> line.nanos() - sent.get(line.number()))
                        .max()
                        .orElseThrow();
        return Duration.ofNanos(longest).minus(GIVEN_UP).toMillis();
    }

    private static long firstHandled(LedgerRun run, int stream) throws IOException {
        return run.lines(Kind.ENQUEUED).stream()
                .filter(line -> line.stream() == stream)
                .mapToLong(LedgerFile.Line::nanos)
                .min()
                .orElseThrow();
    }

    @Test
    @Timeout(600)
    void m18ANetworkThatIsMuteOneWayCostsNothing() throws Exception {
        int rounds = FaultRow.times(1, 10);
        try (Stage stage = Stage.set(directory)) {
            for (int round = 1; round <= rounds; round++) {
                stage.begin(round, 20_000, PAUSE_NANOS);
                stage.lab.mute(Machine.RIGHT, Machine.LEFT, true);
                Pause.of(Duration.ofSeconds(6));
                stage.lab.mute(Machine.RIGHT, Machine.LEFT, false);
                stage.sender.awaitLine(SenderProgram.SENT + round);
                var _ = stage.run.settle(Patience.LIMIT);
            }
            Judgement judgement = stage.run.assertClean();
            System.out.println("M18 " + judgement);
            new FaultRow("M18", "nothing comes back for 6 s: came back, or in doubt")
                    .atMost("messages", judgement.notDelivered() + judgement.unknown(), 0, rounds);
        }
    }

    /// Two machines hear each other one way only; a third one hears and is heard by both, and does
    /// not feel it.
    @Test
    @Timeout(600)
    void m18AThirdMachineTalksToBothMeanwhile() throws Exception {
        int rounds = FaultRow.times(1, 10);
        try (Stage stage = Stage.set(directory);
                HostProcess onTheLeft = Stage.host(Machine.LEFT)) {
            LedgerRun run = stage.run;
            Program back = Stage.sender(run, Machine.RIGHT);
            Program third = Stage.sender(run, Machine.THIRD);
            ActorId left = Stage.open(run, back, onTheLeft, "p");
            ActorId leftToo = Stage.open(run, third, onTheLeft, "q");
            ActorId rightToo = Stage.open(run, third, stage.host, "q");
            FaultRow row =
                    new FaultRow("M18", "a third machine sends to both: until all is handled");
            row.within(
                    Duration.ofSeconds(2),
                    rounds,
                    round -> {
                        int stream = 10 * round;
                        stage.begin(stream + 1, 20_000, PAUSE_NANOS);
                        back.say(SenderProgram.order(stream + 2, 20_000, 64, PAUSE_NANOS, left));
                        stage.lab.mute(Machine.RIGHT, Machine.LEFT, true);
                        long end = System.nanoTime() + Duration.ofSeconds(6).toNanos();
                        third.say(SenderProgram.order(stream + 3, 2_000, 64, PAUSE_NANOS, leftToo));
                        third.say(
                                SenderProgram.order(stream + 4, 2_000, 64, PAUSE_NANOS, rightToo));
                        third.awaitLine(SenderProgram.SENT);
                        third.awaitLine(SenderProgram.SENT);
                        long start = System.nanoTime();
                        await().pollInterval(Duration.ofMillis(5))
                                .atMost(Patience.LIMIT)
                                .until(() ->
                                        run.handled(stream + 3) + run.handled(stream + 4) == 4_000);
                        long took = System.nanoTime() - start;
                        Pause.of(Duration.ofNanos(end - System.nanoTime()));
                        stage.lab.mute(Machine.RIGHT, Machine.LEFT, false);
                        stage.sender.awaitLine(SenderProgram.SENT + (stream + 1));
                        back.awaitLine(SenderProgram.SENT + (stream + 2));
                        var _ = run.settle(Patience.LIMIT);
                        return Duration.ofNanos(took);
                    });
            Judgement judgement = run.assertClean();
            System.out.println("M18 " + judgement);
            row.atMost(
                    "messages back, or in doubt",
                    judgement.notDelivered() + judgement.unknown(),
                    0,
                    rounds);
            onTheLeft.stop();
        }
    }
}

package io.hyperactor.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hyperactor.channel.Ledger.Kind;
import io.hyperactor.wire.ActorId;
import io.hyperactor.wire.ChannelAddress;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Fault rows M07 and M18, and M13: networks that are down for a while, one way or both, between
/// two machines; and clocks that differ.
@SystemTest
@Tag("faults")
class OutagesIT {
    private static final int RECORDS = 2_000_000;
    private static final long PAUSE_NANOS = 300_000;
    private static final List<String> INSECURE = List.of("-D" + HostProgram.INSECURE + "=true");

    @TempDir Path directory;

    private static void sleep(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    /// A sender on the left machine that sends to a recipient behind a host on the right one.
    private record Stage(NetLab lab, HostProcess host, LedgerRun run, Program sender, ActorId to)
            implements AutoCloseable {
        static Stage set(Path directory) throws Exception {
            NetLab lab = NetLab.make();
            HostProcess host =
                    HostLaunch.ofWorkers()
                            .under(lab.onTheRight())
                            .with(INSECURE.getFirst())
                            .at("tcp:" + NetLab.RIGHT_IP + ":4400")
                            .start();
            LedgerRun run = new LedgerRun(directory, host);
            Program sender =
                    run.sender(RECORDS, "tcp:" + NetLab.LEFT_IP + ":0", lab.onTheLeft(), INSECURE);
            sender.awaitLine(SenderProgram.SERVING);
            ChannelAddress address = host.address();
            sender.say(SenderProgram.open(address, "p", run.file(), RECORDS));
            ActorId to = ActorId.parse(sender.awaitLine(SenderProgram.OPENED));
            return new Stage(lab, host, run, sender, to);
        }

        void begin(int stream, long count) throws Exception {
            long handled = run.count(Kind.ENQUEUED);
            sender.say(SenderProgram.order(stream, count, 64, PAUSE_NANOS, to));
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
                                stage.begin(round + 1, 20_000);
                                stage.lab.cable(false);
                                sleep(Duration.ofSeconds(7));
                                long silence =
                                        Long.parseLong(
                                                stage.sender.awaitLine(SenderProgram.SUSPECTED));
                                stage.lab.cable(true);
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

    @Test
    @Timeout(600)
    void m18ANetworkThatIsMuteOneWayCostsNothing() throws Exception {
        int rounds = FaultRow.times(1, 10);
        try (Stage stage = Stage.set(directory)) {
            for (int round = 1; round <= rounds; round++) {
                stage.begin(round, 20_000);
                stage.lab.rightIsMute(true);
                sleep(Duration.ofSeconds(6));
                stage.lab.rightIsMute(false);
                stage.sender.awaitLine(SenderProgram.SENT + round);
                var _ = stage.run.settle(Patience.LIMIT);
            }
            Judgement judgement = stage.run.assertClean();
            System.out.println("M18 " + judgement);
            new FaultRow("M18", "nothing comes back for 6 s: came back, or in doubt")
                    .atMost("messages", judgement.notDelivered() + judgement.unknown(), 0, rounds);
        }
    }

    @Test
    @Timeout(300)
    void m13ProcessesWhoseClocksDifferByYearsSendAsAnyDo() throws Exception {
        try (HostProcess host = HostLaunch.ofWorkers().start();
                LedgerRun run = new LedgerRun(directory, host)) {
            var _ = host.spawn(run.client(), "p");
            ActorId to = run.recipient("p", RECORDS).id();
            int stream = 1;
            for (String days : List.of("1", "3650")) {
                String seconds = String.valueOf(TimeUnit.DAYS.toSeconds(Long.parseLong(days)));
                Program sender =
                        run.sender(
                                RECORDS,
                                "unix:",
                                List.of(
                                        "unshare",
                                        "--time",
                                        "--fork",
                                        "--kill-child",
                                        "--monotonic",
                                        seconds,
                                        "--boottime",
                                        seconds),
                                List.of());
                sender.awaitLine(SenderProgram.SERVING);
                sender.say(SenderProgram.order(stream++, 10_000, 64, 100_000, to));
                sender.awaitLine(SenderProgram.SENT);
            }
            Duration took = run.settle(Patience.LIMIT);
            Judgement judgement = run.assertClean();
            assertThat(judgement.handled()).as("%s", judgement).isEqualTo(judgement.sent());
            new FaultRow("M13", "clocks a day and ten years apart: time to settle, none back")
                    .atMost("ms", took.toMillis(), 2_000, 2);
            host.stop();
        }
    }
}

package io.hyperactor.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperactor.host.HostAgentMessage;
import io.hyperactor.wire.ActorId;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Fault row M13: clocks that differ, and clocks that jump.
@SystemTest
@Tag("faults")
@Timeout(300)
class ClocksIT {
    private static final int RECORDS = 100_000;
    private static final Duration GRACE = Duration.ofSeconds(2);

    @TempDir Path directory;

    @Test
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

    @Test
    void m13WallClocksThatJumpByHoursHurryAndDelayNothing() throws Exception {
        List<String> jumping =
                List.of(
                        "env",
                        "LD_PRELOAD="
                                + Stub.compile(
                                        "jumpingclock.c", "jumpingclock.so", "-shared", "-fPIC"));
        assertThat(jump(jumping)).isGreaterThan(TimeUnit.HOURS.toMillis(1));
        try (HostProcess host = HostLaunch.ofWorkers().under(jumping).start();
                LedgerRun run = new LedgerRun(directory, host)) {
            OsProcess proc = host.spawn(run.client(), "p");
            ActorId to = run.recipient("p", RECORDS).id();
            Program sender = run.sender(RECORDS, "unix:", jumping, List.of());
            sender.awaitLine(SenderProgram.SERVING);
            sender.say(SenderProgram.order(1, 20_000, 64, 100_000, to));
            sender.awaitLine(SenderProgram.SENT);
            Duration took = run.settle(Patience.LIMIT);
            Judgement judgement = run.assertClean();
            assertThat(judgement.handled()).as("%s", judgement).isEqualTo(judgement.sent());
            new FaultRow("M13", "wall clocks that jump by 2 h: time to settle, none back")
                    .atMost("ms", took.toMillis(), 2_000, 1);
            proc.signal("STOP");
            long off = stopped(host, run) - GRACE.toMillis();
            assertThat(off).as("a stop that is forced comes early").isNotNegative();
            new FaultRow("M13", "the same: a stop is forced after its grace, late by")
                    .atMost("ms", off, 1_000, 1);
            host.stop();
        }
    }

    private static long jump(List<String> jumping) throws Exception {
        List<String> command = new ArrayList<>(jumping);
        command.addAll(
                Program.javaCommand(
                        ClassPaths.everything(), List.of(), JumpsProgram.class.getName()));
        try (Program program = Program.run(command)) {
            return Long.parseLong(program.awaitLine(JumpsProgram.JUMPED));
        }
    }

    /// How many milliseconds the stop of the proc takes, which cannot hear of it.
    private static long stopped(HostProcess host, LedgerRun run) throws InterruptedException {
        long start = System.nanoTime();
        HostAgentMessage.EndReply reply =
                run.client()
                        .ask(
                                host.agent(),
                                replyTo -> new HostAgentMessage.StopProc("p", GRACE, replyTo),
                                Patience.LIMIT);
        assertThat(reply).isInstanceOf(HostAgentMessage.Ended.class);
        return Duration.ofNanos(System.nanoTime() - start).toMillis();
    }
}

package io.hyperactor.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hyperactor.ActorRef;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// Fault row M17: logs that cannot be written, or only slowly, and output that nobody reads, while
/// a proc prints a mebibyte a second.
@SystemTest
@Tag("faults")
@Timeout(300)
class LogFaultsIT {
    private static final Duration BEYOND = Duration.ofMillis(20);
    private static final int NOTES = 4_000;
    private static final long PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(500);
    private static final long PRINTED = 8 << 20;
    private static final long FULL = 1 << 20;

    @TempDir Path directory;

    /// A host with a proc that notes are sent to, and somebody who asks another actor there.
    private record Stage(HostProcess host, LedgerRun run, Neighbour neighbour, ActorRef<Tally> to)
            implements AutoCloseable {
        static Stage set(Path directory, HostProcess host) throws Exception {
            LedgerRun run = new LedgerRun(directory, host);
            var _ = host.spawn(run.client(), "jvm");
            return new Stage(
                    host,
                    run,
                    new Neighbour(run.client(), run.recipient("jvm", 10)),
                    run.recipient("jvm", 1_000_000));
        }

        /// Messages are sent, and nobody feels the fault.
        void send(int stream, String what, Duration quiet) throws Exception {
            int rounds = FaultRow.times(1, 20);
            try (LedgerSender sender = new LedgerSender(run, 1_000_000)) {
                new FaultRow("M17", what + ", p99 of others beyond 2x")
                        .within(
                                BEYOND,
                                rounds,
                                round ->
                                        neighbour.disturbedBy(
                                                quiet,
                                                () -> {
                                                    sender.send(
                                                            stream + round, to, NOTES, PAUSE_NANOS);
                                                    return null;
                                                }));
                var _ = run.settle(Patience.LIMIT);
            }
            Judgement judgement = run.assertClean();
            new FaultRow("M17", what + ": of the notes not handled")
                    .atMost("messages", judgement.sent() - judgement.handled(), 0, rounds);
        }

        OsProcess chatter(int number) throws InterruptedException {
            return host.spawn(run.client(), "chatter." + number);
        }

        /// And then there are so many procs left.
        void end(OsProcess proc, int left) {
            proc.signal("KILL");
            proc.awaitGone();
            await().atMost(Patience.LIMIT).until(() -> host.list(run.client()).size() == left);
        }

        @Override
        public void close() {
            run.close();
            host.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void m17ADiskThatFailsCostsRecordsAndNothingElse(LogDisk.Fault fault) throws Exception {
        try (LogDisk disk = new LogDisk(fault, directory);
                Stage stage =
                        Stage.set(
                                directory,
                                HostLaunch.ofBoth()
                                        .with("-D" + HostProgram.LOGS + "=" + disk.folder())
                                        .under(disk.before())
                                        .start())) {
            OsProcess before = stage.chatter(1);
            Duration quiet = stage.neighbour.quiet(Duration.ofSeconds(2));
            assertThat(lost(stage.host)[0]).isZero();
            stage.end(before, 1);
            disk.fail();
            OsProcess chatter = stage.chatter(2);
            stage.send(1, "disk for logs " + disk.fault(), quiet);
            await("more is printed than is kept while a disk does not take it")
                    .atMost(Duration.ofSeconds(100))
                    .until(() -> chatter.bytesWritten() > PRINTED);
            disk.heal();
            await("something is lost, and counted")
                    .atMost(Patience.LIMIT)
                    .until(() -> lost(stage.host)[0] > 0);
            Path file = disk.folder().resolve("chatter.2.log");
            await("the log goes on, and says what is missing")
                    .atMost(Patience.LIMIT)
                    .until(() ->
                            Files.exists(file) && Files.readString(file).contains("records lost"));
            stage.end(chatter, 1);
            stage.host.stop();
        }
    }

    /// Records that could not be written, and bytes that were not even kept.
    private static long[] lost(HostProcess host) throws Exception {
        host.program().say(HostProgram.LOST);
        return Stream.of(host.program().awaitLine(HostProgram.LOST).split(" "))
                .mapToLong(Long::parseLong)
                .toArray();
    }

    @Test
    void m17OutputOfAHostThatNobodyReadsHoldsUpNobody() throws Exception {
        Path fifo = directory.resolve("output");
        assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor()).isZero();
        Path socket = directory.resolve("host.sock");
        // Opened both ways, which does not wait for a writer.
        try (RandomAccessFile pipe = new RandomAccessFile(fifo.toFile(), "rw");
                Program program =
                        Program.run(
                                HostLaunch.ofBoth()
                                        .at(socket)
                                        .with("-D" + HostProgram.PASS_THROUGH + "=true")
                                        .under(
                                                "sh",
                                                "-c",
                                                "exec \"$@\" >\"$0\" 2>&1",
                                                fifo.toString())
                                        .command())) {
            assertThat(pipe.readLine()).startsWith("serving "); // and no more than that
            try (Stage stage = Stage.set(directory, HostProcess.at("unix:" + socket, program))) {
                Duration quiet = stage.neighbour.quiet(Duration.ofSeconds(2));
                OsProcess chatter = stage.chatter(1);
                await("no pipe takes as much")
                        .atMost(Patience.LIMIT)
                        .until(() -> chatter.bytesWritten() > FULL);
                // What is refused is logged, on the thread that reads sockets.
                OsProcess stranger = stage.host.spawn(stage.run.client(), "impostors.1");
                stage.send(1, "output that nobody reads", quiet);
                stage.end(stranger, 2);
                pipe.getChannel().close();
                stage.send(101, "output that is closed", quiet);
                stage.end(chatter, 1);
                program.endInput();
                assertThat(program.output(0)).isEmpty();
            }
        }
    }

    @Test
    void m17WhoFollowsLogsAndStandsStillHoldsUpNobody() throws Exception {
        try (Stage stage = Stage.set(directory, HostLaunch.ofBoth().start())) {
            OsProcess chatter = stage.chatter(1);
            Program follower =
                    Program.java(
                            ClassPaths.commandLine(),
                            "io.hyperactor.cli.Main",
                            "logs",
                            "-f",
                            "--host",
                            stage.host.address().toString());
            try (follower) {
                follower.awaitLine("20"); // a time
                Duration quiet = stage.neighbour.quiet(Duration.ofSeconds(2));
                follower.process().signal("STOP");
                stage.send(1, "who follows logs stands still", quiet);
                follower.process().signal("CONT");
                assertThat(follower.awaitLine("[")).endsWith(" missed]");
                stage.end(chatter, 1);
                follower.process().signal("INT");
                List<String> _ = follower.output(0);
            }
            stage.host.stop();
        }
    }
}

package io.hyperactor.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hyperactor.ActorRef;
import io.hyperactor.AskException;
import io.hyperactor.channel.Ledger.Kind;
import io.hyperactor.host.EchoActor;
import io.hyperactor.host.EchoMessage;

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
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// Fault rows M11 and M12: handlers that do not come back, and processes that stand still.
@SystemTest
@Tag("faults")
class StuckIT {
    private static final int STUCK = 64;
    private static final int COMPUTING = 4; // as many as make a machine of two processors busy

    @TempDir Path directory;
    @TempDir Path classes;

    /// What they cost is told from what the machine costs just then: the same is measured beside as
    /// many processes that compute, right before and after it.
    @Test
    @Timeout(600)
    void m11StuckHandlersStopNeitherTheirProcNorItsAgents() throws Exception {
        try (HostProcess host = HostProcess.start(classes);
                LedgerRun run = new LedgerRun(directory, host)) {
            var _ = host.spawn(run.client(), "p");
            ActorRef<Tally> free = run.recipient("p", 10);
            List<ActorRef<Tally>> stuck = run.recipients("p", STUCK, 10);
            ActorRef<EchoMessage> echo =
                    ActorRef.attest(host.proc("p").actor(EchoActor.NAME, 0), EchoMessage.class);
            Callable<?> agent = () -> run.client().ask(echo, EchoMessage::new, Patience.LIMIT);
            Callable<?> actor = () -> run.client().ask(free, Tally.Count::new, Patience.LIMIT);
            int times = FaultRow.times(1, 20);
            new FaultRow("M11", "60 block, 4 compute: an agent's answer, p99 beyond 2x")
                    .withinDespiteItself(
                            Duration.ofMillis(50), times, _ -> beyond(run, stuck, agent));
            new FaultRow("M11", "the same: an actor's answer beside them")
                    .withinDespiteItself(
                            Duration.ofMillis(50), times, _ -> beyond(run, stuck, actor));
            host.stop();
        }
    }

    /// How much longer than twice as long as beside computing processes an answer takes.
    private static Duration beyond(LedgerRun run, List<ActorRef<Tally>> stuck, Callable<?> question)
            throws Exception {
        Duration before = besideProcesses(question);
        Path go = run.signal();
        for (int i = 0; i < STUCK; i++) {
            hold(run, stuck.get(i), go, i < COMPUTING);
        }
        assertThatThrownBy(() ->
                        run.client().ask(stuck.getLast(), Tally.Count::new, Duration.ofMillis(100)))
                .isInstanceOf(AskException.TimedOut.class);
        Duration beside = Neighbour.percentile(question);
        Files.createFile(go);
        for (ActorRef<Tally> each : stuck) {
            long _ = run.client().ask(each, Tally.Count::new, Patience.LIMIT);
        }
        Duration after = besideProcesses(question);
        Duration usual = before.compareTo(after) > 0 ? before : after;
        Duration more = beside.minus(usual.multipliedBy(2));
        return more.isNegative() ? Duration.ZERO : more;
    }

    @Test
    @Timeout(120)
    void m11AStuckHandlerIsInTheLogOfItsProcWithItsStack() throws Exception {
        Path logs = directory.resolve("logs");
        try (HostProcess host =
                        HostLaunch.ofWorkers().with("-D" + HostProgram.LOGS + "=" + logs).start();
                LedgerRun run = new LedgerRun(directory, host)) {
            var _ = host.spawn(run.client(), "p");
            List<ActorRef<Tally>> stuck = run.recipients("p", 2, 10);
            Path go = run.signal();
            Path log = logs.resolve("p.log");
            new FaultRow("M11", "a handler that blocks, one that computes: until it is reported")
                    .within(
                            WorkerProc.STUCK_AFTER.plusSeconds(3),
                            1,
                            _ -> {
                                long start = System.nanoTime();
                                hold(run, stuck.get(0), go, false);
                                hold(run, stuck.get(1), go, true);
                                await("both in the log")
                                        .atMost(Patience.LIMIT)
                                        .until(() -> reported(log, stuck));
                                return Duration.ofNanos(System.nanoTime() - start);
                            });
            assertThat(Files.readString(log)).contains("Recipient.receive(Recipient.java:");
            Files.createFile(go);
            host.stop();
        }
    }

    @Test
    @Timeout(120)
    void m11TwoActorsThatAskEachOtherAreToldAndNobodyElseWaits() throws Exception {
        try (HostProcess host = HostProcess.start(classes);
                LedgerRun run = new LedgerRun(directory, host)) {
            var _ = host.spawn(run.client(), "p");
            ActorRef<Tally> free = run.recipient("p", 10);
            ActorRef<Task> one = host.spawnWorker(run.client(), "p", "one");
            ActorRef<Task> other = host.spawnWorker(run.client(), "p", "other");
            new FaultRow("M11", "two ask each other: an answer of an actor beside them")
                    .within(
                            Duration.ofMillis(500),
                            FaultRow.times(1, 20),
                            _ -> {
                                CompletableFuture<String> end =
                                        askInTurn(run, one, List.of(other, one));
                                Duration answered = answered(run, free);
                                assertThat(end.get(40, TimeUnit.SECONDS)).isEqualTo("TimedOut");
                                return answered;
                            });
            host.stop();
        }
    }

    private static CompletableFuture<String> askInTurn(
            LedgerRun run, ActorRef<Task> first, List<ActorRef<Task>> others) {
        return run.client()
                .request(
                        first,
                        replyTo -> new Task.AskInTurn(others, 2000, replyTo),
                        Patience.LIMIT);
    }

    private static Duration answered(LedgerRun run, ActorRef<Tally> recipient)
            throws InterruptedException {
        long start = System.nanoTime();
        long _ = run.client().ask(recipient, Tally.Count::new, Patience.LIMIT);
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private static boolean reported(Path log, List<ActorRef<Tally>> stuck) throws IOException {
        String text = Files.exists(log) ? Files.readString(log) : "";
        return stuck.stream()
                .allMatch(each -> text.contains("actor " + each.id() + " has not come back for "));
    }

    private static void hold(LedgerRun run, ActorRef<Tally> recipient, Path go, boolean computes)
            throws InterruptedException {
        long _ =
                run.client()
                        .ask(
                                recipient,
                                replyTo ->
                                        computes
                                                ? new Tally.Spin(go.toString(), replyTo)
                                                : new Tally.Block(go.toString(), replyTo),
                                Patience.LIMIT);
    }

    private static Duration besideProcesses(Callable<?> question) throws Exception {
        try (SpinningProcesses load = SpinningProcesses.of(COMPUTING)) {
            assertThat(load.isEmpty()).isFalse();
            return Neighbour.percentile(question);
        }
    }

    @Test
    @Timeout(300)
    void m12AProcThatStandsStillForSecondsLosesNothingAndIsNotSaidToHaveEnded() throws Exception {
        int records = 1_000_000;
        try (HostProcess host = HostProcess.start(classes);
                LedgerRun run = new LedgerRun(directory, host)) {
            OsProcess proc = host.spawn(run.client(), "p");
            ActorRef<Tally> to = run.recipient("p", records);
            Program sender = run.sender(records);
            sender.awaitLine(SenderProgram.SERVING);
            int times = FaultRow.times(1, 10);
            new FaultRow("M12", "proc, host and sender each stopped for 3 s, then all answer")
                    .within(
                            Duration.ofSeconds(2),
                            times,
                            round -> {
                                int stream = round + 1;
                                sender.say(
                                        SenderProgram.order(stream, 10_000, 64, 300_000, to.id()));
                                for (OsProcess still :
                                        List.of(proc, host.process(), sender.process())) {
                                    still.signal("STOP");
                                    Pause.of(Duration.ofSeconds(3));
                                    still.signal("CONT");
                                }
                                long start = System.nanoTime();
                                long _ = run.client().ask(to, Tally.Count::new, Patience.LIMIT);
                                long answered = System.nanoTime() - start;
                                sender.awaitLine(SenderProgram.SENT + stream);
                                return Duration.ofNanos(answered);
                            });
            var _ = run.settle(Patience.LIMIT);
            Judgement judgement = run.assertClean();
            assertThat(run.count(Kind.NOT_DELIVERED, Kind.UNKNOWN)).as("%s", judgement).isZero();
            assertThat(proc.isAlive()).isTrue();
            host.stop();
        }
    }

    @Test
    @Timeout(300)
    void m12AProcThatCollectsGarbageAllTheTimeIsNotSaidToHaveEnded() throws Exception {
        int actors = 4;
        Duration storm = Duration.ofSeconds(FaultRow.times(5, 20));
        int kept = 20 << 20; // by each, of a heap of 128 MiB
        try (HostProcess host =
                        HostLaunch.ofWorkers()
                                .ofProcsWith("-Xmx128m")
                                .ofProcsWith("-XX:+UseSerialGC")
                                .start();
                LedgerRun run = new LedgerRun(directory, host)) {
            OsProcess proc = host.spawn(run.client(), "p");
            ActorRef<Tally> to = run.recipient("p", 100_000);
            List<CompletableFuture<Long>> made = new ArrayList<>();
            for (int i = 0; i < actors; i++) {
                ActorRef<Task> worker = host.spawnWorker(run.client(), "p", "worker" + i);
                made.add(
                        run.client()
                                .request(
                                        worker,
                                        replyTo ->
                                                new Task.MakeGarbage(
                                                        storm.toMillis(), kept, replyTo),
                                        Duration.ofMinutes(2)));
            }
            try (LedgerSender sender = new LedgerSender(run, 100_000)) {
                sender.send(
                        1, to, FaultRow.times(5_000, 50_000), TimeUnit.MICROSECONDS.toNanos(200));
            }
            long bytes = 0;
            for (CompletableFuture<Long> each : made) {
                bytes += each.get(120, TimeUnit.SECONDS);
            }
            assertThat(bytes).isGreaterThan(5L * actors * kept);
            Duration took = run.settle(Patience.LIMIT);
            Judgement judgement = run.assertClean();
            assertThat(judgement.handled()).as("%s", judgement).isEqualTo(judgement.sent());
            assertThat(proc.isAlive()).isTrue();
            new FaultRow("M12", "beside 4 actors that make garbage: time to settle, nothing back")
                    .atMost("ms", took.toMillis(), 4_000, 1);
            host.stop();
        }
    }

    @Test
    @Timeout(300)
    void m12TooLittleProcessorTimeIsNoEnd() throws Exception {
        try (HostProcess host = HostProcess.start(classes);
                LedgerRun run = new LedgerRun(directory, host);
                SpinningProcesses load = SpinningProcesses.of(4)) {
            assertThat(load.isEmpty()).isFalse();
            OsProcess proc = host.spawn(run.client(), "p");
            ActorRef<Tally> to = run.recipient("p", 100_000);
            try (LedgerSender sender = new LedgerSender(run, 100_000)) {
                sender.send(
                        1, to, FaultRow.times(5_000, 50_000), TimeUnit.MICROSECONDS.toNanos(200));
            }
            Duration took = run.settle(Patience.LIMIT);
            Judgement judgement = run.assertClean();
            assertThat(judgement.handled()).as("%s", judgement).isEqualTo(judgement.sent());
            assertThat(proc.isAlive()).isTrue();
            new FaultRow("M12", "beside 4 that spin: time to settle, nothing back")
                    .atMost("ms", took.toMillis(), 4_000, 1);
            host.stop();
        }
    }
}

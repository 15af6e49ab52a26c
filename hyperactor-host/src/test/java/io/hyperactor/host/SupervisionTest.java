package io.hyperactor.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.hyperactor.ActorRef;
import io.hyperactor.Client;
import io.hyperactor.ProcAgentMessage;
import io.hyperactor.host.ProcEvent.Change;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.Transport;

import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/// What a host does with procs that end, are silent, or are too many: with real children.
@Timeout(120)
class SupervisionTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final RestartPolicy QUICK =
            RestartPolicy.PERMANENT.withPauses(Duration.ofMillis(10), Duration.ofMillis(50));
    private static final ProcSpec PROC = ProcSpec.java(ProcMain.class);

    private final List<ProcEvent> events = new CopyOnWriteArrayList<>();
    private Host<ProcAgentMessage> host;
    private Client client;

    @TempDir private Path folder;

    @BeforeEach
    void serve() {
        serve(HostConfig.defaults());
    }

    private void serve(HostConfig config) {
        host =
                Host.serve(
                        ChannelAddress.any(Transport.UNIX),
                        ProcessProcManager.running(ProcMain.class),
                        config);
        client = host.systemProc().client("test");
        var _ = host.observe(events::add);
    }

    @AfterEach
    void close() {
        client.close();
        host.close();
    }

    private static void kill(long pid) {
        assertThat(ProcessHandle.of(pid).orElseThrow().destroyForcibly()).isTrue();
    }

    private long pid() {
        return host.find("p").flatMap(p -> p.pid().stream().boxed().findFirst()).orElse(0L);
    }

    private long awaitOther(long pid) {
        return await().atMost(PATIENCE).until(this::pid, now -> now != 0 && now != pid);
    }

    private List<String> kinds() {
        return events.stream().map(event -> event.change().getClass().getSimpleName()).toList();
    }

    private <C extends Change> C awaitChange(Class<C> kind) {
        return await().atMost(PATIENCE)
                .until(
                        () ->
                                events.stream()
                                        .map(ProcEvent::change)
                                        .filter(kind::isInstance)
                                        .map(kind::cast)
                                        .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    @Test
    void aPermanentProcComesBackUnderItsNameAndAnswers() throws Exception {
        ReadyProc<ProcAgentMessage> first = host.spawn("p", PROC.withRestart(QUICK));
        kill(first.pid().orElseThrow());
        awaitOther(first.pid().orElseThrow());

        ActorRef<EchoMessage> echo =
                ActorRef.attest(first.procId().actor(EchoActor.NAME, 0), EchoMessage.class);
        assertThat(client.ask(echo, EchoMessage::new, PATIENCE)).isEqualTo(echo.id());
        ProcView view = host.views().getFirst();
        assertThat(view.restarts()).isEqualTo(1);
        assertThat(view.state()).isEqualTo("ready");
        assertThat(view.lastExit().exit()).isEqualTo(new ProcExit.Signalled(9, false));
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(kinds())
                                .containsExactly(
                                        "Started",
                                        "Ready",
                                        "Ended",
                                        "Restarting",
                                        "Started",
                                        "Ready"));
    }

    @Test
    void whoStopsAProcWantsItGoneForGood() throws Exception {
        host.spawn("p", PROC.withRestart(QUICK));
        assertThat(host.stop("p", PATIENCE, "test")).isEqualTo(new ProcExit.Exited(0));
        assertThat(host.views()).isEmpty();
        host.spawn("p"); // free
        assertThat(kinds()).doesNotContain("Restarting");
    }

    @Test
    void aProcThatWaitsForItsRestartCanBeStopped() throws Exception {
        RestartPolicy slow =
                QUICK.withPauses(Duration.ofHours(1), Duration.ofHours(1)).withJitter(0);
        ReadyProc<ProcAgentMessage> proc = host.spawn("p", PROC.withRestart(slow));
        kill(proc.pid().orElseThrow());
        awaitChange(Change.Restarting.class);
        assertThat(host.views().getFirst().state()).isEqualTo("restarting");
        assertThatThrownBy(() -> host.spawn("p")).isInstanceOf(HostException.ProcExists.class);

        assertThat(host.stop("p", PATIENCE, "test")).isEqualTo(new ProcExit.Signalled(9, false));
        assertThat(host.views()).isEmpty();
    }

    @Test
    void aProcThatWaitsForItsRestartCanBeTerminated() throws Exception {
        RestartPolicy slow = QUICK.withPauses(Duration.ofHours(1), Duration.ofHours(1));
        ReadyProc<ProcAgentMessage> proc = host.spawn("p", PROC.withRestart(slow));
        kill(proc.pid().orElseThrow());
        awaitChange(Change.Restarting.class);

        assertThat(host.terminateProc(client, proc.procId(), PATIENCE, "test").exit())
                .isEqualTo(new ProcExit.Signalled(9, false));
        assertThat(host.views()).isEmpty();
        assertThatThrownBy(() -> host.terminateProc(client, proc.procId(), PATIENCE, "again"))
                .isInstanceOf(HostException.NoSuchProc.class);
    }

    @Test
    void aTransientProcThatEndsWellStaysAway() throws Exception {
        ReadyProc<ProcAgentMessage> proc =
                host.spawn("p", PROC.withRestart(RestartPolicy.TRANSIENT));
        client.send(proc.agent(), new ProcAgentMessage.StopProc(PATIENCE, "by itself"));
        assertThat(proc.handle().exit()).succeedsWithin(PATIENCE);
        assertThat(host.views()).isEmpty();
    }

    @Test
    void aProcThatEndsTooOftenIsGivenUpAndItsNameIsFree() throws Exception {
        RestartPolicy twice = QUICK.withBudget(2, Duration.ofHours(1));
        long pid = host.spawn("p", PROC.withRestart(twice)).pid().orElseThrow();
        for (int i = 0; i < 2; i++) {
            kill(pid);
            pid = awaitOther(pid);
        }
        kill(pid);
        assertThat(awaitChange(Change.GaveUp.class).why()).contains("2 restarts");
        assertThat(host.views()).isEmpty();
    }

    @Test
    void aRestartThatFailsIsTriedAgainUntilTheBudgetIsSpent() throws Exception {
        Path flag = folder.resolve("works");
        Files.createFile(flag);
        List<String> java = JavaCommand.of(ProcMain.class).command();
        String script = "test -e '" + flag + "' || exit 5; exec \"$0\" \"$@\"";
        List<String> command = new java.util.ArrayList<>(List.of("/bin/sh", "-c", script));
        command.addAll(java);
        ProcSpec spec =
                ProcSpec.command(command).withRestart(QUICK.withBudget(3, Duration.ofHours(1)));
        long pid = host.spawn("p", spec).pid().orElseThrow();
        Files.delete(flag);
        kill(pid);
        awaitChange(Change.GaveUp.class);
        assertThat(kinds().stream().filter("NotReady"::equals)).hasSize(3);
        assertThat(awaitChange(Change.NotReady.class).why()).contains("exited with status 5");
        assertThat(host.views()).isEmpty();
    }

    @Test
    void closingTheHostRestartsNothing() throws Exception {
        host.spawn("p", PROC.withRestart(QUICK));
        host.close();
        assertThat(host.views()).isEmpty();
        assertThat(kinds()).doesNotContain("Restarting");
    }

    @Test
    void aStoppedProcIsSuspectedAndRecovers() throws Exception {
        Liveness watch = Liveness.DEFAULT.withTimes(Duration.ofMillis(50), Duration.ofSeconds(2));
        ReadyProc<ProcAgentMessage> proc = host.spawn("p", PROC.withLiveness(watch));
        signal("STOP", proc.pid().orElseThrow());
        awaitChange(Change.Suspected.class);
        assertThat(host.views().getFirst().state()).isEqualTo("suspected");
        signal("CONT", proc.pid().orElseThrow());
        awaitChange(Change.Recovered.class);
        assertThat(host.views().getFirst().state()).isEqualTo("ready");
        assertThat(proc.handle().exit()).isNotDone(); // suspicion is no end
    }

    @Test
    void aProcThatIsSilentForTooLongIsKilledAndComesBack() throws Exception {
        Liveness watch =
                Liveness.DEFAULT
                        .withTimes(Duration.ofMillis(50), Duration.ofSeconds(1))
                        .withKillAfter(Duration.ofSeconds(2));
        ReadyProc<ProcAgentMessage> proc =
                host.spawn("p", PROC.withLiveness(watch).withRestart(QUICK));
        signal("STOP", proc.pid().orElseThrow());
        awaitChange(Change.Condemned.class);
        assertThat(proc.handle().exit())
                .succeedsWithin(PATIENCE)
                .isEqualTo(new ProcExit.Signalled(9, false));
        awaitOther(proc.pid().orElseThrow());
    }

    @Test
    void whenAllEndEachHasItsOwnGrace() throws Exception {
        // deaf to TERM, and without an agent that could drain
        ProcSpec deaf =
                ProcSpec.command(
                                List.of("/bin/sh", "-c", "trap '' TERM; while :; do sleep 1; done"))
                        .withStopGrace(Duration.ZERO)
                        .withReadyTimeout(Duration.ZERO);
        CompletableFuture<Throwable> spawn = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> spawn.complete(failure("p", deaf)));
        await().atMost(PATIENCE).until(() -> kinds().contains("Started"));
        Duration longest = Duration.ofHours(1);
        assertThat(host.terminateChildren(client, longest, 1, "test").ok()).isEqualTo(1);
        assertThat(spawn).succeedsWithin(PATIENCE).isInstanceOf(HostException.class);
        await().atMost(PATIENCE).until(() -> host.views().isEmpty());
    }

    /// Who was spawned last may need those before it.
    @Test
    void theYoungestEndsFirst() throws Exception {
        List<String> ended = new CopyOnWriteArrayList<>();
        for (String name : List.of("old", "young")) {
            host.spawn(name).handle().atEnd(_ -> ended.add(name));
        }
        assertThat(host.terminateChildren(client, PATIENCE, 1, "test").ok()).isEqualTo(2);
        await().atMost(PATIENCE).until(() -> ended.size() == 2);
        assertThat(ended).containsExactly("young", "old");
    }

    @Test
    void whoHasAskedAProcThatEndsIsToldWhenItsNameIsFreeAndMayCallTheHost() throws Exception {
        ReadyProc<ProcAgentMessage> proc = host.spawn("p");
        signal("STOP", proc.pid().orElseThrow()); // does not answer
        ActorRef<EchoMessage> echo =
                ActorRef.attest(proc.procId().actor(EchoActor.NAME, 0), EchoMessage.class);
        CompletableFuture<Boolean> free =
                client.request(echo, EchoMessage::new, Duration.ofHours(1))
                        .handle((_, _) ->
                                CompletableFuture.supplyAsync(() -> host.find("p")).join())
                        .thenApply(java.util.Optional::isEmpty);
        assertThat(host.kill("p")).isEqualTo(new ProcExit.Signalled(9, false));
        assertThat(free).succeedsWithin(PATIENCE).isEqualTo(true);
    }

    @Test
    void aHostIsClosedWithinOneGraceHoweverManyProcsHang() throws Exception {
        close();
        Duration grace = Duration.ofSeconds(3);
        HostConfig oneAtATime = HostConfig.defaults().withStopGrace(grace).withStopsInFlight(1);
        serve(oneAtATime);
        List<ReadyProc<ProcAgentMessage>> procs = new java.util.ArrayList<>();
        for (int i = 0; i < 4; i++) {
            ReadyProc<ProcAgentMessage> proc = host.spawn("p" + i);
            signal("STOP", proc.pid().orElseThrow()); // does not drain
            procs.add(proc);
        }
        long begin = System.nanoTime();
        host.close();
        // one after the other they would take four
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(grace.multipliedBy(3));
        assertThat(procs).allSatisfy(proc -> assertThat(proc.handle().exit()).isDone());
    }

    @Test
    void aJvmThatCrashesSaysSoWhateverItsStatus() throws Exception {
        // without a core dump a JVM that crashes exits with status 1, as for any failure
        JavaCommand java = JavaCommand.of(ProcMain.class).withFlags("-XX:-CreateCoredumpOnCrash");
        ReadyProc<ProcAgentMessage> proc = host.spawn("p", ProcSpec.java(java));
        signal("SEGV", proc.pid().orElseThrow());
        assertThat(proc.handle().report())
                .succeedsWithin(PATIENCE)
                .satisfies(report -> {
                    assertThat(report.diagnosis()).containsInstanceOf(Diagnosis.JvmCrash.class);
                    assertThat(report.toString()).contains("JVM crashed: SIGSEGV");
                });
    }

    @Test
    void aProcWithoutMemoryLeftSaysSo() {
        JavaCommand small = JavaCommand.of(Glutton.class).withFlags("-Xmx16m");
        assertThatThrownBy(() -> host.spawn("p", ProcSpec.java(small)))
                .isInstanceOf(HostException.ProcessConfigurationFailure.class)
                .hasMessageContaining("exited with status 3")
                .hasMessageContaining("out of memory: Java heap space");
    }

    /// Takes all memory before it is a proc.
    static final class Glutton {
        private Glutton() {}

        public static void main(String[] arguments) {
            Object[] kept = {};
            while (true) {
                kept = new Object[] {kept, new byte[1 << 20]};
            }
        }
    }

    @Test
    void aProcRunsWithinItsLimitsAndSaysWhatSeesToThem() throws Exception {
        ProcLimits few = ProcLimits.NONE.withOpenFiles(100).withCoreBytes(0);
        ReadyProc<ProcAgentMessage> proc = host.spawn("p", PROC.withLimits(few));
        assertThat(Path.of("/proc", Long.toString(proc.pid().orElseThrow()), "limits"))
                .content()
                .containsPattern("Max open files +100 +100 ");
        ProcView view = host.views().getFirst();
        assertThat(view.limits())
                .extracting(AppliedLimit::toString)
                .contains("open files 100 (rlimit)");
        assertThat(view.containment()).isNotNull();
    }

    @Test
    void aProcThatTheKernelKillsAtItsLimitOfMemorySaysSo() throws Exception {
        Optional<CgroupHome> home = CgroupHome.find();
        assumeTrue(home.isPresent(), "no control groups here");
        boolean isLimited =
                home.get().v1().containsKey(CgroupController.MEMORY)
                        || CgroupController.MEMORY.isOffered(home.get().group());
        assumeTrue(isLimited, "no controller of memory here");
        ProcSpec greedy =
                ProcSpec.command(List.of("tail", "/dev/zero"))
                        .withLimits(ProcLimits.NONE.withMemoryBytes(64 << 20));
        assertThatThrownBy(() -> host.spawn("p", greedy))
                .isInstanceOf(HostException.ProcessConfigurationFailure.class)
                .hasMessageContaining("killed by signal 9")
                .hasMessageContaining("out of memory: killed")
                .hasMessageContaining("at the limit of 67108864 bytes of its control group");
    }

    private static void signal(String name, long pid) throws IOException, InterruptedException {
        int status = new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start().waitFor();
        assertThat(status).isZero();
    }

    @Test
    void aProcIsNotReadyBeforeItsReadyActorAnswers() {
        assertThatThrownBy(() ->
                        host.spawn(
                                "p",
                                PROC.withReadyActor("never")
                                        .withReadyTimeout(Duration.ofSeconds(6))))
                .isInstanceOf(HostException.ProcessConfigurationFailure.class)
                .hasMessageContaining("'never' did not answer");
        assertThat(host.views()).isEmpty();
    }

    @Test
    void aReadyActorThatAnswersMakesItReady() throws Exception {
        assertThat(host.spawn("p", PROC.withReadyActor(EchoActor.NAME)).pid()).isPresent();
    }

    @Test
    void oneProcTooManyIsRefusedAndCounted() throws Exception {
        close();
        serve(HostConfig.defaults().withProcsMax(1, 1));
        host.spawn("p");
        assertThatThrownBy(() -> host.spawn("q"))
                .isInstanceOf(HostException.LimitReached.class)
                .hasMessageContaining("procsMax of 1");
        assertThat(host.refusedSpawns()).isEqualTo(1);
        host.kill("p");
        host.spawn("q");
    }

    /// With one spawn at a time, that of `p` does not come to an end.
    ///
    /// @return how it fails
    private CompletableFuture<Throwable> spawnForEver() throws Exception {
        close();
        serve(HostConfig.defaults().withProcsMax(10, 1));
        ProcSpec never = ProcSpec.command(List.of("sleep", "1000")).withReadyTimeout(Duration.ZERO);
        CompletableFuture<Throwable> failure = spawnInBackground("p", never);
        await().atMost(PATIENCE).until(() -> kinds().contains("Started"));
        return failure;
    }

    private CompletableFuture<Throwable> spawnInBackground(String name, ProcSpec spec) {
        CompletableFuture<Throwable> failure = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> failure.complete(failure(name, spec)));
        return failure;
    }

    @Test
    void oneSpawnTooManyWaitsForItsTurnAndIsRefusedAfterItsLimit() throws Exception {
        CompletableFuture<Throwable> first = spawnForEver();
        assertThatThrownBy(() -> host.spawn("q", PROC.withReadyTimeout(Duration.ofMillis(50))))
                .isInstanceOf(HostException.LimitReached.class)
                .hasMessageContaining("spawnsInFlight of 1");

        // a spawn that waits for ever can still be ended
        assertThat(host.kill("p")).isEqualTo(new ProcExit.Signalled(9, false));
        assertThat(first).succeedsWithin(PATIENCE).isInstanceOf(HostException.class);
        host.spawn("q");
    }

    /// What it waits for its turn does not count.
    @Test
    void aSpawnHasAllItsTimeWhenItsTurnComes() throws Exception {
        CompletableFuture<Throwable> _ = spawnForEver();
        Duration limit = Duration.ofSeconds(5);
        long began = System.nanoTime();
        CompletableFuture<Throwable> second =
                spawnInBackground("q", PROC.withReadyTimeout(limit).withReadyActor("nobody"));
        await().atMost(PATIENCE).until(() -> host.views().size() == 2);
        await().atMost(PATIENCE)
                .until(() -> System.nanoTime() - began > limit.toNanos() - limit.toNanos() / 5);
        long turn = System.nanoTime();
        host.kill("p");
        assertThat(second)
                .succeedsWithin(PATIENCE)
                .asInstanceOf(InstanceOfAssertFactories.THROWABLE)
                .hasMessageContaining("did not answer within");
        assertThat(System.nanoTime() - turn).isGreaterThan(limit.toNanos() * 9 / 10);
    }

    private Throwable failure(String name, ProcSpec spec) {
        try {
            host.spawn(name, spec);
            return new AssertionError("it was ready");
        } catch (HostException | InterruptedException e) {
            return e;
        }
    }

    @Test
    void aSpecSaysWhereAndWithWhatAProcRuns() {
        Path out = folder.resolve("out");
        ProcSpec spec =
                ProcSpec.command(
                                List.of(
                                        "/bin/sh",
                                        "-c",
                                        "{ pwd; echo \"$FRUIT\"; env; } > '" + out + "'; exit 1"))
                        .withDirectory(folder)
                        .withVariable("FRUIT", "plum");
        assertThatThrownBy(() -> host.spawn("p", spec))
                .hasMessageContaining("exited with status 1");
        assertThat(out)
                .content()
                .startsWith(folder.toString() + "\nplum\n")
                .contains("HYPERACTOR_HOST_PROC_ID=");
        assertThat(Set.copyOf(host.views())).isEmpty();
    }
}

package io.hyperactor.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hyperactor.ActorRef;
import io.hyperactor.Client;
import io.hyperactor.OncePort;
import io.hyperactor.Proc;
import io.hyperactor.ProcAgentMessage;
import io.hyperactor.channel.Secret;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.ProcId;
import io.hyperactor.wire.Transport;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// Hosts with real child processes.
@Timeout(120)
class ProcessProcManagerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static <A> Host<A> serve(ProcManager<A> manager) {
        return Host.serve(ChannelAddress.any(Transport.UNIX), manager);
    }

    private static Host<ProcAgentMessage> serveProcs() {
        return serve(ProcessProcManager.running(ProcMain.class));
    }

    private static ProcessProcManager<ProcAgentMessage> shell(String script) {
        return ProcessProcManager.of(List.of("/bin/sh", "-c", script), ProcAgentMessage.class);
    }

    private static ActorRef<EchoMessage> echo(ReadyProc<?> proc) {
        return ActorRef.attest(proc.procId().actor(EchoActor.NAME, 0), EchoMessage.class);
    }

    @Test
    void testProcessProcManager() throws Exception { // the seed's test, step by step
        ProcessProcManager<EchoMessage> manager =
                ProcessProcManager.of(JavaCommand.of(EchoProc.class).command(), EchoMessage.class);
        try (Proc standalone = Proc.direct(ChannelAddress.any(Transport.UNIX), "test");
                Client client = standalone.client("test");
                Host<EchoMessage> host = serve(manager)) { // closed first: its procs have answered
            // (1) spawn and check invariants
            assertThat(host.address().transport()).isEqualTo(Transport.UNIX);
            ReadyProc<EchoMessage> proc1 = host.spawn("proc1");
            ReadyProc<EchoMessage> proc2 = host.spawn("proc2");
            assertThat(proc1.agent().id().proc()).isEqualTo(proc1.procId());
            assertThat(proc2.agent().id().proc()).isEqualTo(proc2.procId());

            // (2) duplicate name
            assertThatThrownBy(() -> host.spawn("proc1"))
                    .isInstanceOf(HostException.ProcExists.class);

            try (Client system = host.systemProc().client("sys-client")) {
                // (3), (4) a standalone client asks each child and gets its answer
                assertAnswers(client, proc1.agent(), client);
                assertAnswers(client, proc2.agent(), client);
                // (5) the system proc asks, the answer goes to the standalone client
                assertAnswers(system, proc1.agent(), client);
            }
        }
    }

    private static void assertAnswers(Client asker, ActorRef<EchoMessage> echo, Client answered)
            throws InterruptedException {
        OncePort<io.hyperactor.wire.ActorId> port = answered.openOncePort();
        asker.send(echo, new EchoMessage(port.ref()));
        assertThat(port.receive(PATIENCE)).isEqualTo(echo.id());
    }

    @Test
    void aProcThatIsStoppedDrainsAndExitsWithZero() throws Exception {
        try (Host<ProcAgentMessage> host = serveProcs()) {
            ReadyProc<ProcAgentMessage> proc = host.spawn("p");

            ProcExit exit = host.stop("p", PATIENCE, "test");

            assertThat(exit).isEqualTo(new ProcExit.Exited(0));
            assertThat(proc.handle().exit()).isCompletedWithValue(exit);
            assertThat(ProcessHandle.of(proc.pid().orElseThrow())).isEmpty();
            assertThat(host.procs()).isEmpty();
        }
    }

    @Test
    void aProcThatIsKilledSaysSoAndItsNameIsFree() throws Exception {
        try (Host<ProcAgentMessage> host = serveProcs();
                Client client = host.systemProc().client("test")) {
            ReadyProc<ProcAgentMessage> first = host.spawn("p");

            assertThat(host.kill("p")).isEqualTo(new ProcExit.Signalled(9, false));
            await("its socket is gone").until(() -> Files.notExists(socket(first)));

            ReadyProc<ProcAgentMessage> second = host.spawn("p");
            assertThat(client.ask(echo(second), EchoMessage::new, PATIENCE))
                    .isEqualTo(echo(second).id());
            // a ref pinned to the first life does not reach the second
            assertThatThrownBy(() ->
                            client.ask(first.agent(), ProcAgentMessage.GetReport::new, PATIENCE))
                    .isInstanceOf(io.hyperactor.AskException.Undelivered.class)
                    .hasMessageContaining("earlier incarnation");
        }
    }

    private static java.nio.file.Path socket(ReadyProc<?> proc) {
        return java.nio.file.Path.of(((ChannelAddress.Unix) proc.address()).path());
    }

    @Test
    void aProcThatDiesByItselfIsNoticedAndUnregistered() throws Exception {
        try (Host<ProcAgentMessage> host = serveProcs()) {
            ReadyProc<ProcAgentMessage> proc = host.spawn("p");
            ProcessHandle.of(proc.pid().orElseThrow()).orElseThrow().destroyForcibly();

            assertThat(proc.handle().exit())
                    .succeedsWithin(PATIENCE)
                    .isEqualTo(new ProcExit.Signalled(9, false));
            assertThat(host.spawn("p").pid()).isNotEqualTo(proc.pid());
        }
    }

    @Test
    void allWhoWaitOrEndAProcSeeTheSameEnd() throws Exception {
        try (Host<ProcAgentMessage> host = serveProcs();
                Client client = host.systemProc().client("test")) {
            ProcHandle<ProcAgentMessage> handle = host.spawn("p").handle();
            List<CompletableFuture<ProcExit>> ends = new java.util.ArrayList<>();
            for (int i = 0; i < 16; i++) {
                boolean kill = i % 2 == 0;
                CompletableFuture<ProcExit> end = new CompletableFuture<>();
                ends.add(end);
                Thread.ofVirtual().start(() -> end(handle, client, kill, end));
            }
            ProcExit exit = handle.exit().get();
            assertThat(ends).allSatisfy(end -> assertThat(end.get()).isEqualTo(exit));
        }
    }

    private static void end(
            ProcHandle<?> handle, Client client, boolean kill, CompletableFuture<ProcExit> end) {
        try {
            end.complete(kill ? handle.kill() : handle.terminate(client, PATIENCE, "test"));
        } catch (TerminateException.AlreadyTerminated e) {
            end.complete(e.exit());
        } catch (RuntimeException | InterruptedException e) {
            end.completeExceptionally(e);
        }
    }

    @Test
    void aChildThatExitsBeforeItIsReadyFailsItsSpawnWithItsStatusAndLastWords() {
        try (Host<ProcAgentMessage> host = serve(shell("echo no such flag >&2; exit 7"))) {
            assertThatThrownBy(() -> host.spawn("p"))
                    .isInstanceOf(HostException.ProcessConfigurationFailure.class)
                    .hasMessageContaining("exited with status 7")
                    .hasMessageContaining("no such flag");
            assertThat(host.find("p")).isEmpty();
        }
    }

    @Test
    void aChildThatIsKilledBeforeItIsReadyFailsItsSpawnWithTheSignal() {
        try (Host<ProcAgentMessage> host = serve(shell("kill -9 $$"))) {
            assertThatThrownBy(() -> host.spawn("p"))
                    .isInstanceOf(HostException.ProcessConfigurationFailure.class)
                    .hasMessageContaining("killed by signal 9");
        }
    }

    @Test
    void aChildThatNeverCallsBackIsDeadWhenItsSpawnFails() {
        HostConfig config = HostConfig.defaults().withSpawnReadyTimeout(Duration.ofMillis(300));
        try (Host<ProcAgentMessage> host =
                Host.serve(
                        ChannelAddress.any(Transport.UNIX),
                        shell("echo pid $$ >&2; while :; do echo garbage; sleep 1; done"),
                        config)) {
            assertThatThrownBy(() -> host.spawn("p"))
                    .isInstanceOf(HostException.ProcessConfigurationFailure.class)
                    .hasMessageContaining("not ready within 300 ms");
            assertThat(ProcessHandle.current().children().filter(ProcessHandle::isAlive))
                    .noneMatch(child -> child.info().commandLine().orElse("").contains("garbage"));
        }
    }

    @Test
    void theHeapOfAJvmIsLimited() throws Exception {
        ProcSpec spec =
                ProcSpec.java(JavaCommand.of(ProcMain.class).withFlags("-Xmx1g").withoutAotCache())
                        .withLimits(ProcLimits.NONE.withHeapBytes(64 << 20));
        try (Host<ProcAgentMessage> host = serve(ProcessProcManager.running(spec))) {
            var proc = (ProcessProcHandle<?>) host.spawn("p").handle();

            assertThat(OsProcess.read("/proc/" + proc.pid().orElseThrow() + "/cmdline"))
                    .containsSubsequence("-Xmx1g", "-Xmx67108864");
            assertThat(proc.limits())
                    .extracting(AppliedLimit::toString)
                    .containsExactly("heap bytes 67108864 (-Xmx)");
        }
    }

    /// What is refused at once is the quickest way to have many come and go.
    @Test
    void secretsAreLookedForWhileProcsAreSpawned() throws Exception {
        ProcSpec refused =
                ProcSpec.command(List.of("true"))
                        .withLimits(ProcLimits.NONE.withHeapBytes(64 << 20));
        ChannelAddress nowhere = ChannelAddress.parse("local:1");
        List<Thread> spawning = new ArrayList<>();
        try (var manager = ProcessProcManager.running(refused)) {
            for (int thread = 0; thread < 8; thread++) {
                String name = "p" + thread + "-";
                spawning.add(
                        Thread.startVirtualThread(() -> {
                            for (int i = 0; i < 2000; i++) {
                                var id = new ProcId(nowhere, name + i);
                                assertThatThrownBy(() -> manager.spawn(id, nowhere))
                                        .isInstanceOf(HostException.ProcessSpawnFailure.class);
                            }
                        }));
            }
            while (spawning.stream().anyMatch(Thread::isAlive)) {
                assertThat(manager.admission().admit(Secret.random())).isEmpty();
            }
        }
    }

    @Test
    void aLimitOfTheHeapOfWhatIsNoJvmIsASpawnFailure() {
        ProcSpec spec =
                ProcSpec.command(List.of("true"))
                        .withLimits(ProcLimits.NONE.withHeapBytes(64 << 20));
        try (Host<ProcAgentMessage> host = serve(ProcessProcManager.running(spec))) {
            assertThatThrownBy(() -> host.spawn("p"))
                    .isInstanceOf(HostException.ProcessSpawnFailure.class)
                    .hasRootCauseInstanceOf(LimitRefusedException.class);
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aProcThatCannotJoinTheGroupThatLimitsItIsASpawnFailureThatNamesTheLimit()
            throws Exception {
        var limit = new AppliedLimit("tasks", 9, AppliedLimit.Means.CGROUP);
        var group = new LauncherCgroups.Made(new Cgroup(Path.of("/no/such/group")), List.of(limit));
        LaunchSpec program =
                new LaunchSpec(
                        "p", List.of("true"), Map.of(), Optional.empty(), "", ProcLimits.NONE);
        Prologue prologue = Prologue.of(program, Path.of("/bin/true"), Optional.of(group), 0);
        ProcSpec spec =
                ProcSpec.command(prologue.command()).withLimits(ProcLimits.NONE.withOpenFiles(64));
        try (Host<ProcAgentMessage> host = serve(ProcessProcManager.running(spec))) {
            assertThatThrownBy(() -> host.spawn("p"))
                    .isInstanceOf(HostException.ProcessSpawnFailure.class)
                    .hasCauseInstanceOf(LimitRefusedException.class)
                    .hasMessageContaining(
                            "cannot join the control group that limits tasks to 9:"
                                    + " /no/such/group/cgroup.procs: ");
            assertThat(host.refusals()).containsEntry(Refusal.LIMIT_REFUSED, 1L);
        }
    }

    @Test
    void whatAProgramWithoutLimitsSaysIsNoLimit() {
        String says = "echo 'hyperactor: cannot limit open files to 9' >&2; exit 125";
        ProcSpec spec = ProcSpec.command(List.of("sh", "-c", says));
        try (Host<ProcAgentMessage> host = serve(ProcessProcManager.running(spec))) {
            assertThatThrownBy(() -> host.spawn("p"))
                    .isInstanceOf(HostException.ProcessConfigurationFailure.class)
                    .hasMessageContaining("cannot limit open files to 9");
            assertThat(host.refusals()).containsEntry(Refusal.NOT_READY, 1L);
        }
    }

    @Test
    void aProgramThatDoesNotExistIsASpawnFailure() {
        ProcessProcManager<ProcAgentMessage> manager =
                ProcessProcManager.of(List.of("/no/such/program"), ProcAgentMessage.class);
        try (Host<ProcAgentMessage> host = serve(manager)) {
            assertThatThrownBy(() -> host.spawn("p"))
                    .isInstanceOf(HostException.ProcessSpawnFailure.class)
                    .hasMessageContaining("/no/such/program");
        }
    }

    @Test
    void concurrentSpawnsAllBecomeReadyAndClosingTheHostLeavesNoProcess() throws Exception {
        List<Long> pids;
        try (Host<ProcAgentMessage> host = serveProcs()) {
            List<CompletableFuture<Long>> spawns = new java.util.ArrayList<>();
            for (int i = 0; i < 4; i++) {
                String name = "p" + i;
                CompletableFuture<Long> pid = new CompletableFuture<>();
                spawns.add(pid);
                Thread.ofVirtual().start(() -> spawn(host, name, pid));
            }
            pids = spawns.stream().map(CompletableFuture::join).toList();
            assertThat(pids).doesNotHaveDuplicates();
        }
        assertThat(pids).allMatch(pid -> ProcessHandle.of(pid).isEmpty());
    }

    private static void spawn(
            Host<ProcAgentMessage> host, String name, CompletableFuture<Long> pid) {
        try {
            pid.complete(host.spawn(name).pid().orElseThrow());
        } catch (RuntimeException | InterruptedException e) {
            pid.completeExceptionally(e);
        }
    }

    @Test
    void aProcWithTheNameOfASpareIsNotTakenForIt(@TempDir Path folder) throws Exception {
        Path started = folder.resolve("started");
        String script = "[ -z \"$%s\" ] || : >'%s'; sleep 1000".formatted(ProcMain.ROLE, started);
        try (var manager = shell(script)) {
            ChannelAddress backend = ChannelAddress.parse("unix:/nobody/there");
            ProcHandle<?> proc = manager.spawn(new ProcId(backend, "spare-1"), backend);
            manager.keepSpares(1);
            await().atMost(PATIENCE).until(() -> Files.exists(started));

            ProcBoot.spawnProc(
                            Callback.spareAt(manager.callbackAddress()),
                            backend,
                            manager.callbackAddress(),
                            proc.secret(),
                            p -> p.spawn("agent", EchoActor.TYPE))
                    .close();

            await().atMost(PATIENCE).until(() -> manager.refusedCallbacks() == 1);
            assertThat(manager.spares().waiting()).isZero();
        }
    }
}

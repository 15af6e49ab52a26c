package io.hyperactor.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.hyperactor.Client;
import io.hyperactor.OncePort;
import io.hyperactor.ProcAgentMessage;
import io.hyperactor.host.EchoMessage;
import io.hyperactor.host.Host;
import io.hyperactor.host.HostConfig;
import io.hyperactor.host.ProcExit;
import io.hyperactor.host.ProcHandle;
import io.hyperactor.host.ProcMain;
import io.hyperactor.host.ProcessProcManager;
import io.hyperactor.host.ReadyProc;
import io.hyperactor.host.TerminateException;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.Transport;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Fault rows P12 and P13: children that do not end when they are told to.
@SystemTest
@Tag("rows")
class StopFaultsIT {
    private static final Duration GRACE = Duration.ofMillis(300);
    private static final Duration AFTER_GRACE = Duration.ofSeconds(1);
    private static final Duration UNTIL_GIVEN_UP = Duration.ofSeconds(2);
    private static final Duration UNTIL_HOST_GONE = Duration.ofSeconds(4);

    /// How long after its grace a proc was gone.
    private static Duration overtime(Host<?> host, String name, ProcExit... possible)
            throws InterruptedException {
        long start = System.nanoTime();
        ProcExit exit = host.stop(name, GRACE, "test");
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        assertThat(exit).isIn((Object[]) possible);
        assertThat(Observer.children()).isEmpty();
        return took.minus(GRACE);
    }

    /// TERM comes with CONT, so it may yet end by itself.
    @Test
    void p12AStoppedChildIsGoneSoonAfterItsGrace() throws Exception {
        try (var host = Hosts.serve(ProcessProcManager.running(WorkerProc.class))) {
            new FaultRow("P12", "stop of a stopped child: time after its grace")
                    .within(
                            AFTER_GRACE,
                            FaultRow.times(2, 20),
                            _ -> {
                                OsProcess proc = OsProcess.of(host.spawn("p").pid().orElseThrow());
                                proc.signal("STOP");
                                proc.awaitState('T');
                                return overtime(
                                        host,
                                        "p",
                                        new ProcExit.Exited(0),
                                        new ProcExit.Exited(143),
                                        new ProcExit.Signalled(15, false),
                                        new ProcExit.Signalled(9, false));
                            });
        }
    }

    @Test
    void p12AChildWhoseShutdownHookBlocksIsGoneSoonAfterItsGrace() throws Exception {
        try (var host = Hosts.serve(ProcessProcManager.running(BlockedHookProc.class));
                Client client = host.systemProc().client("test")) {
            new FaultRow("P12", "stop of a blocked hook: time after its grace")
                    .within(
                            AFTER_GRACE,
                            FaultRow.times(2, 20),
                            _ -> {
                                ReadyProc<ProcAgentMessage> proc = host.spawn("p");
                                blockAWorker(client, proc);
                                OsProcess.of(proc.pid().orElseThrow()).signal("TERM");
                                return overtime(
                                        host,
                                        "p",
                                        new ProcExit.Exited(0),
                                        new ProcExit.Signalled(9, false));
                            });
        }
    }

    /// Its last step is no orderly exit of its JVM, which would wait for the hook.
    @Test
    void p12AChildThatHasDrainedIsGoneAtOnceWhateverItsShutdownHookDoes() throws Exception {
        try (var host = Hosts.serve(ProcessProcManager.running(BlockedHookProc.class))) {
            new FaultRow("P12", "stop of a child with a hook that blocks: all of its time")
                    .within(
                            AFTER_GRACE,
                            FaultRow.times(2, 20),
                            _ -> {
                                var _ = host.spawn("p");
                                long start = System.nanoTime();
                                ProcExit exit = host.stop("p", Patience.LIMIT, "test");
                                assertThat(exit).isEqualTo(new ProcExit.Exited(0));
                                return Duration.ofNanos(System.nanoTime() - start);
                            });
        }
    }

    /// So that it can not drain.
    static void blockAWorker(Client client, ReadyProc<ProcAgentMessage> proc) throws Exception {
        var worker = client.spawn(proc.agent(), "w", Worker.TYPE);
        try (OncePort<String> begun = client.openOncePort(String.class);
                OncePort<String> never = client.openOncePort(String.class)) {
            client.send(worker, new Task.Block(begun.ref(), never.ref()));
            assertThat(begun.receive(Patience.LIMIT)).isEqualTo("begun");
        }
    }

    static final class BlockedHookProc {
        private BlockedHookProc() {}

        public static void main(String[] args) {
            Runtime.getRuntime().addShutdownHook(new Thread(BlockedHookProc::block));
            ProcMain.run(Worker.TYPE);
        }

        private static void block() {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                throw new IllegalStateException("nobody interrupts this thread", e);
            }
        }
    }

    @Test
    @Tag("faults")
    void p12AChildThatIgnoresSigtermIsKilledSoonAfterItsGrace() throws Exception {
        try (Host<EchoMessage> host = Hosts.serve(Stub.manager())) {
            new FaultRow("P12", "stop of a deaf child: time after its grace")
                    .within(
                            AFTER_GRACE,
                            20,
                            _ -> {
                                host.spawn("ready-deaf");
                                return overtime(
                                        host, "ready-deaf", new ProcExit.Signalled(9, false));
                            });
        }
    }

    /// TERM alone would not wake it, and KILL comes after its grace only.
    @Test
    @Tag("faults")
    void p12AStoppedChildIsWokenToEndByItself() throws Exception {
        try (Host<EchoMessage> host = Hosts.serve(Stub.manager())) {
            new FaultRow("P12", "stop of a stopped child: it is woken")
                    .within(
                            AFTER_GRACE,
                            20,
                            _ -> {
                                OsProcess proc =
                                        OsProcess.of(host.spawn("ready").pid().orElseThrow());
                                proc.signal("STOP");
                                proc.awaitState('T');
                                long start = System.nanoTime();
                                assertThat(host.stop("ready", Patience.LIMIT, "test"))
                                        .isEqualTo(new ProcExit.Signalled(15, false));
                                return Duration.ofNanos(System.nanoTime() - start);
                            });
        }
    }

    @Test
    @Tag("faults")
    void p13AFrozenChildIsNeverSaidToHaveEnded() throws Exception {
        try (Host<EchoMessage> host = Hosts.serve(Stub.manager());
                var freezer = Freezer.make()) {
            List<ProcHandle<EchoMessage>> procs = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                ReadyProc<EchoMessage> proc = host.spawn("ready." + i);
                freezer.add(proc.pid().orElseThrow());
                procs.add(proc.handle());
            }
            freezer.freeze();
            List<CompletableFuture<Duration>> kills = procs.stream().map(this::killInVain).toList();
            new FaultRow("P13", "kill of a frozen child: away from its deadline")
                    .withinDespiteItself(
                            Duration.ofMillis(250),
                            procs.size(),
                            round -> kills.get(round).join().minus(UNTIL_GIVEN_UP).abs());
            assertThat(procs).noneMatch(proc -> proc.exit().isDone());
            assertThat(host.procs()).hasSize(procs.size());

            long thawed = System.nanoTime();
            freezer.thaw();
            new FaultRow("P13", "true exit after the thaw")
                    .withinDespiteItself(
                            Duration.ofMillis(250),
                            procs.size(),
                            round -> {
                                assertThat(procs.get(round).exit().get(40, TimeUnit.SECONDS))
                                        .isEqualTo(new ProcExit.Signalled(9, false));
                                return Duration.ofNanos(System.nanoTime() - thawed);
                            });
        }
    }

    @Test
    @Tag("faults")
    void p13AHostWithAFrozenChildIsClosedInTime() throws Exception {
        HostConfig config = HostConfig.defaults().withStopGrace(GRACE);
        new FaultRow("P13", "close of a host with a frozen child: time after its grace")
                .within(
                        UNTIL_HOST_GONE,
                        3,
                        _ -> {
                            try (var freezer = Freezer.make()) {
                                Host<EchoMessage> host =
                                        Host.serve(
                                                ChannelAddress.any(Transport.UNIX),
                                                Stub.manager(),
                                                config);
                                ReadyProc<EchoMessage> proc = host.spawn("ready");
                                host.spawn("ready.other");
                                freezer.add(proc.pid().orElseThrow());
                                freezer.freeze();
                                long start = System.nanoTime();
                                assertThatThrownBy(host::close)
                                        .isInstanceOf(IllegalStateException.class)
                                        .hasMessageEndingWith(
                                                "not gone yet: [ready (pid %d)]",
                                                proc.pid().orElseThrow());
                                Duration took = Duration.ofNanos(System.nanoTime() - start);

                                freezer.thaw();
                                assertThat(proc.handle().exit().get(40, TimeUnit.SECONDS))
                                        .isEqualTo(new ProcExit.Signalled(9, false));
                                return took.minus(GRACE);
                            }
                        });
    }

    @ParameterizedTest
    @Tag("faults")
    @ValueSource(strings = {"linux", "portable"})
    void p13TheCommandOfAHostWithAFrozenChildEndsInTimeAndSaysWhatIsLeft(String launcher)
            throws Exception {
        new FaultRow("P13", "SIGTERM of a host with a frozen child: " + launcher)
                .within(UNTIL_HOST_GONE, 2, _ -> endOfCommand(launcher));
        Leftovers.removeSocketsOfTheKilled(); // as the next host would
    }

    private Duration endOfCommand(String launcher) throws Exception {
        String address = "unix:" + Leftovers.directory().resolve("host.sock");
        List<String> command = new ArrayList<>(List.of("env", "HYPERACTOR_LAUNCHER=" + launcher));
        command.addAll(
                Program.javaCommand(ClassPaths.commandLine(), List.of(), "io.hyperactor.cli.Main"));
        command.addAll(
                List.of("host", "--listen", address, "--stop-grace", GRACE.toMillis() + "ms"));
        try (var freezer = Freezer.make();
                Program host = Program.run(command)) {
            host.awaitLine("serving ");
            String ready =
                    CommandRun.of(Map.of("HYPERACTOR_ADDRESS", address), "spawn", "p")
                            .done()
                            .result();
            long pid = Long.parseLong(ready.substring(ready.lastIndexOf(' ') + 1));
            freezer.add(pid);
            freezer.freeze();
            long start = System.nanoTime();
            host.process().signal("TERM");
            host.process().awaitGone();
            Duration took = Duration.ofNanos(System.nanoTime() - start);

            assertThat(host.output(1))
                    .noneMatch(line -> line.startsWith("\tat "))
                    .last()
                    .isEqualTo(
                            "hyperactor: while closing the host: killed, but not gone yet: [p (pid "
                                    + pid
                                    + ")]");
            return took.minus(GRACE);
        }
    }

    private CompletableFuture<Duration> killInVain(ProcHandle<?> proc) {
        CompletableFuture<Duration> took = new CompletableFuture<>();
        Thread.ofPlatform()
                .start(() -> {
                    long start = System.nanoTime();
                    Throwable failure = catchThrowable(proc::kill);
                    if (failure instanceof TerminateException.Io) {
                        took.complete(Duration.ofNanos(System.nanoTime() - start));
                    } else {
                        took.completeExceptionally(new AssertionError("not killed", failure));
                    }
                });
        return took;
    }
}

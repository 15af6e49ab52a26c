package io.hyperactor.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyperactor.ActorRef;
import io.hyperactor.AskException;
import io.hyperactor.Client;
import io.hyperactor.OncePort;
import io.hyperactor.OncePortRef;
import io.hyperactor.ProcAgentMessage;
import io.hyperactor.host.Diagnosis;
import io.hyperactor.host.EchoActor;
import io.hyperactor.host.EchoMessage;
import io.hyperactor.host.ExitReport;
import io.hyperactor.host.Host;
import io.hyperactor.host.JavaCommand;
import io.hyperactor.host.ProcExit;
import io.hyperactor.host.ProcStatus;
import io.hyperactor.host.ProcessProcHandle;
import io.hyperactor.host.ProcessProcManager;
import io.hyperactor.host.ReadyProc;
import io.hyperactor.host.TerminateException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;

/// Fault rows P02, P15 and P19: a ready proc dies, by a signal or by what its actors do; and one of
/// the same name comes after it.
@SystemTest
@Tag("rows")
@Timeout(900) // 50 times each, on a busy machine
class ChildDeathIT {
    private static final Duration KERNEL_KNOWS = Duration.ofMillis(250);
    private static final int WAITERS = 8;

    private Host<ProcAgentMessage> host;
    private Client client;

    @BeforeEach
    void serve() {
        JavaCommand small =
                JavaCommand.of(WorkerProc.class)
                        .withFlags("-Xmx64m", "-XX:MaxDirectMemorySize=64m");
        host = Hosts.serve(ProcessProcManager.running(small));
        client = host.systemProc().client("test");
    }

    @AfterEach
    void close() {
        client.close();
        host.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"idle", "in a handler", "while it stops"})
    void p02EverybodyIsToldOnceOfAChildThatIsKilled(String phase) throws Exception {
        new FaultRow("P02", "child killed " + phase + ": last of 8 told")
                .within(
                        KERNEL_KNOWS,
                        FaultRow.times(2, 50),
                        _ -> {
                            ReadyProc<ProcAgentMessage> proc = host.spawn("p");
                            enter(phase, proc);
                            return killAndTell(proc);
                        });
    }

    private void enter(String phase, ReadyProc<ProcAgentMessage> proc) throws Exception {
        if (phase.equals("idle")) {
            return;
        }
        ActorRef<Task> worker = client.spawn(proc.agent(), "w", Worker.TYPE);
        try (OncePort<String> begun = client.openOncePort(String.class);
                OncePort<String> never = client.openOncePort(String.class)) {
            client.send(worker, new Task.Block(begun.ref(), never.ref()));
            assertThat(begun.receive(Patience.LIMIT)).isEqualTo("begun");
        }
        if (phase.equals("while it stops")) {
            Thread.ofVirtual().start(() -> stop(proc));
            process(proc).status().await(ProcStatus.Stopping.class::isInstance, Patience.LIMIT);
        }
    }

    private void stop(ReadyProc<ProcAgentMessage> proc) {
        try {
            proc.handle().terminate(client, Patience.LIMIT, "test");
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this thread", e);
        }
    }

    private static ProcessProcHandle<?> process(ReadyProc<?> proc) {
        return (ProcessProcHandle<?>) proc.handle();
    }

    private Duration killAndTell(ReadyProc<ProcAgentMessage> proc) throws Exception {
        Queue<ProcStatus> endings = new ConcurrentLinkedQueue<>();
        Runnable stopObserving =
                process(proc)
                        .status()
                        .observe(status -> {
                            if (status.isExit()) {
                                endings.add(status);
                            }
                        });
        List<CompletableFuture<ProcExit>> told =
                Stream.generate(() -> proc.handle().exit()).limit(WAITERS).toList();
        CompletableFuture<Boolean> nameWasFree =
                proc.handle().exit().thenApply(_ -> host.find("p").isEmpty());

        long start = System.nanoTime();
        OsProcess.of(proc.pid().orElseThrow()).signal("KILL");
        for (CompletableFuture<ProcExit> exit : told) {
            assertThat(exit.get(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS))
                    .isEqualTo(new ProcExit.Signalled(9, false));
        }
        Duration took = Duration.ofNanos(System.nanoTime() - start);

        assertThat(nameWasFree.get(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(endings)
                .containsExactly(new ProcStatus.Killed(new ProcExit.Signalled(9, false)));
        stopObserving.run();
        return took;
    }

    /// Its status may be that of any failure.
    @Test
    void p14ACrashIsToldFromAnExit() throws Exception {
        new FaultRow("P14", "JVM crashes: the report says so")
                .holds(
                        FaultRow.times(1, 20),
                        _ -> {
                            ReadyProc<ProcAgentMessage> proc = host.spawn("p");
                            OsProcess.of(proc.pid().orElseThrow()).signal("SEGV");
                            ExitReport end =
                                    proc.handle()
                                            .report()
                                            .get(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS);
                            var crash = (Diagnosis.JvmCrash) end.diagnosis().orElseThrow();
                            assertThat(crash.summary()).contains("SIGSEGV");
                            Files.delete(crash.file().orElseThrow()); // the JVM's own report
                            return end;
                        });
    }

    @ParameterizedTest
    @EnumSource
    void p15AHandlerBreaks(Breakage how) throws Exception {
        new FaultRow("P15", how + (how.isLackOfMemory() ? ": its proc ends" : ": its actor fails"))
                .holds(
                        FaultRow.times(1, 20),
                        _ -> {
                            ReadyProc<ProcAgentMessage> proc = host.spawn("p");
                            ActorRef<Task> worker = client.spawn(proc.agent(), "w", Worker.TYPE);
                            if (how.isLackOfMemory()) {
                                assertEndsTheProc(proc, worker, how);
                            } else {
                                assertEndsTheActorAlone(proc, worker, how);
                            }
                            return proc;
                        });
    }

    private void assertEndsTheProc(
            ReadyProc<ProcAgentMessage> proc, ActorRef<Task> worker, Breakage how)
            throws Exception {
        try (OncePort<String> never = client.openOncePort(String.class)) {
            client.send(worker, new Task.Break(how, never.ref()));
        }
        ExitReport end = proc.handle().report().get(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS);
        assertThat(end.exit()).isEqualTo(new ProcExit.Exited(3));
        assertThat(end.diagnosis()).containsInstanceOf(Diagnosis.OutOfMemory.class);
    }

    private void assertEndsTheActorAlone(
            ReadyProc<ProcAgentMessage> proc, ActorRef<Task> worker, Breakage how)
            throws Exception {
        Function<OncePortRef<String>, Task> request = replyTo -> new Task.Break(how, replyTo);
        assertThatThrownBy(() -> client.ask(worker, request, Patience.AT_ONCE))
                .isInstanceOf(AskException.HandlerFailed.class);
        ActorRef<EchoMessage> echo =
                ActorRef.attest(proc.procId().actor(EchoActor.NAME, 0), EchoMessage.class);
        assertThat(client.ask(echo, EchoMessage::new, Patience.LIMIT)).isEqualTo(echo.id());
        kill(proc);
    }

    @Test
    void p19WhatIsMeantForAProcNeverReachesItsNamesake() throws Exception {
        new FaultRow("P19", "name reused: stale refs come back")
                .holds(
                        FaultRow.times(2, 50),
                        round -> {
                            ReadyProc<ProcAgentMessage> old = host.spawn("p");
                            ActorRef<Task> stale = client.spawn(old.agent(), "w", Worker.TYPE);
                            if (round % 2 == 0) {
                                kill(old);
                            } else {
                                OsProcess.of(old.pid().orElseThrow()).signal("KILL");
                                old.handle().exit().get(40, TimeUnit.SECONDS);
                            }
                            ReadyProc<ProcAgentMessage> next = host.spawn("p");
                            ActorRef<Task> fresh = client.spawn(next.agent(), "w", Worker.TYPE);

                            assertThatThrownBy(() -> reverse(stale))
                                    .isInstanceOf(AskException.Undelivered.class);
                            assertThat(reverse(fresh)).isEqualTo("cba");
                            kill(next);
                            return next;
                        });
    }

    /// A kill gives up after two seconds, which a busy machine may need; the end comes all the
    /// same.
    private void kill(ReadyProc<ProcAgentMessage> proc) throws Exception {
        try {
            host.kill("p");
        } catch (TerminateException.Io e) {
            proc.handle().exit().get(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS);
        }
    }

    private String reverse(ActorRef<Task> worker) throws InterruptedException {
        return client.ask(worker, to -> new Task.Reverse("abc", to), Patience.AT_ONCE);
    }
}

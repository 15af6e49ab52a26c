package io.hyperactor.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperactor.Client;
import io.hyperactor.Proc;
import io.hyperactor.ProcAgentMessage;
import io.hyperactor.host.Host;
import io.hyperactor.host.ProcessProcManager;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.Transport;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/// Fault rows P09 and P10: what the kernel does to a child when a thread ends. It takes minutes:
/// the carrier of a virtual thread retires after 30 s.
@SystemTest
@Tag("faults")
class TrapsIT {
    private static final Duration LONG = Duration.ofSeconds(90);
    private static final int PROCS = 4;

    @AfterEach
    void removeSockets() throws IOException {
        Leftovers.removeSocketsOfTheKilled();
    }

    /// The signal for the death of a parent follows the thread that started the child.
    @Test
    @Timeout(200)
    void p09AChildOutlivesTheThreadThatSpawnedIt() throws Exception {
        try (Host<ProcAgentMessage> host =
                        Hosts.serve(ProcessProcManager.running(WorkerProc.class));
                Host<ProcAgentMessage> other =
                        Hosts.serve(ProcessProcManager.running(WorkerProc.class))) {
            List<OsProcess> procs = new ArrayList<>();
            procs.addAll(spawn(host, task -> Thread.ofVirtual().start(task)));
            procs.addAll(spawn(other, task -> Thread.ofPlatform().start(task)));
            Pause.of(LONG);
            new FaultRow("P09", "spawned by a thread that ended: dead after 90 s")
                    .atMost(
                            "procs",
                            procs.stream().filter(proc -> !proc.isAlive()).count(),
                            0,
                            procs.size());
            for (int i = 0; i < PROCS; i++) {
                assertThat(host.find("p" + i)).isPresent();
            }
        }
    }

    private static List<OsProcess> spawn(Host<?> host, Executor starter) {
        List<CompletableFuture<OsProcess>> procs = new ArrayList<>();
        for (int i = 0; i < PROCS; i++) {
            String name = "p" + i;
            CompletableFuture<OsProcess> proc = new CompletableFuture<>();
            starter.execute(() -> {
                try {
                    proc.complete(OsProcess.of(host.spawn(name).pid().orElseThrow()));
                } catch (Throwable e) {
                    proc.completeExceptionally(e);
                }
            });
            procs.add(proc);
        }
        return procs.stream().map(CompletableFuture::join).toList();
    }

    /// The signal is lost if the thread of the child that asked for it has ended.
    @Test
    @Timeout(200)
    void p10AnOldChildDiesWithItsHost() throws Exception {
        try (Proc here = Proc.direct(ChannelAddress.any(Transport.UNIX), "here");
                Client client = here.client("client");
                var observer = Observer.watching();
                HostProcess host = HostLaunch.ofWorkers().start()) {
            OsProcess proc = host.spawn(client, "p");
            OsProcess stopped = host.spawn(client, "q");
            Pause.of(LONG);
            assertThat(proc.isAlive() && stopped.isAlive()).isTrue();
            stopped.signal("STOP");
            stopped.awaitState('T');
            new FaultRow("P10", "host killed when its procs are 90 s old")
                    .within(
                            Duration.ofMillis(500),
                            1,
                            _ -> {
                                long start = System.nanoTime();
                                host.process().signal("KILL");
                                observer.awaitNoneBut(Set.of());
                                return Duration.ofNanos(System.nanoTime() - start);
                            });
        }
    }
}

package io.hyperactor.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hyperactor.Client;
import io.hyperactor.ProcAgentMessage;
import io.hyperactor.host.Host;
import io.hyperactor.host.HostException;
import io.hyperactor.host.ProcExit;
import io.hyperactor.host.ProcessProcManager;
import io.hyperactor.host.ReadyException;
import io.hyperactor.host.ReadyProc;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.Transport;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// Spawns at the same time as other spawns, stops and the end of the host.
@SystemTest
class SpawnRacesIT {
    private static Host<ProcAgentMessage> serve() {
        return Host.serve(
                ChannelAddress.any(Transport.UNIX), ProcessProcManager.running(WorkerProc.class));
    }

    /// On a virtual thread.
    private static CompletableFuture<ReadyProc<ProcAgentMessage>> spawn(
            Host<ProcAgentMessage> host, String name) {
        CompletableFuture<ReadyProc<ProcAgentMessage>> proc = new CompletableFuture<>();
        Thread.ofVirtual()
                .start(() -> {
                    try {
                        proc.complete(host.spawn(name));
                    } catch (Throwable e) {
                        proc.completeExceptionally(e);
                    }
                });
        return proc;
    }

    private static List<CompletableFuture<ReadyProc<ProcAgentMessage>>> spawn(
            Host<ProcAgentMessage> host, int count) {
        List<CompletableFuture<ReadyProc<ProcAgentMessage>>> spawns = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            spawns.add(spawn(host, "p" + i));
        }
        return spawns;
    }

    @Test
    void eightSpawnsFromVirtualThreadsAllBecomeReadyAndAnswer() throws Exception {
        try (Host<ProcAgentMessage> host = serve();
                Client client = host.systemProc().client("test")) {
            List<CompletableFuture<ReadyProc<ProcAgentMessage>>> spawns = spawn(host, 8);

            List<Long> pids = new ArrayList<>();
            for (var spawn : spawns) {
                ReadyProc<ProcAgentMessage> proc = spawn.join();
                pids.add(
                        client.ask(proc.agent(), ProcAgentMessage.GetReport::new, Patience.LIMIT)
                                .pid());
                assertThat(proc.pid()).hasValue(pids.getLast());
            }
            assertThat(pids).doesNotHaveDuplicates();
        }
    }

    @Test
    void procsAreStoppedWhileOthersAreBeingSpawned() throws Exception {
        try (Host<ProcAgentMessage> host = serve()) {
            host.spawn("first");
            List<CompletableFuture<ReadyProc<ProcAgentMessage>>> spawns = spawn(host, 3);

            assertThat(host.stop("first", Patience.LIMIT, "test"))
                    .isEqualTo(new ProcExit.Exited(0));

            assertThat(spawns).allSatisfy(spawn -> assertThat(spawn.join().pid()).isPresent());
            assertThat(host.procs()).hasSize(3);
            assertThat(host.find("first")).isEmpty();
        }
    }

    @Test
    void aHostThatIsClosedWhileItSpawnsLeavesNothing() throws Exception {
        Host<ProcAgentMessage> host = serve();
        List<CompletableFuture<ReadyProc<ProcAgentMessage>>> spawns = spawn(host, 4);
        await("a child").atMost(Patience.LIMIT).until(() -> !Observer.children().isEmpty());

        host.close();

        for (var spawn : spawns) {
            await().atMost(Patience.LIMIT).until(spawn::isDone);
            assertThat(spawn)
                    .satisfiesAnyOf(
                            one ->
                                    assertThat(one)
                                            .failsWithin(Patience.LIMIT)
                                            .withThrowableThat()
                                            .withCauseInstanceOf(HostException.Closed.class),
                            one -> assertThat(one.join().handle().exit()).isDone());
        }
        Leftovers.awaitNoProcesses();
        // One that was killed before it could say where it serves: the next host removes that.
        Leftovers.removeSocketsOfTheKilled();
    }

    @Test
    void aProcThatNeverBecomesReadyDoesNotHoldUpTheEndOfItsHost() {
        Host<ProcAgentMessage> host =
                Host.serve(
                        ChannelAddress.any(Transport.UNIX),
                        ProcessProcManager.of(List.of("sleep", "1000"), ProcAgentMessage.class));
        CompletableFuture<ReadyProc<ProcAgentMessage>> spawn = spawn(host, "p");
        await("a child").atMost(Patience.LIMIT).until(() -> !Observer.children().isEmpty());

        host.close();

        assertThat(spawn)
                .failsWithin(Patience.LIMIT)
                .withThrowableThat()
                .withCauseInstanceOf(HostException.Closed.class)
                .withRootCauseInstanceOf(ReadyException.Terminal.class);
    }
}

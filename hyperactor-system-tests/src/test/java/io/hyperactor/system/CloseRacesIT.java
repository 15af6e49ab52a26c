package io.hyperactor.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperactor.Client;
import io.hyperactor.host.EchoMessage;
import io.hyperactor.host.Host;
import io.hyperactor.host.HostException;
import io.hyperactor.host.ProcHandle;
import io.hyperactor.host.ReadyProc;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;

/// Fault row P22: a host is closed, or ends all its procs, at any moment of some spawns.
@SystemTest
@Tag("faults")
class CloseRacesIT {
    private static final int SEEDS = 250;
    private static final int SPAWNS = 6;
    private static final int DELAY_MAX_NANOS = 12_000_000; // a spawn takes about 4 ms

    /// One that was killed before it could say where it serves: the next host removes that.
    @AfterEach
    void removeSockets() throws IOException {
        Leftovers.removeSocketsOfTheKilled();
    }

    @Test
    @Timeout(300)
    void p22NoChildEscapesTheEndOfItsHost() throws Exception {
        var row = new FaultRow("P22", "host closed while it spawns");
        row.within(
                Duration.ofSeconds(2),
                SEEDS,
                _ -> {
                    Host<EchoMessage> host = Hosts.serve(Stub.manager());
                    var spawns = spawnAndWait(host, row.random());
                    long start = System.nanoTime();
                    host.close();
                    Duration took = Duration.ofNanos(System.nanoTime() - start);
                    assertThat(Observer.children()).as("after close").isEmpty();
                    for (var spawn : spawns) {
                        spawn.join().ifPresent(proc -> assertThat(proc.exit()).isDone());
                    }
                    assertThat(Observer.children()).isEmpty();
                    return took;
                });
    }

    @Test
    @Timeout(300)
    void p22NoChildIsHalfEnded() throws Exception {
        try (Host<EchoMessage> host = Hosts.serve(Stub.manager());
                Client client = host.systemProc().client("test")) {
            var row = new FaultRow("P22", "all ended while some are spawned");
            row.holds(
                    SEEDS,
                    _ -> {
                        var spawns = spawnAndWait(host, row.random());
                        var summary = host.terminateChildren(client, Duration.ZERO, 16, "test");
                        assertThat(summary.failed()).isZero();
                        for (var spawn : spawns) {
                            spawn.join().ifPresent(proc -> assertListedOrEnded(host, proc));
                        }
                        host.terminateChildren(client, Duration.ZERO, 16, "test");
                        assertThat(Observer.children()).isEmpty();
                        assertThat(host.procs()).isEmpty();
                        return summary;
                    });
        }
    }

    private static void assertListedOrEnded(Host<EchoMessage> host, ProcHandle<EchoMessage> proc) {
        boolean listed = host.find(proc.procId().name()).isPresent();
        assertThat(listed || proc.exit().isDone()).as("%s", proc).isTrue();
    }

    /// Empty are those that the host refused or ended, and each says that this is why.
    private static List<CompletableFuture<Optional<ProcHandle<EchoMessage>>>> spawnAndWait(
            Host<EchoMessage> host, RandomGenerator random) {
        List<CompletableFuture<Optional<ProcHandle<EchoMessage>>>> spawns = new ArrayList<>();
        for (int i = 0; i < SPAWNS; i++) {
            String name = "ready." + i;
            var spawn = new CompletableFuture<Optional<ProcHandle<EchoMessage>>>();
            Thread.ofVirtual().start(() -> complete(spawn, host, name));
            spawns.add(spawn);
        }
        LockSupport.parkNanos(random.nextInt(DELAY_MAX_NANOS));
        return spawns;
    }

    private static void complete(
            CompletableFuture<Optional<ProcHandle<EchoMessage>>> spawn,
            Host<EchoMessage> host,
            String name) {
        try {
            ReadyProc<EchoMessage> proc = host.spawn(name);
            spawn.complete(Optional.of(proc.handle()));
        } catch (HostException.Closed e) {
            spawn.complete(Optional.empty());
        } catch (Throwable e) {
            spawn.completeExceptionally(e);
        }
    }
}

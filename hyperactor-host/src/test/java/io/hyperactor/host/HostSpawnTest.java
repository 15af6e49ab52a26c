package io.hyperactor.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.Transport;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// What a spawn makes of what its manager's handle says: the seed's fixtures and tests.
class HostSpawnTest {
    private static final Duration SHORT = Duration.ofMillis(10);

    private static Host<EchoMessage> host(FakeManager manager, Duration readyTimeout) {
        HostConfig config = HostConfig.defaults().withSpawnReadyTimeout(readyTimeout);
        return Host.bind(ChannelAddress.any(Transport.LOCAL), manager, config);
    }

    private static void assertNotSpawned(
            FakeManager manager, Class<? extends ReadyProcException> why) {
        try (Host<EchoMessage> host = host(manager, Duration.ofSeconds(30))) {
            assertThatThrownBy(() -> host.spawn("p"))
                    .isInstanceOf(HostException.ProcessConfigurationFailure.class)
                    .hasMessageContaining("p")
                    .hasCauseInstanceOf(why);
            assertThat(host.find("p")).isEmpty();
            assertThat(manager.killed()).containsExactly("p");
        }
    }

    @Test
    void hostSpawnTimesOutWhenConfigured() {
        FakeManager manager = new FakeManager(new CompletableFuture<>()); // never ready
        try (Host<EchoMessage> host = host(manager, SHORT)) {
            assertThatThrownBy(() -> host.spawn("t"))
                    .isInstanceOf(HostException.ProcessConfigurationFailure.class)
                    .hasCauseInstanceOf(ReadyProcException.Timeout.class)
                    .hasMessageContaining("10 ms");
            assertThat(manager.killed()).containsExactly("t");
        }
    }

    @Test
    void hostSpawnTimeoutZeroDisablesAndSucceeds() throws Exception {
        CompletableFuture<Void> ready = new CompletableFuture<>();
        FakeManager manager = new FakeManager(ready);
        try (Host<EchoMessage> host = host(manager, Duration.ZERO)) {
            CompletableFuture.delayedExecutor(20, java.util.concurrent.TimeUnit.MILLISECONDS)
                    .execute(() -> ready.complete(null));

            ReadyProc<EchoMessage> proc = host.spawn("ok");

            assertThat(proc.agent().id().proc()).isEqualTo(proc.procId());
            assertThat(host.find("ok")).isPresent();
        }
    }

    @Test
    void hostSpawnMapsChannelClosedReadyErrorToConfigFailure() {
        assertNotSpawned(
                new FakeManager(
                        CompletableFuture.failedFuture(new ReadyException.ChannelClosed("test"))),
                ReadyProcException.Ready.class);
    }

    @Test
    void hostSpawnMapsTerminalReadyErrorToConfigFailure() {
        ReadyException ended =
                new ReadyException.Terminal(
                        new ExitReport(
                                new ProcExit.Exited(3),
                                java.util.Optional.empty(),
                                List.of("no such class")));
        FakeManager manager = new FakeManager(CompletableFuture.failedFuture(ended));
        assertNotSpawned(manager, ReadyProcException.Ready.class);
    }

    @Test
    void hostSpawnFailsIfReadyButMissingAddr() {
        assertNotSpawned(
                new FakeManager(CompletableFuture.completedFuture(null)).omitAddress(),
                ReadyProcException.MissingAddress.class);
    }

    @Test
    void hostSpawnFailsIfReadyButMissingAgent() {
        assertNotSpawned(
                new FakeManager(CompletableFuture.completedFuture(null)).omitAgent(),
                ReadyProcException.MissingAgent.class);
    }

    @Test
    void aNameIsFreeAgainAfterItsSpawnFailed() {
        FakeManager manager = new FakeManager(CompletableFuture.completedFuture(null)).omitAgent();
        try (Host<EchoMessage> host = host(manager, Duration.ofSeconds(30))) {
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> host.spawn("p"))
                        .isInstanceOf(HostException.ProcessConfigurationFailure.class);
            }
        }
    }

    @Test
    void aNameThatIsBeingSpawnedIsTaken() throws Exception {
        CompletableFuture<Void> ready = new CompletableFuture<>();
        FakeManager manager = new FakeManager(ready);
        try (Host<EchoMessage> host = host(manager, Duration.ZERO)) {
            CompletableFuture<ReadyProc<EchoMessage>> first = new CompletableFuture<>();
            Thread.ofVirtual()
                    .start(() -> {
                        try {
                            first.complete(host.spawn("p"));
                        } catch (RuntimeException | InterruptedException e) {
                            first.completeExceptionally(e);
                        }
                    });
            manager.awaitSpawn("p");

            assertThatThrownBy(() -> host.spawn("p"))
                    .isInstanceOf(HostException.ProcExists.class)
                    .hasMessage("proc 'p' already exists");

            ready.complete(null);
            assertThat(first).succeedsWithin(Duration.ofSeconds(30));
        }
    }

    @Test
    void theNamesOfTheHostsOwnProcsAreTaken() {
        FakeManager manager = new FakeManager(CompletableFuture.completedFuture(null));
        try (Host<EchoMessage> host = host(manager, Duration.ZERO)) {
            assertThatThrownBy(() -> host.spawn("service"))
                    .isInstanceOf(HostException.ProcExists.class);
            assertThatThrownBy(() -> host.spawn("local"))
                    .isInstanceOf(HostException.ProcExists.class);
        }
    }
}

package io.hyperactor.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hyperactor.channel.ChannelConfig;
import io.hyperactor.host.HostConfig;
import io.hyperactor.host.ProcSpec;
import io.hyperactor.wire.ChannelAddress;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

@Timeout(120)
class RunningHostTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir Path folder;

    /// What came of it: a result, or the message of a failure.
    private static CompletableFuture<String> inBackground(Work work) {
        CompletableFuture<String> done = new CompletableFuture<>();
        Thread.ofVirtual()
                .start(() -> {
                    try {
                        done.complete(work.get());
                    } catch (CliException.Failed e) {
                        done.complete(e.getMessage());
                    } catch (RuntimeException | InterruptedException e) {
                        done.completeExceptionally(e);
                    }
                });
        return done;
    }

    private interface Work {
        String get() throws InterruptedException;
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aHostThatStopsRefusesSpawnsAtOnce() throws Exception {
        Path termed = folder.resolve("termed");
        String deaf = "trap '> " + termed + "' TERM; while :; do sleep 0.1; done";
        ChannelAddress address = ChannelAddress.parse("unix:" + folder.resolve("s"));
        HostServer host =
                RunningHost.serve(
                        address,
                        new HostServer.Settings(
                                0,
                                HostConfig.defaults().withStopGrace(Duration.ofSeconds(5)),
                                ProcSpec.command(List.of("/bin/sh", "-c", deaf)),
                                ChannelConfig.standard()));
        TestShell shell = new TestShell();
        HostTarget target =
                HostTarget.of(
                        HostTarget.addTo(CommandSpec.of("x", "y"))
                                .parse(List.of("--host", address.toString()))
                                .orElseThrow(),
                        shell.shell());
        try (HostConnection connection = AgentConnection.dial(target)) {
            var first = inBackground(() -> "pid " + connection.spawn("first"));
            await().atMost(PATIENCE)
                    .until(() ->
                            connection.list().stream()
                                    .anyMatch(proc -> proc.state().equals("running")));
            var stopped = inBackground(host::stop);
            await().atMost(PATIENCE).until(() -> Files.exists(termed));

            assertThat(inBackground(() -> "pid " + connection.spawn("second")))
                    .succeedsWithin(PATIENCE)
                    .asString()
                    .contains("host is closed", "not spawned");
            assertThat(stopped).succeedsWithin(PATIENCE).isEqualTo("stopped 0 procs");
            assertThat(first).succeedsWithin(PATIENCE).asString().contains("first");
        }
    }
}

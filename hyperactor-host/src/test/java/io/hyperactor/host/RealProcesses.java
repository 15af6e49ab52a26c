package io.hyperactor.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.AfterEach;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/// A launcher that is tried with real processes.
abstract class RealProcesses {
    static final Duration PATIENCE = Duration.ofSeconds(60);
    static final String TOKEN = "token-4711-secret";

    private static final AtomicInteger COUNT = new AtomicInteger();

    final RecordedOutput output = new RecordedOutput();
    final ProcLauncher launcher = open(output);

    abstract ProcLauncher open(OutputListener output);

    @AfterEach
    void close() {
        launcher.close();
    }

    static LaunchSpec spec(String... command) {
        return new LaunchSpec(
                "worker-" + COUNT.incrementAndGet(),
                List.of(command),
                Map.of("PATH", "/usr/bin:/bin"),
                Optional.empty(),
                TOKEN);
    }

    static LaunchSpec shell(String script) {
        return spec("sh", "-c", script);
    }

    LaunchedProcess launch(LaunchSpec spec) {
        try {
            return launcher.launch(spec);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    static ProcExit exitOf(LaunchedProcess process) {
        assertThat(process.exit()).succeedsWithin(PATIENCE);
        return process.exit().join();
    }

    static void awaitGone(long pid) {
        await("end of " + pid).atMost(PATIENCE).until(() -> !OsProcess.isRunning(pid));
    }

    static LaunchSpec limited(ProcLimits limits, String... command) {
        LaunchSpec plain = spec(command);
        return new LaunchSpec(
                plain.name(),
                plain.command(),
                plain.environment(),
                plain.directory(),
                plain.firstLine(),
                limits);
    }
}

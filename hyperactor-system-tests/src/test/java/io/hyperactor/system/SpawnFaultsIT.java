package io.hyperactor.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hyperactor.ProcAgentMessage;
import io.hyperactor.host.Host;
import io.hyperactor.host.JavaCommand;
import io.hyperactor.host.ProcExit;
import io.hyperactor.host.ProcessProcManager;
import io.hyperactor.host.ReadyProcException;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;

/// Fault rows P01, P03, P04, P16: a child that ends, or never calls back, before its proc is ready.
@SystemTest
@Tag("rows")
class SpawnFaultsIT {
    private static final Duration KERNEL_KNOWS = Duration.ofMillis(250);
    private static final Duration NEVER_IN_MAIN = Duration.ofSeconds(1);

    @TempDir Path directory;

    @Test
    void p01AChildIsKilledBeforeItCallsBack() throws Exception {
        assertEndsBeforeReady(
                new FaultRow("P01", "child killed before it called back"),
                "kill -9 $$",
                new ProcExit.Signalled(9, false));
    }

    @Test
    void p03AChildExitsWithZeroBeforeItCallsBack() throws Exception {
        assertEndsBeforeReady(
                new FaultRow("P03", "child exits 0 before it called back"),
                "exit 0",
                new ProcExit.Exited(0));
    }

    /// The same name each time.
    private static void assertEndsBeforeReady(FaultRow row, String script, ProcExit how)
            throws Exception {
        try (Host<?> host = Hosts.serve(Hosts.shell(script))) {
            row.within(
                    KERNEL_KNOWS,
                    20,
                    _ -> {
                        FailedSpawn failed = FailedSpawn.of(host, "p");
                        assertThat(failed.exit()).isEqualTo(how);
                        return failed.took();
                    });
        }
    }

    @Test
    void p04AChildThatNeverCallsBackIsDeadWhenItsTimeIsUp() throws Exception {
        Duration limit = Duration.ofMillis(500);
        try (Host<?> host = Hosts.serve(Hosts.shell("sleep 1000 & sleep 1000"), limit)) {
            new FaultRow("P04", "never calls back: away from the time limit")
                    .within(
                            Duration.ofMillis(200),
                            FaultRow.times(4, 20),
                            _ -> {
                                FailedSpawn failed = FailedSpawn.of(host, "p");
                                assertThat(failed.failure())
                                        .hasCauseInstanceOf(ReadyProcException.Timeout.class);
                                return failed.took().minus(limit).abs();
                            });
        }
    }

    @Test
    void p04WithoutATimeLimitASpawnStillSeesTheExit() throws Exception {
        Path go = directory.resolve("go");
        String script = "until [ -e " + go + " ]; do sleep 0.02; done; exit 5";
        try (Host<?> host = Hosts.serve(Hosts.shell(script), Duration.ZERO)) {
            new FaultRow("P04", "no time limit: the exit is an answer")
                    .within(
                            KERNEL_KNOWS,
                            FaultRow.times(5, 20),
                            _ -> {
                                Future<FailedSpawn> failed =
                                        inBackground(() -> FailedSpawn.of(host, "p"));
                                awaitAChild();
                                long start = System.nanoTime();
                                Files.createFile(go);
                                assertThat(failed.get().exit()).isEqualTo(new ProcExit.Exited(5));
                                Files.delete(go);
                                return Duration.ofNanos(System.nanoTime() - start);
                            });
        }
    }

    @Test
    void p04WithoutATimeLimitASpawnCanBeCancelled() throws Exception {
        try (Host<?> host = Hosts.serve(Hosts.shell("sleep 1000"), Duration.ZERO)) {
            new FaultRow("P04", "no time limit: interrupted, child gone")
                    .within(
                            KERNEL_KNOWS,
                            FaultRow.times(5, 20),
                            _ -> {
                                CompletableFuture<Throwable> failure = new CompletableFuture<>();
                                Thread spawner =
                                        Thread.ofPlatform()
                                                .start(() -> failure.complete(failureOf(host)));
                                awaitAChild();
                                long start = System.nanoTime();
                                spawner.interrupt();
                                assertThat(failure.join()).isInstanceOf(InterruptedException.class);
                                assertThat(Observer.children()).isEmpty();
                                spawner.join();
                                return Duration.ofNanos(System.nanoTime() - start);
                            });
        }
    }

    private static Throwable failureOf(Host<?> host) {
        try {
            return new AssertionError("spawned " + host.spawn("p").procId());
        } catch (Throwable e) {
            return e;
        }
    }

    private static <T> Future<T> inBackground(Callable<T> task) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return task.call();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private static void awaitAChild() {
        await("a child")
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5))
                .atMost(Patience.LIMIT)
                .until(() -> !Observer.children().isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"a bad flag", "no main class", "a corrupt jar", "a class too new"})
    void p16AChildNeverReachesItsMain(String why) throws Exception {
        Wrong wrong = wrong(why);
        ProcessProcManager<ProcAgentMessage> manager = ProcessProcManager.running(wrong.command());
        try (Host<?> host = Hosts.serve(manager)) {
            new FaultRow("P16", "main never reached: " + why)
                    .within(
                            NEVER_IN_MAIN,
                            FaultRow.times(5, 20),
                            _ -> {
                                FailedSpawn failed = FailedSpawn.of(host, "p");
                                assertThat(failed.exit()).isEqualTo(new ProcExit.Exited(1));
                                assertThat(failed.failure()).hasMessageContaining(wrong.quoted());
                                return failed.took();
                            });
        }
    }

    /// @param quoted what the JVM says on its standard error, and the exception must quote
    private record Wrong(JavaCommand command, String quoted) {}

    private Wrong wrong(String why) throws IOException {
        JavaCommand good = JavaCommand.of(WorkerProc.class);
        return switch (why) {
            case "a bad flag" -> new Wrong(good.withFlags("-XX:+NoSuchFlag"), "NoSuchFlag");
            case "no main class" ->
                    new Wrong(good.withClassPath(ClassPaths.runtime()), "ClassNotFoundException");
            case "a corrupt jar" -> {
                Path jar = Files.write(directory.resolve("corrupt.jar"), new byte[] {'P', 'K', 9});
                yield new Wrong(good.withClassPath(List.of(jar)), "ClassNotFoundException");
            }
            default -> {
                List<Path> path = ClassPaths.runtimeAnd(directory, WorkerProc.class);
                Path type = directory.resolve("io/hyperactor/system/WorkerProc.class");
                byte[] bytes = Files.readAllBytes(type);
                bytes[7]++; // the major version's low byte
                Files.write(type, bytes);
                yield new Wrong(good.withClassPath(path), "LinkageError");
            }
        };
    }
}

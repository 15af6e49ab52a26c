package io.hyperactor.stress;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// Runs Jazzer on one target in a process of its own, for it instruments all that it looks at.
///
/// By its command line and not by its JUnit engine: that one fuzzes a single target per process,
/// and would put its agent into the process of all other tests, also when it only replays a corpus.
final class Fuzzer {
    private static final Path WORK = Path.of("target/fuzz");

    /// How long one input may take before it counts as found: the first pays for all classes.
    private static final int TIMEOUT_SECONDS = 30;

    private static final int MEMORY_MIB = 3072;
    private static final int INPUT_BYTES_MAX = 16_384;

    /// What a run has found.
    ///
    /// @param findings inputs that failed, none if it found nothing
    /// @param log where it wrote what it did
    record Outcome(List<Path> findings, Path log) {}

    private final Class<?> target;
    private final Path work;

    /// @param target a class with a `fuzzerTestOneInput`
    Fuzzer(Class<?> target) {
        this.target = target;
        this.work = WORK.resolve(target.getSimpleName());
    }

    /// Fuzzes until something is found, or time or runs are over. What it learns is kept in
    /// `target/fuzz` for the next time.
    ///
    /// @param seeds folders of inputs to start from
    Outcome run(Duration time, long runs, List<Path> seeds)
            throws IOException, InterruptedException {
        Path learnt = Files.createDirectories(work.resolve("learnt"));
        Path findings = work.resolve("findings");
        Path log = work.resolve("log.txt");
        if (Files.exists(findings)) {
            for (Path old : list(findings)) {
                Files.delete(old);
            }
        }
        Files.createDirectories(findings);
        List<String> command = command(time, runs, findings);
        command.add(learnt.toString());
        seeds.forEach(folder -> command.add(folder.toString()));
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        try {
            if (!process.waitFor(time.toSeconds() + 120, TimeUnit.SECONDS)) {
                throw new AssertionError("the fuzzer did not end: " + log);
            }
        } finally {
            process.destroyForcibly();
        }
        List<Path> found = list(findings);
        if (process.exitValue() != 0 && found.isEmpty()) {
            throw new AssertionError("the fuzzer failed: " + log);
        }
        return new Outcome(found, log);
    }

    private List<String> command(Duration time, long runs, Path findings) {
        return new ArrayList<>(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-XX:+EnableDynamicAgentLoading",
                        "-XX:+UseSerialGC",
                        "-Xmx1g",
                        "-Xss1m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "com.code_intelligence.jazzer.Jazzer",
                        "--target_class=" + target.getName(),
                        "--instrumentation_includes=io.hyperactor.**",
                        "--reproducer_path=" + work,
                        "-artifact_prefix=" + findings + "/",
                        "-max_total_time=" + time.toSeconds(),
                        "-runs=" + runs,
                        "-timeout=" + TIMEOUT_SECONDS,
                        "-rss_limit_mb=" + MEMORY_MIB,
                        "-max_len=" + INPUT_BYTES_MAX,
                        "-print_final_stats=1"));
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }
}

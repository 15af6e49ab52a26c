package io.hyperactor.system;

import static org.assertj.core.api.Assertions.assertThat;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// What procs of the command line print, as people and scripts read it. A JVM prints much, on
/// standard output, when it gets SIGQUIT.
@SystemTest
class LogsIT {
    private static final String PRINTED = "Full thread dump";

    @TempDir Path folder;

    private String address() {
        return "unix:" + folder.resolve("host.sock");
    }

    private Path logs() {
        return folder.resolve("logs");
    }

    private Program start(String... arguments) throws IOException {
        List<String> line = new ArrayList<>(Arrays.asList(arguments));
        return Program.java(
                ClassPaths.commandLine(), "io.hyperactor.cli.Main", line.toArray(String[]::new));
    }

    private Program startHost(String... options) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of("host", "--listen", address()));
        line.addAll(List.of(options));
        Program host = start(line.toArray(String[]::new));
        assertThat(host.awaitLine("serving ")).isEqualTo(address());
        return host;
    }

    private CommandRun run(String... arguments) throws IOException, InterruptedException {
        return CommandRun.of(Map.of("HYPERACTOR_ADDRESS", address()), arguments);
    }

    private OsProcess spawn(String name) throws IOException, InterruptedException {
        String result = run("spawn", name).done().result();
        return OsProcess.of(Long.parseLong(result.substring(result.lastIndexOf(' ') + 1)));
    }

    private void awaitPrinted(String name, long pid) {
        Awaitility.await()
                .atMost(Patience.LIMIT)
                .pollInterval(100, TimeUnit.MILLISECONDS)
                .until(
                        () -> run("logs", name).done().results(),
                        lines -> lines.stream().anyMatch(line -> isPrinted(line, name, pid)));
    }

    private static boolean isPrinted(String line, String name, long pid) {
        return line.matches("\\S+Z " + name + " " + pid + " out   " + PRINTED + ".*");
    }

    @Test
    void whatProcsPrintIsFoundWhileTheyLiveAfterTheirEndAndAfterTheHosts() throws Exception {
        long pid;
        try (Program host = startHost("--log-dir", logs().toString())) {
            OsProcess first = spawn("p1");
            OsProcess second = spawn("p2");
            pid = first.pid();
            first.signal("QUIT");
            awaitPrinted("p1", pid);
            second.signal("QUIT");
            awaitPrinted("p2", second.pid());

            List<String> merged = run("logs").done().results();
            assertThat(merged.stream().map(line -> line.substring(0, line.indexOf(' '))))
                    .isSorted();
            assertThat(merged).anyMatch(line -> isPrinted(line, "p1", pid));
            assertThat(merged).anyMatch(line -> isPrinted(line, "p2", second.pid()));
            assertThat(run("logs", "-n", "3", "p1").done().results()).hasSize(3);
            assertThat(run("logs", "--since", "2999-01-01T00:00:00Z").done().results()).isEmpty();
            assertThat(run("logs", "--json", "-n", "1", "p2").done().result())
                    .startsWith("{\"time\":\"")
                    .contains("\"proc\":\"p2\",\"pid\":" + second.pid())
                    .contains("\"source\":\"out\"");
            assertThat(run("logs", "p3").endedWith(1).message())
                    .isEqualTo("hyperactor: nothing is known of a proc 'p3'");

            run("stop", "p1").done();
            awaitPrinted("p1", pid);
            host.process().signal("TERM");
            assertThat(host.output(0)).isNotEmpty();
        }
        assertThat(mode(logs())).isEqualTo("rwx------");
        assertThat(mode(logs().resolve("p1.log"))).isEqualTo("rw-------");
        try (Program host = startHost("--log-dir", logs().toString())) {
            awaitPrinted("p1", pid);
            assertThat(
                            run("host", "--listen", address() + "2", "--log-dir", logs().toString())
                                    .endedWith(1)
                                    .message())
                    .contains("another host writes to the log folder");
            host.process().signal("TERM");
            assertThat(host.output(0)).isNotEmpty();
        }
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    @Test
    void whoFollowsSeesWhatIsPrintedAndEndsWellAtCtrlC() throws Exception {
        try (Program host = startHost();
                OsProcessOf proc = new OsProcessOf(spawn("p1"));
                Program follow = start("logs", "-f", "--host", address(), "p1")) {
            awaitFollower(proc.process(), follow);

            follow.process().signal("INT");

            assertThat(follow.output(0)).anyMatch(line -> line.contains(PRINTED));
            host.process().signal("TERM");
            assertThat(host.output(0)).isNotEmpty();
        }
    }

    @Test
    void whoFollowsIsToldThatTheHostIsGone() throws Exception {
        try (Program host = startHost();
                OsProcessOf proc = new OsProcessOf(spawn("p1"));
                Program follow = start("logs", "-f", "--host", address())) {
            awaitFollower(proc.process(), follow);

            host.process().signal("TERM");
            assertThat(host.output(0)).isNotEmpty();

            assertThat(follow.output(1)).last().asString().startsWith("hyperactor: no host at ");
        }
    }

    /// Until it prints what the proc prints.
    private static void awaitFollower(OsProcess proc, Program follow) throws InterruptedException {
        proc.signal("QUIT");
        while (!follow.awaitLine("20").contains(PRINTED)) {
            // the lines before it
        }
    }

    @Test
    void withPassThroughTheHostShowsWhatIsPrintedAsItComes() throws Exception {
        try (Program host = startHost("--pass-through")) {
            OsProcess proc = spawn("p1");
            proc.signal("QUIT");

            assertThat(host.awaitLine(PRINTED)).isNotEmpty();
            awaitPrinted("p1", proc.pid());

            host.process().signal("TERM");
            assertThat(host.output(0)).isNotEmpty();
        }
    }

    /// So that a proc can be declared where programs are closed; its host ends it.
    private record OsProcessOf(OsProcess process) implements AutoCloseable {
        @Override
        public void close() {}
    }
}

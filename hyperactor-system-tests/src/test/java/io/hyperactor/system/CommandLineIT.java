package io.hyperactor.system;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// The commands that run a host and ask it, as scripts use them.
@SystemTest
class CommandLineIT {
    @TempDir Path folder;

    /// What a test does while there is a host.
    private interface Body {
        void run(OsProcess host) throws Exception;
    }

    private String address() {
        return "unix:" + folder.resolve("host.sock");
    }

    private Program startHost() throws IOException, InterruptedException {
        Program host =
                Program.java(
                        ClassPaths.commandLine(),
                        "io.hyperactor.cli.Main",
                        "host",
                        "--listen",
                        address());
        assertThat(host.awaitLine("serving ")).isEqualTo(address());
        return host;
    }

    /// What the host said last, after it was told to end by this signal.
    private String withHost(String lastSignal, Body body) throws Exception {
        try (Program host = startHost()) {
            body.run(host.process());
            host.process().signal(lastSignal);
            List<String> output = host.output(0);
            assertThat(output).hasSize(2);
            return output.getLast();
        }
    }

    private CommandRun run(String... arguments) throws IOException, InterruptedException {
        return CommandRun.of(Map.of("HYPERACTOR_ADDRESS", address()), arguments);
    }

    private OsProcess spawn(String name) throws IOException, InterruptedException {
        String result = run("spawn", name).done().result();
        String start = name + ": ready, pid ";
        assertThat(result).startsWith(start);
        return OsProcess.of(Long.parseLong(result.substring(start.length())));
    }

    @Test
    void procsAreSpawnedListedAskedAndEnded() throws Exception {
        String last =
                withHost(
                        "TERM",
                        _ -> {
                            OsProcess first = spawn("p1");
                            OsProcess second = spawn("p2");
                            assertThat(run("ps", "--json").done().result())
                                    .matches(
                                            "\\["
                                                    + json("p1", first)
                                                    + ","
                                                    + json("p2", second)
                                                    + "]");
                            assertThat(run("ps").done().results()).hasSize(3);
                            assertThat(run("stats").done().results())
                                    .anyMatch(line -> line.matches("refusals\\.not_ready +0"));
                            assertThat(run("stats", "--json", "p2").done().result())
                                    .startsWith("{\"actors.live\":2,");
                            assertThat(run("ask", "p2").done().result())
                                    .isEqualTo(address() + ",p2,echo[0]");
                            assertThat(run("stop", "p1").done().result())
                                    .isEqualTo("p1: exited with status 0");
                            assertThat(run("kill", "p2").done().result())
                                    .isEqualTo("p2: killed by signal 9 (SIGKILL)");
                            assertThat(List.of(first, second)).noneMatch(OsProcess::isAlive);
                            assertThat(run("ps", "--json").done().result()).isEqualTo("[]");
                        });
        assertThat(last).isEqualTo("stopped 0 procs");
        assertThat(folder.resolve("host.sock")).doesNotExist();
    }

    private static String json(String name, OsProcess process) {
        return ("\\{\"name\":\"%s\",\"pid\":%d,\"state\":\"ready\",\"uptime_ms\":\\d+,"
                        + "\"rss_bytes\":[1-9]\\d+,\"cpu_ms\":\\d+,\"restarts\":0,"
                        + "\"last_exit\":\"\",\"limits\":\\[\\]\\}")
                .formatted(name, process.pid());
    }

    private Program startWatch() throws IOException, InterruptedException {
        return Program.java(
                ClassPaths.commandLine(),
                "io.hyperactor.cli.Main",
                "watch",
                "--json",
                "--host",
                address());
    }

    @Test
    void whoWatchesSeesAProcDieUntilItIsToldToEnd() throws Exception {
        withHost(
                "TERM",
                _ -> {
                    OsProcess child = spawn("p1");
                    try (Program watch = startWatch()) {
                        assertThat(watch.awaitLine("{")).contains("\"what\":\"is\"");
                        assertThat(watch.awaitLine("{")).contains("\"what\":\"is\""); // again
                        child.signal("KILL");
                        assertThat(nextEvent(watch))
                                .contains(
                                        "\"name\":\"p1\",\"pid\":" + child.pid(),
                                        "killed by signal 9 (SIGKILL)");
                        watch.process().signal("INT");
                        watch.output(0);
                    }
                });
    }

    private static String nextEvent(Program watch) throws InterruptedException {
        String line = watch.awaitLine("{");
        while (line.contains("\"what\":\"is\"")) {
            line = watch.awaitLine("{");
        }
        return line;
    }

    @Test
    void whoWatchesIsToldWhenTheHostIsGone() throws Exception {
        try (Program host = startHost()) {
            spawn("p1");
            try (Program watch = startWatch()) {
                watch.awaitLine("{");
                host.process().signal("TERM");
                assertThat(watch.output(1).getLast()).startsWith("hyperactor: no host at ");
            }
        }
    }

    @Test
    void allAreEndedInOneGo() throws Exception {
        withHost(
                "TERM",
                _ -> {
                    assertThat(run("spawn", "p1", "p2").done().results()).hasSize(2);
                    assertThat(run("stop", "--all").done().results())
                            .containsExactly(
                                    "p1: exited with status 0", "p2: exited with status 0");
                    assertThat(run("stop", "--all").done().results()).isEmpty();
                });
    }

    @Test
    void aHostStopsItsProcsAtCtrlC() throws Exception {
        String last = withHost("INT", _ -> spawn("p1"));
        assertThat(last).isEqualTo("stopped 1 proc");
    }

    @Test
    void whatFailsForOneProcDoesNotKeepItFromTheOthers() throws Exception {
        withHost(
                "TERM",
                _ -> {
                    spawn("p1");
                    CommandRun spawn = run("spawn", "p1", "p2").endedWith(1);
                    assertThat(spawn.message()).isEqualTo("hyperactor: proc 'p1' already exists");
                    assertThat(spawn.result()).startsWith("p2: ready, pid ");

                    CommandRun stop = run("stop", "p3", "p2").endedWith(1);
                    assertThat(stop.message()).isEqualTo("hyperactor: cannot end p3: no proc 'p3'");
                    assertThat(stop.result()).isEqualTo("p2: exited with status 0");
                });
    }

    @Test
    void whatIsNotThereCannotBeAsked() throws Exception {
        withHost(
                "TERM",
                _ -> {
                    assertThat(run("ask", "p9").endedWith(1).message())
                            .isEqualTo("hyperactor: no proc 'p9' at " + address());
                    assertThat(run("ask", "service").endedWith(1).message())
                            .startsWith("hyperactor: actor does not exist");
                });
    }

    @Test
    void withoutAHostEveryClientSaysSo() throws Exception {
        for (var line :
                List.of("ps", "watch", "stats", "spawn p1", "ask p1", "stop p1", "kill --all")) {
            assertThat(run(line.split(" ")).endedWith(1).message())
                    .isEqualTo(
                            "hyperactor: no host at %s (start one with: hyperactor host)"
                                    .formatted(address()));
        }
    }

    @Test
    void anAddressHasOneHost() throws Exception {
        withHost(
                "TERM",
                _ -> {
                    assertThat(run("host").endedWith(1).message())
                            .contains("in use")
                            .contains(address());
                    run("ps").done();
                });
    }

    @Test
    void aHostTakesThePlaceOfOneThatWasKilled() throws Exception {
        try (Program host = startHost()) {
            OsProcess child = spawn("p1");
            host.process().signal("KILL");
            child.awaitGone();
            Leftovers.awaitNoProcesses(); // a child that trains ends too
        }
        withHost("TERM", _ -> assertThat(run("ps", "--json").done().result()).isEqualTo("[]"));
    }

    @Test
    void childrenLoadOurModulesAndTheLoggingApiOnly() throws Exception {
        withHost(
                "TERM",
                _ -> {
                    OsProcess child = spawn("p1");
                    assertThat(Files.readString(Path.of("/proc/" + child.pid() + "/cmdline")))
                            .contains("hyperactor-host")
                            .doesNotContain("commons-cli");
                });
    }

    /// What each process links anew, or finds out for other commands, makes a short command slow.
    @Test
    void listingProcsLinksNoSwitchAndSetsUpNoOtherCommand() throws Exception {
        Path log = folder.resolve("loaded.txt");
        String flags = "-Xlog:class+load:file=" + log + ":none";
        withHost(
                "TERM",
                _ ->
                        CommandRun.of(
                                        Map.of(
                                                "HYPERACTOR_ADDRESS",
                                                address(),
                                                "JDK_JAVA_OPTIONS",
                                                flags),
                                        "ps")
                                .done());
        assertThat(Files.readAllLines(log))
                .anyMatch(line -> line.startsWith("io.hyperactor.cli.PsCommand "))
                .noneMatch(line -> line.startsWith("io.hyperactor") && line.contains("Switch/"))
                .noneMatch(line -> line.startsWith("io.hyperactor.cli.LimitOptions "))
                .noneMatch(line -> line.startsWith("java.time.format.DateTimeFormatter "));
    }

    @Test
    void whatMakesNoSenseIsWrongUsage() throws Exception {
        for (var line : List.of("dance", "ps --dance", "stop", "spawn no!", "ps --host x")) {
            CommandRun run = run(line.split(" ")).endedWith(2);
            assertThat(run.results()).isEmpty();
            assertThat(run.messages()).hasSize(2);
        }
    }
}

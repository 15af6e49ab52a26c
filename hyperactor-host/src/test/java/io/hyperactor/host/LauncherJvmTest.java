package io.hyperactor.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Launching with JVMs on either side: as children, and as hosts that die.
@EnabledOnOs(OS.LINUX)
class LauncherJvmTest {
    private static final Duration BUSY = Duration.ofSeconds(2); // 0.5 s where nobody else is

    @TempDir Path directory;

    private final RecordedOutput output = new RecordedOutput();
    private final ProcLauncher launcher = LinuxLauncher.open(output).orElseThrow();

    @AfterEach
    void close() {
        launcher.close();
    }

    private static List<String> java(Class<?> main, String... arguments) {
        return JavaCommand.of(main)
                .withFlags("--enable-native-access=ALL-UNNAMED", "-Xmx64m")
                .withArguments(arguments)
                .command();
    }

    private static LaunchSpec spec(List<String> command) {
        Map<String, String> environment = MinimalEnvironment.of(System.getenv(), Set.of());
        return new LaunchSpec("jvm", command, environment, Optional.empty(), "token-1");
    }

    @Test
    void aChildJvmGetsItsTokenAndHaltsWhenItsHostLetsGo() throws IOException {
        LaunchedProcess child = launcher.launch(spec(java(LauncherPrograms.Child.class)));
        assertThat(output.await(child, "token ")).isEqualTo("token-1");

        child.closeControl();

        assertThat(ProcLauncherContract.exitOf(child))
                .isEqualTo(new ProcExit.Exited(ControlPipe.HOST_GONE));
    }

    @Test
    void aChildJvmOfThePortableLauncherDoesSoToo() throws IOException {
        try (var portable = new PortableLauncher(output)) {
            LaunchedProcess child = portable.launch(spec(java(LauncherPrograms.Child.class)));
            assertThat(output.await(child, "token ")).isEqualTo("token-1");

            child.closeControl();

            assertThat(ProcLauncherContract.exitOf(child))
                    .isEqualTo(new ProcExit.Exited(ControlPipe.HOST_GONE));
        }
    }

    @Test
    void whatAKilledHostLaunchedIsKilledToo() throws IOException {
        LaunchedProcess host =
                launcher.launch(spec(java(LauncherPrograms.Host.class, "/bin/sleep", "1000")));
        long child = Long.parseLong(output.await(host, "pid "));
        await("program")
                .atMost(ProcLauncherContract.PATIENCE)
                .until(() ->
                        OsProcess.read("/proc/" + child + "/cmdline").startsWith("/bin/sleep"));

        host.signalGroup(Signals.KILL); // its child is in a group of its own

        assertThat(ProcLauncherContract.exitOf(host)).isEqualTo(new ProcExit.Signalled(9, false));
        ProcLauncherContract.awaitGone(child);
    }

    @Test
    void whatAKilledHostLaunchedIsKilledTooWithoutSetpriv() throws IOException {
        LaunchedProcess host =
                launcher.launch(
                        spec(
                                java(
                                        LauncherPrograms.HostWithoutSetpriv.class,
                                        "/bin/sleep",
                                        "1000")));
        long child = Long.parseLong(output.await(host, "pid "));

        host.signalGroup(Signals.KILL);

        assertThat(ProcLauncherContract.exitOf(host)).isEqualTo(new ProcExit.Signalled(9, false));
        ProcLauncherContract.awaitGone(child);
    }

    /// Not as a child of a launcher, whose control group would end with it.
    @ParameterizedTest
    @ValueSource(strings = {"sleep 1000", "kill -STOP $$", "while :; do sleep 0.01; done"})
    void whatLeftTheSessionOfAKilledHostWithoutControlGroupsIsGoneSoon(String daemon)
            throws Exception {
        String script = "setsid sh -c 'echo $$ >\"$0\"; " + daemon + "' \"$0\" & exec sleep 1000";
        Path file = directory.resolve("pid");
        Process host =
                new ProcessBuilder(
                                java(
                                        LauncherPrograms.HostWithoutSetpriv.class,
                                        "/bin/sh",
                                        "-c",
                                        script,
                                        file.toString()))
                        .start();
        await().atMost(ProcLauncherContract.PATIENCE)
                .until(() ->
                        OsProcess.read(file.toString()).endsWith("\n")
                                && !OsProcess.guardians(host.pid()).isEmpty());
        long stray = Long.parseLong(Files.readString(file).strip());

        long start = System.nanoTime();
        host.destroyForcibly();

        ProcLauncherContract.awaitGone(stray);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(BUSY);
        await("end of the guardian")
                .atMost(ProcLauncherContract.PATIENCE)
                .until(() -> OsProcess.guardians(host.pid()).isEmpty());
    }

    @Test
    void evenAStoppedChildOfAKilledHostIsKilled() throws IOException {
        LaunchedProcess host =
                launcher.launch(
                        spec(java(LauncherPrograms.Host.class, "/bin/sh", "-c", "kill -STOP $$")));
        long child = Long.parseLong(output.await(host, "pid "));
        await().atMost(ProcLauncherContract.PATIENCE).until(() -> OsProcess.state(child) == 'T');

        host.signalGroup(Signals.KILL);

        await("end")
                .atMost(ProcLauncherContract.PATIENCE)
                .until(() -> OsProcess.state(child) == '-' || OsProcess.state(child) == 'Z');
    }

    @ParameterizedTest
    @ValueSource(strings = {"exit", "halt", "throw"})
    void whatAChildStartedIsGoneHoweverItsHostEnds(String how) throws IOException {
        LaunchedProcess host =
                launcher.launch(
                        spec(
                                java(
                                        LauncherPrograms.EndingHost.class,
                                        how,
                                        "/bin/sh",
                                        "-c",
                                        "sleep 1000 & echo $!; wait")));
        long grandchild = Long.parseLong(output.await(host, "grandchild "));

        assertThat(ProcLauncherContract.exitOf(host))
                .isEqualTo(new ProcExit.Exited(how.equals("throw") ? 1 : 5));

        ProcLauncherContract.awaitGone(grandchild);
        await("end of the guardian")
                .atMost(ProcLauncherContract.PATIENCE)
                .until(() -> OsProcess.guardians(host.pid()).isEmpty());
    }

    @Test
    void withoutDescriptorsALaunchFailsAndLaterOnesWork() throws IOException {
        var command = new ArrayList<>(List.of("/bin/sh", "-c", "ulimit -n 80; exec \"$@\"", "sh"));
        command.addAll(java(LauncherPrograms.DescriptorLimit.class));
        LaunchedProcess host = launcher.launch(spec(command));

        assertThat(ProcLauncherContract.exitOf(host)).isEqualTo(new ProcExit.Exited(0));
        List<String> lines = host.lastLines();
        String refused =
                "spare %d: cannot launch inner (/bin/true): %s:"
                        + " EMFILE (no more open files in this process)";
        assertThat(lines)
                .contains(refused.formatted(0, "pipe"), refused.formatted(5, "pipe"))
                .contains(refused.formatted(6, "pidfd_open")) // it ran, and was killed
                .contains("spare 7: exited with status 0", "spare 11: exited with status 0")
                .endsWith("after: exited with status 9", "children []");
        assertThat(lines).filteredOn(line -> line.startsWith("spare")).hasSize(12);
    }
}

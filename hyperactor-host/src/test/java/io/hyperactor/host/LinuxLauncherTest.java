package io.hyperactor.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

@EnabledOnOs(OS.LINUX)
class LinuxLauncherTest extends ProcLauncherContract {
    @Override
    ProcLauncher open(OutputListener output) {
        return LinuxLauncher.open(output).orElseThrow();
    }

    @Override
    int controlDescriptor() {
        return 3;
    }

    @Test
    void otherSystemsAndProcessorsAreNotSupported() {
        assertThat(LinuxLauncher.supports("Linux", "aarch64")).isTrue();
        assertThat(LinuxLauncher.supports("Linux", "s390x")).isFalse();
        assertThat(LinuxLauncher.supports("Mac OS X", "aarch64")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {129, 134, 137, 139, 143})
    void aStatusThatLooksLikeASignalIsAStatus(int status) {
        assertThat(exitOf(launch(shell("exit " + status)))).isEqualTo(new ProcExit.Exited(status));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 6, 9, 11, 15})
    void aSignalIsASignal(int signal) {
        LaunchedProcess process = launch(shell("ulimit -c 0; kill -%d $$".formatted(signal)));

        assertThat(exitOf(process)).isEqualTo(new ProcExit.Signalled(signal, false));
    }

    @Test
    void aCoreThatWasDumpedIsTold(@TempDir Path directory) throws IOException {
        String hard = "ulimit -H -c";
        assumeTrue(run(shell(hard)).equals("unlimited"), "core files are forbidden here");
        LaunchSpec dumping = shell("ulimit -c unlimited; kill -ABRT $$");
        var spec =
                new LaunchSpec(
                        dumping.name(),
                        dumping.command(),
                        dumping.environment(),
                        Optional.of(directory),
                        TOKEN);

        ProcExit exit = exitOf(launch(spec));

        try (Stream<Path> files = Files.list(directory)) {
            boolean isThere = files.findAny().isPresent();
            assumeTrue(isThere, "this machine keeps its core files elsewhere, or nowhere");
        }
        assertThat(exit).isEqualTo(new ProcExit.Signalled(6, true));
    }

    /// A stopped process acts on SIGTERM only when it goes on.
    @Test
    void aStoppedProcessIsWokenToEndByItself() throws Exception {
        LaunchedProcess process =
                launch(shell("trap 'exit 7' TERM; kill -STOP $$; while :; do sleep 0.02; done"));
        Path stat = Path.of("/proc", Long.toString(process.pid()), "stat");
        await().atMost(PATIENCE).until(() -> Files.readString(stat).contains(") T "));

        process.signalGroup(Signals.TERM);

        assertThat(exitOf(process)).isEqualTo(new ProcExit.Exited(7));
    }

    private String run(LaunchSpec spec) {
        LaunchedProcess process = launch(spec);
        exitOf(process);
        return String.join("", process.lastLines());
    }

    /// The signal for the death of a parent comes when the *thread* ends that started the child.
    @Test
    void aProcessOutlivesTheThreadThatAskedForIt() throws Exception {
        var launched = new CompletableFuture<LaunchedProcess>();
        var task = new CompletableFuture<Path>();
        Thread.ofPlatform()
                .start(() -> {
                    task.complete(ownTask());
                    launched.complete(launch(shell("read t <&3; cat <&3; exit 6")));
                })
                .join();
        await("the end of the thread in the kernel, too")
                .atMost(PATIENCE)
                .until(() -> Files.notExists(task.join()));
        LaunchedProcess process = launched.join();

        process.closeControl();

        assertThat(exitOf(process)).isEqualTo(new ProcExit.Exited(6));
    }

    private static Path ownTask() {
        try {
            return Path.of("/proc").resolve(Files.readSymbolicLink(Path.of("/proc/thread-self")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void withoutSetprivTheEndOfTheControlPipeTellsAChildThatItsHostIsGone() throws IOException {
        try (var bare =
                new LinuxLauncher(
                        new Libc(),
                        new PosixSpawn(),
                        new ParentDeath(Optional.empty()),
                        Optional.empty(),
                        output)) {
            LaunchedProcess process =
                    bare.launch(shell("cat /proc/$$/comm; read t <&3; cat <&3; exit 69"));
            assertThat(output.await(process, "")).isEqualTo("sh"); // it was started by nobody else

            process.closeControl(); // as the death of this process would

            assertThat(exitOf(process)).isEqualTo(new ProcExit.Exited(ControlPipe.HOST_GONE));
        }
    }

    @Test
    void aChildHasItsFourDescriptorsAndNoMore() throws IOException {
        assertOnlyFourDescriptors(launcher);
    }

    @Test
    void aChildHasNoMoreWhereTheCLibraryCannotCloseAllAtOnce() throws IOException {
        try (var old =
                new LinuxLauncher(
                        new Libc(),
                        new PosixSpawn(Optional.empty()),
                        ParentDeath.ofThisMachine(),
                        Optional.empty(),
                        output)) {
            assertOnlyFourDescriptors(old);
        }
    }

    private void assertOnlyFourDescriptors(ProcLauncher launcher) throws IOException {
        try (var _ = ServerSocketChannel.open()) { // inheritable, unless somebody sees to it
            LaunchedProcess process = launcher.launch(shell("ls /proc/$$/fd; true"));

            exitOf(process);

            assertThat(process.lastLines()).containsExactly("0", "1", "2", "3");
        }
    }

    @Test
    void aChildLeadsASessionAndHasEverySignalAtItsDefault() {
        LaunchedProcess process = launch(spec("cat", "/proc/self/stat", "/proc/self/status"));

        exitOf(process);

        String[] stat = process.lastLines().getFirst().split(" ", -1);
        assertThat(stat[4]).as("process group").isEqualTo(String.valueOf(process.pid()));
        assertThat(stat[5]).as("session").isEqualTo(String.valueOf(process.pid()));
        assertThat(process.lastLines())
                .contains("SigBlk:\t0000000000000000")
                // At most the two that glibc keeps to itself, 32 and 33.
                .anyMatch(line -> line.matches("SigIgn:\t0000000[01][08]0000000"));
    }

    @Test
    void grandchildrenEndWithALeaderThatEndsByItself() {
        LaunchedProcess process = launch(shell("sleep 1000 & echo pid $!; exit 3"));

        assertThat(exitOf(process)).isEqualTo(new ProcExit.Exited(3));
        awaitGone(Long.parseLong(output.await(process, "pid ")));
    }

    @Test
    void aGrandchildOutOfReachThatHoldsTheOutputOpenDoesNotHoldUpTheExit() {
        LaunchedProcess process = launch(shell("setsid yes & echo pid $!; exit 3"));
        long grandchild = Long.parseLong(output.await(process, "pid "));

        assertThat(exitOf(process)).isEqualTo(new ProcExit.Exited(3));
        awaitGone(grandchild); // its output has no reader any more
    }

    @Test
    void theLastWordsOfAChildAreHeard() {
        LaunchedProcess process =
                launch(shell("head -c 50000 /dev/zero | tr '\\0' x; echo; echo last; kill -9 $$"));

        assertThat(exitOf(process)).isEqualTo(new ProcExit.Signalled(9, false));
        assertThat(process.lastLines()).endsWith("last");
    }

    @ParameterizedTest
    @ValueSource(ints = {Signals.TERM, Signals.KILL})
    void aStoppedChildNoticesASignal(int signal) {
        LaunchedProcess process = launch(spec("sleep", "1000"));
        process.signalGroup(Signals.STOP);
        await().atMost(PATIENCE).until(() -> OsProcess.state(process.pid()) == 'T');

        process.signalGroup(signal);

        assertThat(exitOf(process)).isEqualTo(new ProcExit.Signalled(signal, false));
    }

    @Test
    void aGuardianStartsWithTheFirstChildAndEndsWithTheLauncher() throws IOException {
        assertThat(guardians()).isEmpty();
        exitOf(launch(spec("true")));
        await("guardian").atMost(PATIENCE).until(() -> guardians().size() == 1);
        long guardian = guardians().getFirst();
        try (var open = Files.list(Path.of("/proc/" + guardian + "/fd"))) {
            assertThat(open.map(fd -> fd.getFileName().toString()))
                    .containsExactlyInAnyOrder("0", "1", "2");
        }
        assertThat(OsProcess.read("/proc/" + guardian + "/environ"))
                .isEqualTo("PATH=/usr/bin:/bin\0");

        launcher.close();

        assertThat(guardians()).isEmpty();
        assertThat(ProcessHandle.current().children()).isEmpty(); // nor is it a zombie
    }

    @Test
    void aGuardianThatIsKilledIsReplaced() {
        launch(spec("sleep", "1000"));
        await("guardian").atMost(PATIENCE).until(() -> guardians().size() == 1);
        long first = guardians().getFirst();

        assertThat(ProcessHandle.of(first).orElseThrow().destroyForcibly()).isTrue();

        await("another guardian")
                .atMost(PATIENCE)
                .until(() -> guardians().size() == 1 && guardians().getFirst() != first);
    }

    private static List<Long> guardians() {
        return OsProcess.guardians(ProcessHandle.current().pid());
    }

    @Test
    void anEnvironmentThatAShellWouldChangeArrivesAsItIs() throws IOException {
        var spec =
                new LaunchSpec(
                        "w",
                        List.of("/usr/bin/env"),
                        Map.of("a.b", "1", "PWD", "/no/such", "SHLVL", "7"),
                        Optional.empty(),
                        "");

        LaunchedProcess process = launcher.launch(spec);

        exitOf(process);
        assertThat(process.lastLines())
                .filteredOn(line -> !line.startsWith(LaunchMarks.VARIABLE + "="))
                .containsExactlyInAnyOrder(
                        "a.b=1", "PWD=/no/such", "SHLVL=7", ControlPipe.VARIABLE + "=3");
    }

    @Test
    void aSignalThatDoesNotExistIsRefused() {
        LaunchedProcess process = launch(spec("sleep", "1000"));

        assertThatIllegalArgumentException().isThrownBy(() -> process.signalGroup(0));
        assertThatIllegalArgumentException().isThrownBy(() -> process.signalGroup(65));
    }

    @Test
    void aListenerMayLaunchAndClose() throws IOException {
        var launched = new CompletableFuture<LaunchedProcess>();
        var self = new CompletableFuture<ProcLauncher>();
        ProcLauncher other =
                open((_, _, _, _, _) -> {
                    ProcLauncher launcher = self.join();
                    try {
                        launched.complete(launcher.launch(spec("sleep", "1000")));
                    } catch (IOException e) {
                        launched.completeExceptionally(e);
                    }
                    launcher.close();
                });
        self.complete(other);
        other.launch(spec("echo", "a"));

        assertThat(launched).succeedsWithin(PATIENCE);
        assertThat(exitOf(launched.join())).isEqualTo(new ProcExit.Signalled(9, false));
    }
}

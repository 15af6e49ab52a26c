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
    private static final long SELF = ProcessHandle.current().pid();
    private static final boolean CGROUPS = canMakeCgroups();

    private static boolean canMakeCgroups() {
        var cgroups = new LauncherCgroups(CgroupHome.find(), System::nanoTime);
        Optional<Cgroup> group = cgroups.forChild(ProcLimits.NONE).map(LauncherCgroups.Made::group);
        group.ifPresent(cgroups::retire);
        cgroups.close();
        return group.isPresent();
    }

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

    @ParameterizedTest
    @ValueSource(strings = {"exit 3", "kill -9 $$", "kill -STOP $$"})
    void evenWhatLeftTheSessionEndsWithItsLeaderInAControlGroup(String end) {
        assumeTrue(CGROUPS, "no control groups here");
        LaunchedProcess process =
                launch(
                        shell(
                                "setsid sh -c 'echo pid $$; kill -STOP $$' & read t <&3;"
                                        + " read go <&3; "
                                        + end));
        long grandchild = Long.parseLong(output.await(process, "pid "));
        await().atMost(PATIENCE).until(() -> OsProcess.state(grandchild) == 'T');
        assertThat(process.containment()).isEqualTo(Containment.CGROUP);

        assertThat(process.tell("go")).isTrue();
        if (end.contains("STOP")) {
            await().atMost(PATIENCE).until(() -> OsProcess.state(process.pid()) == 'T');
            process.signalGroup(Signals.KILL);
        }

        exitOf(process);
        awaitGone(grandchild);
    }

    @Test
    void theControlGroupOfAProcessIsRemovedAfterItsEnd() throws IOException {
        assumeTrue(CGROUPS, "no control groups here");
        LaunchedProcess process = launch(spec("sleep", "1000"));
        await("joined").atMost(PATIENCE).until(() -> process.containment() == Containment.CGROUP);
        Path group = groupOf(process.pid());
        assertThat(group).isDirectory();
        assertThat(CgroupOwner.parse(group.getParent().getFileName().toString()))
                .hasValueSatisfying(owner -> assertThat(owner.isDead()).isFalse());

        process.signalGroup(Signals.KILL);
        exitOf(process);

        await("removal").atMost(PATIENCE).until(() -> !Files.exists(group));
        launcher.close();
        assertThat(group.getParent()).doesNotExist();
    }

    @Test
    void theGroupOfAProcessLimitsWhatItIsToldAndIsRemovedFromEveryTree() throws IOException {
        ProcLimits limits =
                ProcLimits.NONE.withMemoryBytes(64 << 20).withTasks(3).withCpuPercent(10);
        assumeTrue(areLimitedByGroup(limits), "no controllers of control groups here");
        LaunchedProcess process =
                launch(
                        limited(
                                limits,
                                "sh",
                                "-c",
                                "timeout 1 sh -c 'while :; do :; done'; times; sleep 9 &"
                                        + " sleep 9 & sleep 9 & sleep 9 &"));

        exitOf(process);

        assertThat(process.limits())
                .extracting(AppliedLimit::toString)
                .containsExactly(
                        "memory bytes 67108864 (cgroup)",
                        "tasks 3 (cgroup)",
                        "cpu percent 10 (cgroup)");
        assertThat(process.lastLines()).anyMatch(line -> line.contains("fork")); // cannot
        assertThat(process.lastLines().get(1)).matches("0m0\\.[0-3]\\d*s .*"); // of 1 s
        launcher.close();
        CgroupHome home = CgroupHome.find().orElseThrow();
        for (Path tree :
                Stream.concat(Stream.of(home.group()), home.v1().values().stream()).toList()) {
            try (Stream<Path> left = Files.list(tree)) {
                assertThat(left.map(Path::toString))
                        .noneMatch(path -> path.contains("hyperactor-" + SELF + "-"));
            }
        }
    }

    private boolean areLimitedByGroup(ProcLimits limits) {
        LaunchedProcess probe = launch(limited(limits, "true"));
        exitOf(probe);
        return probe.limits().stream().allMatch(limit -> limit.by() == AppliedLimit.Means.CGROUP);
    }

    @Test
    void whatIsKilledAtTheLimitOfItsGroupIsOutOfMemoryAndWhatIsKilledByUsIsNot() {
        ProcLimits limits = ProcLimits.NONE.withMemoryBytes(64 << 20);
        assumeTrue(areLimitedByGroup(limits), "no controllers of control groups here");

        LaunchedProcess greedy = launch(limited(limits, "tail", "/dev/zero"));
        assertThat(exitOf(greedy)).isEqualTo(new ProcExit.Signalled(9, false));
        boolean isV1 = CgroupHome.find().orElseThrow().v1().containsKey(CgroupController.MEMORY);
        assertThat(greedy.diagnosis())
                .contains(Diagnosis.OutOfMemory.ofGroup(greedy.limits(), !isV1));

        LaunchedProcess idle = launch(limited(limits, "sleep", "1000"));
        idle.signalGroup(Signals.KILL);
        assertThat(exitOf(idle)).isEqualTo(new ProcExit.Signalled(9, false));
        assertThat(idle.diagnosis()).isEmpty();
    }

    private static Path groupOf(long pid) {
        List<Path> paths =
                CgroupHome.candidates(
                        OsProcess.read("/proc/self/mountinfo"),
                        OsProcess.read("/proc/" + pid + "/cgroup"),
                        "");
        return paths.getFirst();
    }

    @Test
    void withoutAControllerMemoryIsLimitedForEachProcess() throws IOException {
        try (var plain = withoutControlGroups()) {
            String greedy = "ulimit -d; head -c 500000000 /dev/zero | tail >/dev/null";
            LaunchedProcess process =
                    plain.launch(
                            limited(ProcLimits.NONE.withMemoryBytes(64 << 20), "sh", "-c", greedy));

            assertThat(exitOf(process)).isNotEqualTo(new ProcExit.Exited(0));
            assertThat(process.lastLines()).startsWith("65536");
            assertThat(process.limits())
                    .extracting(AppliedLimit::toString)
                    .containsExactly("memory bytes 67108864 (rlimit)");
        }
    }

    @Test
    void withoutControlGroupsTheProcessGroupEnds() throws IOException {
        try (var plain = withoutControlGroups()) {
            LaunchedProcess process = plain.launch(shell("sleep 1000 & echo pid $!; wait"));
            long grandchild = Long.parseLong(output.await(process, "pid "));

            assertThat(process.containment()).isEqualTo(Containment.PROCESS_GROUP);
            process.signalGroup(Signals.KILL);
            awaitGone(grandchild);
        }
    }

    /// And nothing of another process.
    @ParameterizedTest
    @ValueSource(strings = {"exit 3", "kill -9 $$", "kill -STOP $$"})
    void withoutControlGroupsWhatLeftTheSessionEndsByItsMark(String end) throws IOException {
        String daemon = "setsid sh -c 'echo pid $$; kill -STOP $$' & ";
        String script = daemon + "read t <&3; read go <&3; ";
        long bystander;
        try (var plain = withoutControlGroups()) {
            LaunchedProcess other = plain.launch(shell(script));
            LaunchedProcess process = plain.launch(shell(script + end));
            bystander = Long.parseLong(output.await(other, "pid "));
            long stray = Long.parseLong(output.await(process, "pid "));
            await().atMost(PATIENCE).until(() -> OsProcess.state(stray) == 'T');

            assertThat(process.tell("go")).isTrue();
            if (end.contains("STOP")) {
                await().atMost(PATIENCE).until(() -> OsProcess.state(process.pid()) == 'T');
                process.signalGroup(Signals.KILL);
            }

            exitOf(process);
            awaitGone(stray);
            assertThat(OsProcess.isRunning(bystander)).isTrue();
        }
        assertThat(OsProcess.isRunning(bystander)).isFalse(); // a launcher that is closed is done
    }

    @Test
    void withoutControlGroupsWhoShedsTheMarkStays() throws IOException {
        long hidden;
        try (var plain = withoutControlGroups()) {
            LaunchedProcess process =
                    plain.launch(
                            shell(
                                    "setsid env -u HYPERACTOR_HOST_MARK sleep 1000 & echo pid $!;"
                                            + " read t <&3; read go <&3"));
            hidden = Long.parseLong(output.await(process, "pid "));
            await().atMost(PATIENCE)
                    .until(() ->
                            OsProcess.read("/proc/" + hidden + "/cmdline").startsWith("sleep"));
        }
        assertThat(OsProcess.isRunning(hidden)).isTrue();
        ProcessHandle.of(hidden).ifPresent(ProcessHandle::destroyForcibly);
    }

    private LinuxLauncher withoutControlGroups() {
        return new LinuxLauncher(
                new Libc(),
                new PosixSpawn(),
                ParentDeath.ofThisMachine(),
                Optional.empty(),
                output);
    }

    private static String mark(ProcessIdentity host) {
        return new LaunchMarks(SocketMark.of(host)).next().orElseThrow();
    }

    @Test
    void whatADeadHostLeftWithoutAControlGroupIsKilledAtTheNextStart() throws Exception {
        Process dead = new ProcessBuilder("true").start();
        dead.waitFor();
        ProcessIdentity self = ProcessIdentity.self();
        ProcessBuilder sleep = new ProcessBuilder("sleep", "1000");
        var host = new ProcessIdentity(dead.pid(), 1, self.pidNamespace());
        sleep.environment().put(LaunchMarks.VARIABLE, mark(host));
        Process left = sleep.start();
        sleep.environment().put(LaunchMarks.VARIABLE, mark(self));
        Process alive = sleep.start();

        try (var _ = withoutControlGroups()) {
            assertThat(left.onExit()).succeedsWithin(PATIENCE);
        }

        assertThat(alive.isAlive()).isTrue();
        alive.destroyForcibly();
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
    void whatADeadHostLeftInItsControlGroupIsKilledAtTheNextStart() throws Exception {
        assumeTrue(CGROUPS, "no control groups here");
        Process dead = new ProcessBuilder("true").start();
        dead.waitFor();
        long namespace = ProcessIdentity.self().pidNamespace();
        var owner = new ProcessIdentity(dead.pid(), 1, namespace);
        String name = new CgroupOwner(owner, 1).groupName();
        Cgroup left = Cgroup.make(CgroupHome.find().orElseThrow().group().resolve(name));
        Cgroup below = Cgroup.make(left.directory().resolve("proc-1"));
        Process survivor = new ProcessBuilder("sleep", "1000").start();
        below.add(survivor.pid());

        try (var _ = open(output)) {
            assertThat(survivor.onExit()).succeedsWithin(PATIENCE);
            await("removal").atMost(PATIENCE).until(() -> !Files.exists(left.directory()));
        }
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

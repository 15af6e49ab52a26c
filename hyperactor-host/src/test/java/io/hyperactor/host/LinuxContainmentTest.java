package io.hyperactor.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What keeps a process and what it has started together, limits it and ends all of it.
@EnabledOnOs(OS.LINUX)
class LinuxContainmentTest extends RealProcesses {
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

    /// Has it end as `end`, the last part of its script, says.
    private static void end(LaunchedProcess process, String end) {
        assertThat(process.tell("go")).isTrue();
        if (end.contains("STOP")) {
            await().atMost(PATIENCE).until(() -> OsProcess.state(process.pid()) == 'T');
            process.signalGroup(Signals.KILL);
        }
        exitOf(process);
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

        end(process, end);
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

            end(process, end);
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

    private static ProcessIdentity dead() throws Exception {
        Process dead = new ProcessBuilder("true").start();
        dead.waitFor();
        return new ProcessIdentity(dead.pid(), 1, ProcessIdentity.self().pidNamespace());
    }

    private static String mark(ProcessIdentity host) {
        return new LaunchMarks(SocketMark.of(host)).next().orElseThrow();
    }

    @Test
    void whatADeadHostLeftWithoutAControlGroupIsKilledAtTheNextStart() throws Exception {
        ProcessIdentity self = ProcessIdentity.self();
        ProcessBuilder sleep = new ProcessBuilder("sleep", "1000");
        ProcessIdentity host = dead();
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
    void whatADeadHostLeftInItsControlGroupIsKilledAtTheNextStart() throws Exception {
        assumeTrue(CGROUPS, "no control groups here");
        String name = new CgroupOwner(dead(), 1).groupName();
        Cgroup left = Cgroup.make(CgroupHome.find().orElseThrow().group().resolve(name));
        Cgroup below = Cgroup.make(left.directory().resolve("proc-1"));
        Process survivor = new ProcessBuilder("sleep", "1000").start();
        below.add(survivor.pid());

        try (var _ = open(output)) {
            assertThat(survivor.onExit()).succeedsWithin(PATIENCE);
            await("removal").atMost(PATIENCE).until(() -> !Files.exists(left.directory()));
        }
    }
}

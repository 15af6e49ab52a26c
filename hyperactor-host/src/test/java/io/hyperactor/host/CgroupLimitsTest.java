package io.hyperactor.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;

/// In ordinary directories that have the files of control groups.
class CgroupLimitsTest {
    private static final ProcLimits LIMITS =
            ProcLimits.NONE.withMemoryBytes(123456789).withTasks(77).withCpuPercent(150);
    private static final long SELF = ProcessHandle.current().pid();

    @TempDir Path root;

    private Path home;
    private Path child;

    @BeforeEach
    void makeTree() throws IOException {
        home = Files.createDirectory(root.resolve("home"));
        child = Files.createDirectories(home.resolve("launcher/proc-1"));
        file(home, "cgroup.controllers", "cpu memory pids\n");
        file(home, "cgroup.subtree_control", "memory\n");
        file(home, "cgroup.procs", "");
        file(home.resolve("launcher"), "cgroup.subtree_control", "\n");
        for (String name :
                List.of(
                        "memory.max",
                        "memory.swap.max",
                        "memory.oom.group",
                        "pids.max",
                        "cpu.max")) {
            file(child, name, "max\n");
        }
    }

    private static void file(Path folder, String name, String text) throws IOException {
        Files.writeString(Files.createDirectories(folder).resolve(name), text);
    }

    private List<String> limited(Map<CgroupController, Path> v1) {
        LauncherCgroups.Made made =
                LauncherCgroups.limited(new Cgroup(child), new CgroupHome(home, v1), LIMITS);
        return made.limits().stream().map(AppliedLimit::toString).toList();
    }

    private static String read(Path folder, String file) throws IOException {
        return Files.readString(folder.resolve(file)).split("\n", 2)[0];
    }

    @Test
    void limitsOfV2AreHandedDownThroughTheGroupsAbove() throws IOException {
        assertThat(limited(Map.of()))
                .containsExactly(
                        "memory bytes 123456789 (cgroup)",
                        "tasks 77 (cgroup)",
                        "cpu percent 150 (cgroup)");

        assertThat(read(home, "cgroup.subtree_control")).startsWith("+cpu"); // the last one
        assertThat(read(home.resolve("launcher"), "cgroup.subtree_control")).startsWith("+cpu");
        assertThat(read(child, "memory.max")).startsWith("123456789");
        assertThat(read(child, "memory.oom.group")).startsWith("1");
        assertThat(read(child, "memory.swap.max")).startsWith("0");
        assertThat(read(child, "pids.max")).startsWith("77");
        assertThat(read(child, "cpu.max")).startsWith("150000 100000");
    }

    @Test
    void whatTheGroupDoesNotHaveDoesNotHold() throws IOException {
        file(home, "cgroup.controllers", "pids\n");
        assertThat(limited(Map.of())).containsExactly("tasks 77 (cgroup)");
        assertThat(CgroupController.notActive(LIMITS, List.of()))
                .extracting(AppliedLimit::toString)
                .containsExactly(
                        "memory bytes 123456789 (not active)",
                        "tasks 77 (not active)",
                        "cpu percent 150 (not active)");
    }

    /// As where the kernel has none.
    @Test
    void withoutSwapThereIsNothingToForbid() throws IOException {
        Files.delete(child.resolve("memory.swap.max"));
        assertThat(limited(Map.of())).contains("memory bytes 123456789 (cgroup)");
    }

    @Test
    void whatIsRefusedDoesNotHold() throws IOException {
        Files.delete(child.resolve("memory.max"));
        assertThat(limited(Map.of()))
                .containsExactly("tasks 77 (cgroup)", "cpu percent 150 (cgroup)");
    }

    @Test
    void controllersOfV1AreUsedInTheirOwnTrees() throws IOException {
        Path memory = root.resolve("memory");
        Path cpu = root.resolve("cpu");
        file(memory.resolve("launcher/proc-1"), "memory.limit_in_bytes", "");
        file(memory.resolve("launcher/proc-1"), "memory.memsw.limit_in_bytes", "");
        file(memory.resolve("launcher/proc-1"), "cgroup.procs", "");
        file(cpu.resolve("launcher/proc-1"), "cpu.cfs_period_us", "");
        file(cpu.resolve("launcher/proc-1"), "cpu.cfs_quota_us", "");
        var v1 = Map.of(CgroupController.MEMORY, memory, CgroupController.CPU, cpu);
        var home1 = new CgroupHome(home, v1);

        Cgroup group = LauncherCgroups.limited(new Cgroup(child), home1, LIMITS).group();

        assertThat(read(memory.resolve("launcher/proc-1"), "memory.limit_in_bytes"))
                .isEqualTo("123456789");
        assertThat(read(memory.resolve("launcher/proc-1"), "memory.memsw.limit_in_bytes"))
                .isEqualTo("123456789");
        assertThat(read(cpu.resolve("launcher/proc-1"), "cpu.cfs_quota_us")).isEqualTo("150000");
        assertThat(group.processes())
                .containsExactly(
                        child.resolve("cgroup.procs"),
                        memory.resolve("launcher/proc-1/cgroup.procs"),
                        cpu.resolve("launcher/proc-1/cgroup.procs"));
        file(memory.resolve("launcher/proc-1"), "memory.oom_control", "under_oom 0\noom_kill 2\n");
        assertThat(group.oomKills()).isEqualTo(2);
    }

    @Test
    void whatTheKernelKilledForLackOfMemoryIsRead() throws IOException {
        assertThat(new Cgroup(child).oomKills()).isZero();
        file(child, "memory.events", "low 0\nmax 9\noom 1\noom_kill 3\noom_group_kill 1\n");
        assertThat(new Cgroup(child).oomKills()).isEqualTo(3);
    }

    @Test
    void anEndIsThatOfTheGroupOnlyWhereTheGroupDiesAsOne() throws IOException {
        assertThat(new Cgroup(child).diesAsOne()).isFalse();
        file(child, "memory.oom.group", "1\n");
        assertThat(new Cgroup(child).diesAsOne()).isTrue();
        file(child, "memory.oom.group", "0\n");
        assertThat(new Cgroup(child).diesAsOne()).isFalse();

        List<AppliedLimit> limits =
                List.of(new AppliedLimit("memory bytes", 7, AppliedLimit.Means.CGROUP));
        assertThat(Diagnosis.OutOfMemory.ofGroup(limits, true))
                .hasToString("out of memory: killed at the limit of 7 bytes of its control group");
        assertThat(Diagnosis.OutOfMemory.ofGroup(limits, false))
                .hasToString(
                        "out of memory: killed, and so was a process at the limit of 7 bytes of its"
                                + " control group, perhaps this one");
    }

    @Test
    void aHostMovesOutOfTheGroupThatHandsControllersDown() throws IOException {
        file(home, "cgroup.type", "domain\n");
        file(home, "cgroup.procs", SELF + "\n");
        Path leaf = home.resolve(CgroupHome.LEAF);
        file(leaf, "cgroup.procs", "");

        assertThat(limited(Map.of())).hasSize(3);

        assertThat(read(leaf, "cgroup.procs")).isEqualTo(Long.toString(SELF));
    }

    @Test
    void aHostThatIsElsewhereOrInTheRootStaysWhereItIs() throws IOException {
        file(home, "cgroup.procs", SELF + "\n"); // the root has no type
        new CgroupHome(home, Map.of()).makeWay();
        file(home, "cgroup.type", "domain\n");
        file(home, "cgroup.procs", "1\n");
        new CgroupHome(home, Map.of()).makeWay();
        assertThat(home.resolve(CgroupHome.LEAF)).doesNotExist();
    }

    @Test
    void aHostThatHasMovedStillMakesGroupsAboveItsOwn() throws IOException {
        Files.createDirectories(home.resolve(CgroupHome.LEAF));
        String mounts = "41 31 0:38 / " + root + " rw - cgroup2 cgroup2 rw\n";
        assertThat(CgroupHome.find(mounts, "0::/home/" + CgroupHome.LEAF + "\n"))
                .contains(new CgroupHome(home, Map.of()));
        assertThat(CgroupHome.find(mounts, "0::/home\n")).contains(new CgroupHome(home, Map.of()));
    }

    /// As the kernel does it: in a real group of v2, with whatever controller it has.
    @Test
    @EnabledOnOs(OS.LINUX)
    void theKernelLetsAGroupHandDownControllersAfterTheMove() throws Exception {
        Path own = CgroupHome.find().map(CgroupHome::group).orElse(root);
        Path controllers = own.resolve("cgroup.controllers");
        assumeTrue(Files.exists(controllers), "no cgroup v2 here");
        assumeTrue(!Files.exists(own.resolve("cgroup.type")), "not in its root");
        String offered = Files.readString(controllers).strip();
        assumeTrue(!offered.isEmpty(), "no controllers in cgroup v2");
        String one = offered.split(" ", -1)[0];
        Path control = own.resolve("cgroup.subtree_control");
        boolean had = List.of(Files.readString(control).strip().split(" ", -1)).contains(one);
        Files.writeString(control, "+" + one, StandardOpenOption.WRITE);
        Path group = Files.createDirectory(own.resolve("hyperactor-test-" + SELF));
        try {
            new Cgroup(group).add(SELF);
            Path below = group.resolve("cgroup.subtree_control");
            assertThat(write(below, "+" + one)).isFalse();

            CgroupHome.find().orElseThrow().makeWay();

            assertThat(new Cgroup(group.resolve(CgroupHome.LEAF)).holds(SELF)).isTrue();
            assertThat(CgroupHome.find().orElseThrow().group()).isEqualTo(group);
            assertThat(write(below, "+" + one)).isTrue();
        } finally {
            new Cgroup(own).add(SELF);
            new Cgroup(group).remove();
            if (!had) {
                Files.writeString(control, "-" + one, StandardOpenOption.WRITE);
            }
        }
        assertThat(group).doesNotExist();
    }

    private static boolean write(Path file, String text) {
        try {
            Files.writeString(file, text, StandardOpenOption.WRITE);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}

package io.hyperactor.host;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;

class CgroupHomeTest {
    private static final String UNIFIED =
            """
            23 1 0:2 / / rw - ext4 /dev/vda rw
            41 31 0:38 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw
            """;

    @Test
    void theOwnGroupIsBelowTheMount() {
        assertThat(CgroupHome.candidates(UNIFIED, "0::/system.slice/hyperactor.service\n", ""))
                .containsExactly(Path.of("/sys/fs/cgroup/system.slice/hyperactor.service"));
    }

    @Test
    void onASystemWithBothVersionsTheSecondIsTaken() {
        String mounts =
                """
                40 31 0:37 / /sys/fs/cgroup/systemd rw - cgroup cgroup rw,name=systemd
                41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw
                """;

        assertThat(CgroupHome.candidates(mounts, "4:memory:/a\n1:cpu:/\n0::/\n", ""))
                .containsExactly(Path.of("/sys/fs/cgroup/unified"));
    }

    @Test
    void controllersOfTheFirstVersionHaveTreesOfTheirOwn() {
        String mounts =
                """
                32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct
                35 31 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory
                41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw
                """;
        String own = "4:memory:/a\n1:cpu,cpuacct:/b/c\n0::/\n";

        assertThat(CgroupHome.candidates(mounts, own, "memory"))
                .containsExactly(Path.of("/sys/fs/cgroup/memory/a"));
        assertThat(CgroupHome.candidates(mounts, own, "cpu"))
                .containsExactly(Path.of("/sys/fs/cgroup/cpu,cpuacct/b/c"));
        assertThat(CgroupHome.candidates(mounts, own, "pids")).isEmpty();
    }

    @Test
    void aMountMayShowAPartOfTheTreeAndHaveBlanksInItsPath() {
        String mounts = "41 31 0:38 /docker/ab /my\\040groups rw - cgroup2 cgroup2 rw\n";

        assertThat(CgroupHome.candidates(mounts, "0::/docker/ab/x\n", ""))
                .containsExactly(Path.of("/my groups/x"));
        assertThat(CgroupHome.candidates(mounts, "0::/docker/other\n", "")).isEmpty();
    }

    @Test
    void aGroupOutOfSightIsNone() {
        assertThat(CgroupHome.candidates(UNIFIED, "0::/../elsewhere\n", "")).isEmpty();
    }

    @Test
    void withoutTheSecondVersionThereIsNone() {
        assertThat(CgroupHome.candidates("23 1 0:2 / / rw - ext4 /dev/vda rw\n", "0::/\n", ""))
                .isEmpty();
        assertThat(CgroupHome.candidates(UNIFIED, "4:memory:/a\n", "")).isEmpty();
        assertThat(CgroupHome.candidates("", "", "")).isEmpty();
    }
}

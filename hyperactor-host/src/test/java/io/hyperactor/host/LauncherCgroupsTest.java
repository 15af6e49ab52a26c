package io.hyperactor.host;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// With an ordinary directory in place of the tree, in which a file is what a process is to a
/// group: it cannot be removed with it.
class LauncherCgroupsTest {
    @TempDir Path home;

    private long now = Long.MAX_VALUE;

    private LauncherCgroups cgroups(Path home) {
        return new LauncherCgroups(Optional.of(new CgroupHome(home, Map.of())), () -> now);
    }

    @Test
    void aGroupThatIsEmptyIsRemovedAtOnceWithThoseBelow() throws IOException {
        Path group = Files.createDirectories(home.resolve("a/b/c")).getParent().getParent();
        LauncherCgroups cgroups = cgroups(home);

        cgroups.retire(new Cgroup(group));

        assertThat(group).doesNotExist();
        assertThat(cgroups.sweep()).isTrue();
    }

    @Test
    void aGroupThatIsNotEmptyIsRemovedLater() throws IOException {
        Path group = Files.createDirectory(home.resolve("a"));
        Path process = Files.createFile(group.resolve("process"));
        LauncherCgroups cgroups = cgroups(home);
        cgroups.retire(new Cgroup(group));
        assertThat(cgroups.sweep()).isFalse();

        Files.delete(process);

        assertThat(cgroups.sweep()).isTrue();
        assertThat(group).doesNotExist();
    }

    @Test
    void aGroupThatStaysFullIsGivenUp() throws IOException {
        Path group = Files.createDirectory(home.resolve("a"));
        Files.createFile(group.resolve("process"));
        LauncherCgroups cgroups = cgroups(home);
        cgroups.retire(new Cgroup(group));

        now += LauncherCgroups.REMOVE_LIMIT_NANOS - 1;
        assertThat(cgroups.sweep()).isFalse();
        now += 1;
        assertThat(cgroups.sweep()).isTrue();
        assertThat(group).exists();
    }

    @Test
    void whereGroupsCannotBeMadeOrKilledThereAreNone() {
        LauncherCgroups missing = cgroups(home.resolve("missing"));
        missing.retireStale();
        assertThat(missing.forChild(ProcLimits.NONE)).isEmpty();
        assertThat(missing.directory()).isEmpty();

        LauncherCgroups unkillable = cgroups(home);
        assertThat(unkillable.forChild(ProcLimits.NONE)).isEmpty();
        assertThat(home).isEmptyDirectory();
    }

    @Test
    void whatFailedForNowIsTriedAgainAndWhatFailedForGoodIsNot() throws IOException {
        Path place = Files.createFile(home.resolve("place"));
        LauncherCgroups cgroups = cgroups(place);
        assertThat(cgroups.forChild(ProcLimits.NONE)).isEmpty();
        assertThat(cgroups.areExpected()).isTrue();

        Files.delete(place);
        Files.createDirectory(place); // where groups cannot be killed
        assertThat(cgroups.forChild(ProcLimits.NONE)).isEmpty();
        assertThat(cgroups.areExpected()).isFalse();
    }
}

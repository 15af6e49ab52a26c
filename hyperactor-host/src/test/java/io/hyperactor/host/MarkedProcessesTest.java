package io.hyperactor.host;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

@EnabledOnOs(OS.LINUX)
class MarkedProcessesTest {
    private static final int SELF = 4711;

    @TempDir Path proc;

    private MarkedProcesses processes() {
        return new MarkedProcesses(new Libc(), proc, SELF);
    }

    private void process(long pid, String... environment) throws IOException {
        Path directory = Files.createDirectory(proc.resolve(String.valueOf(pid)));
        Files.writeString(
                directory.resolve("environ"),
                environment.length == 0 ? "" : String.join("\0", environment) + "\0");
    }

    @Test
    void aProcessIsKnownByTheMarkThatItWasStartedWith() throws IOException {
        process(10, "A=1", "HYPERACTOR_HOST_MARK=a-b-c.1.1", "B=2");
        process(11, "HYPERACTOR_HOST_MARK=a-b-c.1.2");
        process(12, "X=" + "long ".repeat(100_000), "HYPERACTOR_HOST_MARK=a-b-c.1.3");

        assertThat(processes().look().marks())
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of(10, "a-b-c.1.1", 11, "a-b-c.1.2", 12, "a-b-c.1.3"));
    }

    @Test
    void whatOnlyLooksLikeOneIsNone() throws IOException {
        process(10, "MY_HYPERACTOR_HOST_MARK=a-b-c.1.1");
        process(11, "A=HYPERACTOR_HOST_MARK=a-b-c.1.1", "HYPERACTOR_HOST_MARKS=a-b-c.1.1");
        process(12); // a zombie, or a thread of the kernel
        process(SELF, "HYPERACTOR_HOST_MARK=a-b-c.1.1");
        Files.createDirectory(proc.resolve("13")); // gone since
        Files.createDirectory(proc.resolve("sys"));
        Files.writeString(proc.resolve("uptime"), "1.0");

        assertThat(processes().look()).isEqualTo(new Strays.Marked(Map.of(), true));
    }

    @Test
    void whereThereIsNoProcThereIsNobody() {
        var nowhere = new MarkedProcesses(new Libc(), proc.resolve("none"), SELF);

        assertThat(nowhere.look()).isEqualTo(new Strays.Marked(Map.of(), false));
    }

    @Test
    void whoeverHasAnotherMarkByNowIsNotKilled() throws Exception {
        Process stranger = new ProcessBuilder("sleep", "1000").start();
        try {
            process(stranger.pid(), "HYPERACTOR_HOST_MARK=a-b-c.1.2");

            processes().kill((int) stranger.pid(), "a-b-c.1.1");
            assertThat(stranger.isAlive()).isTrue();

            processes().kill((int) stranger.pid(), "a-b-c.1.2");
            assertThat(stranger.waitFor()).isEqualTo(128 + Signals.KILL);
        } finally {
            stranger.destroyForcibly();
        }
    }
}

package io.hyperactor.host;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

@EnabledOnOs(OS.LINUX)
class PrologueTest {
    @Test
    void aProgramRunsEvenIfThereIsNoGroupToJoin() throws IOException, InterruptedException {
        var nowhere = new Cgroup(Path.of("/no/such group"));
        List<String> command = Prologue.joining(nowhere, List.of("/bin/echo", "a b", "*", "$0"));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();

        String printed =
                new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).isZero();
        assertThat(printed).isEqualTo("a b * $0\n");
    }

    @Test
    void anEnvironmentThatAShellWouldChangeIsNotForIt() {
        assertThat(Prologue.isPossible(Map.of("PATH", "x", "_A1", "y"))).isTrue();
        for (String name : List.of("a.b", "1A", "A-B", "PWD", "_", "SHLVL", "IFS", "BASH_FUNC_x")) {
            assertThat(Prologue.isPossible(Map.of("PATH", "x", name, "y"))).as(name).isFalse();
        }
    }
}

package io.hyperactor.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

@EnabledOnOs(OS.LINUX)
class PrologueTest {
    @Test
    void aProgramRunsEvenIfThereIsNoGroupToJoin() throws IOException, InterruptedException {
        Process process = echoInMissingGroup(List.of());

        assertThat(printedBy(process)).isEqualTo("a b * $0\n");
        assertThat(process.waitFor()).isZero();
    }

    @Test
    void aProgramDoesNotRunOutsideOfTheGroupThatLimitsIt() throws Exception {
        Process process =
                echoInMissingGroup(
                        List.of(new AppliedLimit("tasks", 9, AppliedLimit.Means.CGROUP)));

        assertThat(refusal(process))
                .startsWith(
                        "cannot join the control group that limits tasks to 9:"
                                + " /no/such group/cgroup.procs: ")
                .doesNotEndWith(": ");
    }

    @Test
    void aProgramDoesNotRunWithoutALimitOfTheKernel() throws Exception {
        LimitSettings settings = LimitSettings.of(ProcLimits.NONE.withOpenFiles(1L << 40), "");
        String script = settings.script() + "echo it runs";

        assertThat(refusal(start(LimitLine.shell("/bin/sh", script))))
                .startsWith("cannot limit open files to 1099511627776: ulimit: ")
                .doesNotEndWith(": ");
    }

    private static String refusal(Process process) throws Exception {
        List<String> lines = printedBy(process).lines().toList();
        var end = new ProcExit.Exited(process.waitFor());
        return LimitLine.find(new ExitReport(end, Optional.empty(), lines))
                .orElseThrow()
                .getMessage();
    }

    private static Process echoInMissingGroup(List<AppliedLimit> limits) throws IOException {
        var nowhere = new LauncherCgroups.Made(new Cgroup(Path.of("/no/such group")), limits);
        LaunchSpec spec = spec(Map.of(), ProcLimits.NONE, "echo", "a b", "*", "$0");
        Prologue prologue = Prologue.of(spec, Path.of("/bin/echo"), Optional.of(nowhere), 0);
        assertThat(prologue.joins()).isTrue();
        return start(prologue.command());
    }

    private static Process start(List<String> command) throws IOException {
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    private static String printedBy(Process process) throws IOException {
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private static LaunchSpec spec(
            Map<String, String> environment, ProcLimits limits, String... command) {
        return new LaunchSpec("w", List.of(command), environment, Optional.empty(), "", limits);
    }

    @Test
    void aProgramRunsOnlyIfItsHostIsStillThere() throws IOException, InterruptedException {
        long here = ProcessHandle.current().pid();
        assertThat(status(here)).isZero();
        assertThat(status(here + 1)).isEqualTo(ControlPipe.HOST_GONE);
    }

    private static int status(long host) throws IOException, InterruptedException {
        LaunchSpec spec = spec(Map.of(), ProcLimits.NONE, "true");
        Path program = Path.of("/bin/true");
        Prologue prologue = Prologue.of(spec, program, Optional.empty(), host);
        return new ProcessBuilder(prologue.command()).start().waitFor();
    }

    @Test
    void withNothingToDoThereIsNoShell() throws IOException {
        LaunchSpec spec = spec(Map.of(), ProcLimits.NONE, "echo", "a");

        assertThat(Prologue.of(spec, Path.of("/bin/echo"), Optional.empty(), 0).command())
                .containsExactly("/bin/echo", "a");
    }

    @Test
    void anEnvironmentThatAShellWouldChangeIsNotForIt() throws IOException {
        var group = Optional.of(new LauncherCgroups.Made(new Cgroup(Path.of("/g")), List.of()));
        Path echo = Path.of("/bin/echo");
        LaunchSpec plain = spec(Map.of("PATH", "x", "_A1", "y"), ProcLimits.NONE, "echo");
        assertThat(Prologue.of(plain, echo, group, 7).joins()).isTrue();

        for (String name : List.of("a.b", "1A", "A-B", "PWD", "_", "SHLVL", "IFS", "BASH_FUNC_x")) {
            LaunchSpec odd = spec(Map.of("PATH", "x", name, "y"), ProcLimits.NONE, "echo");
            assertThat(Prologue.of(odd, echo, group, 7))
                    .as(name)
                    .isEqualTo(new Prologue(List.of("/bin/echo"), false, List.of()));
        }
    }

    @Test
    void limitsAndSuchAnEnvironmentDoNotGoTogether() {
        LaunchSpec spec = spec(Map.of("a.b", "y"), ProcLimits.NONE.withOpenFiles(64), "echo");

        assertThatExceptionOfType(LimitRefusedException.class)
                .isThrownBy(() -> Prologue.of(spec, Path.of("/bin/echo"), Optional.empty(), 0))
                .withMessageEndingWith("would change the variables [a.b]");
    }
}

package io.hyperactor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperactor.host.JavaCommand;
import io.hyperactor.host.Liveness;
import io.hyperactor.host.LogPolicy;
import io.hyperactor.host.ProcLimits;
import io.hyperactor.host.ProcMain;
import io.hyperactor.host.ProcProgram;
import io.hyperactor.host.ProcSpec;
import io.hyperactor.host.RestartPolicy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What the options of `hyperactor host` make of its procs.
class HostOptionsTest {
    private final TestShell shell = new TestShell();
    private final List<HostServer.Settings> asked = new ArrayList<>();

    @TempDir private Path folder;

    private int run(String... options) {
        HostServer.Starter starter =
                (address, settings) -> {
                    asked.add(settings);
                    throw new CliException.Failed("enough is known");
                };
        List<String> line = new ArrayList<>(List.of("host", "--listen", "unix:/a"));
        line.addAll(List.of(options));
        return new CommandLineInterface(List.of(new HostCommand(starter, () -> {})))
                .run(line, shell.shell());
    }

    private HostServer.Settings settings(String... options) {
        assertThat(run(options)).as("%s", shell.errors()).isEqualTo(1);
        return asked.getLast();
    }

    private ProcSpec procs(String... options) {
        return settings(options).procs();
    }

    private JavaCommand java(String... options) {
        return ((ProcProgram.Jvm) procs(options).program()).java();
    }

    @Test
    void whatProcsMayUseIsLimited() {
        ProcSpec spec =
                procs(
                        "--memory",
                        "512m",
                        "--heap",
                        "256M",
                        "--open-files",
                        "64",
                        "--processes",
                        "500",
                        "--tasks",
                        "100",
                        "--cpu",
                        "150",
                        "--nice",
                        "5");

        assertThat(spec.limits())
                .isEqualTo(
                        ProcLimits.NONE
                                .withMemoryBytes(512L << 20)
                                .withHeapBytes(256L << 20)
                                .withOpenFiles(64)
                                .withProcesses(500)
                                .withTasks(100)
                                .withCpuPercent(150)
                                .withNiceness(5));
    }

    @ParameterizedTest
    @CsvSource({
        "--memory, much, no size such as 512m or 2g",
        "--memory, 9999999999t, too much",
        "--heap, 1k, is below 2097152",
        "--open-files, 3, is below 16",
        "--tasks, 0, is below 1",
        "--cpu, 0, is below 1",
        "--nice, 20, is not from 0 to 19"
    })
    void aLimitThatMakesNoSenseIsWrongUsage(String option, String value, String why) {
        assertThat(run(option, value)).isEqualTo(2);
        assertThat(shell.errors()).anyMatch(line -> line.contains(why));
    }

    @Test
    void withoutOptionsAllIsAsTheDefaultsSay() {
        HostServer.Settings settings = settings();
        assertThat(settings.config()).isEqualTo(Hosts.config());
        assertThat(settings.procs())
                .isEqualTo(
                        ProcSpec.java(
                                JavaCommand.of(ProcMain.class)
                                        .withClassPath(ChildClassPath.entries())));
    }

    @Test
    void theRestartPolicyIsNamed() {
        assertThat(procs("--restart", "permanent").restart()).isEqualTo(RestartPolicy.PERMANENT);
        assertThat(procs("--restart", "Transient").restart()).isEqualTo(RestartPolicy.TRANSIENT);
        assertThat(procs("--restart=temporary").restart()).isEqualTo(RestartPolicy.TEMPORARY);
    }

    @Test
    void logsAreKeptWhereItSays() {
        assertThat(procs("--log-dir", "/b", "--pass-through").logs())
                .isEqualTo(LogPolicy.defaults().withFolder(Path.of("/b")).withPassThrough(true));
        assertThat(run("--log-dir", "\0")).isEqualTo(2);
    }

    private static Optional<Liveness> watch(long intervalMillis, long suspectMillis) {
        return Optional.of(
                Liveness.DEFAULT.withTimes(
                        Duration.ofMillis(intervalMillis), Duration.ofMillis(suspectMillis)));
    }

    @Test
    void silenceIsWatchedWhenATimeForItIsGiven() {
        assertThat(procs("--suspect-after", "8s").liveness()).isEqualTo(watch(1000, 8000));
        assertThat(procs("--suspect-after", "2s").liveness()).isEqualTo(watch(500, 2000));
        assertThat(procs("--kill-after", "1m").liveness())
                .isEqualTo(watch(1000, 5000).map(w -> w.withKillAfter(Duration.ofMinutes(1))));
        assertThat(procs("--kill-after", "2s").liveness())
                .isEqualTo(watch(500, 2000).map(w -> w.withKillAfter(Duration.ofSeconds(2))));
        assertThat(procs("--suspect-after", "3s", "--kill-after", "9s").liveness())
                .isEqualTo(watch(750, 3000).map(w -> w.withKillAfter(Duration.ofSeconds(9))));
    }

    @Test
    void theLimitsOfTheHostAreItsOwn() {
        var config =
                settings("--procs-max=7", "--stop-grace=3s", "--ready-timeout", "1m 30s").config();
        assertThat(config.procsMax()).isEqualTo(7);
        assertThat(config.stopGrace()).isEqualTo(Duration.ofSeconds(3));
        assertThat(config.spawnReadyTimeout()).isEqualTo(Duration.ofSeconds(90));
    }

    @Test
    void procsRunAClassOfTheUserWithItsFlagsAndClassPath() {
        JavaCommand java =
                java(
                        "--main",
                        "com.example.Main$Inner",
                        "--class-path",
                        folder + File.pathSeparator + folder.getParent(),
                        "--flag=-Xmx64m",
                        "--flag",
                        "-Dx=y");
        assertThat(java.mainClass()).isEqualTo("com.example.Main$Inner");
        assertThat(java.flags()).endsWith("-Xmx64m", "-Dx=y").startsWith(JavaCommand.FLAGS.get(0));
        assertThat(java.classPath())
                .endsWith(folder.toString(), folder.getParent().toString())
                .hasSize(ChildClassPath.entries().size() + 2);
    }

    @Test
    void procsHaveTheVariablesThatAreGivenAndNamed() {
        ProcSpec procs = procs("--env", "A=1", "--env=B=x=y", "--env", "C=", "--inherit", "LIMIT");
        assertThat(procs.environment()).containsOnlyKeys("A", "B", "C").containsEntry("B", "x=y");
        assertThat(procs.inherits()).containsExactly("LIMIT");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--restart=often|--restart: 'often' is not permanent, transient or temporary",
                "--suspect-after=5|--suspect-after: '5' is not a duration",
                "--suspect-after=0s|--suspect-after and --kill-after cannot be 0",
                "--kill-after=0s|--suspect-after and --kill-after cannot be 0",
                "--suspect-after=5s --kill-after=4s|--kill-after is shorter than --suspect-after",
                "--ready-timeout=-1s|--ready-timeout: '-1s' is not a duration",
                "--stop-grace=11m|--stop-grace is more than 10m",
                "--procs-max=0|--procs-max 0 is less than 1",
                "--procs-max=many|invalid value for option '--procs-max'",
                "--flag=Xmx|--flag: 'Xmx' is no flag of a JVM",
                "--main=-version|--main: '-version' is no name of a class",
                "--main=|--main: '' is no name of a class",
                "--class-path=/no/such.jar|--class-path: there is no '/no/such.jar'",
                "--env=A|--env: 'A' is not NAME=VALUE",
                "--env==1|--env: '' is no name of a variable",
                "--env=HYPERACTOR_CONTROL_FD=3|--env: the variable HYPERACTOR_CONTROL_FD is",
                "--inherit=A=B|--inherit: 'A=B' is no name of a variable"
            })
    void whatMakesNoSenseIsSaidOnOneLine(String options, String message) {
        assertThat(run(options.split(" "))).isEqualTo(2);
        assertThat(asked).isEmpty();
        assertThat(shell.errors()).hasSize(2);
        assertThat(shell.errors().getFirst()).startsWith("hyperactor: " + message);
        assertThat(shell.errors().getLast()).isEqualTo("Try 'hyperactor host --help'.");
    }
}

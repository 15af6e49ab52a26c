package io.hyperactor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperactor.host.Durations;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// The unit for systemd that comes with the sources fits the command line.
class UnitFileTest {
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();

    /// What a stop takes when a proc does not listen: after TERM 0.5 s, after KILL 2 s.
    private static final Duration BY_FORCE = Duration.ofMillis(2500);

    /// Links, spares, trainings and log files that hang, as docs/operations.md says.
    private static final Duration HANGING = Duration.ofMillis(4500);

    private final TestShell shell = new TestShell();
    private final List<HostServer.Settings> asked = new ArrayList<>();

    private static String setting(String name) throws IOException {
        List<String> values =
                Files.readAllLines(ROOT.resolve("packaging/systemd/hyperactor@.service")).stream()
                        .filter(line -> line.startsWith(name + "="))
                        .map(line -> line.substring(name.length() + 1))
                        .toList();
        assertThat(values).as(name).hasSize(1);
        return values.getFirst();
    }

    /// As systemd would run it, for the instance `a`.
    private static List<String> command() throws IOException {
        List<String> words = new ArrayList<>();
        for (String word : setting("ExecStart").split(" ", -1)) {
            if (!word.startsWith("$")) { // the operator's own options
                words.add(word.replace("%t", "/run").replace("%i", "a"));
            }
        }
        return words;
    }

    /// @param operators what is in `HYPERACTOR_OPTIONS`
    private HostServer.Settings start(String... operators) throws IOException {
        List<String> command = command();
        command.addAll(List.of(operators));
        HostServer.Starter starter =
                (address, settings) -> {
                    assertThat(address).hasToString("unix:/run/hyperactor-a/host.sock");
                    asked.add(settings);
                    throw new CliException.Failed("enough is known");
                };
        var host = new HostCommand(starter, () -> {});
        int status =
                new CommandLineInterface(List.of(host))
                        .run(command.subList(1, command.size()), shell.shell());
        assertThat(status).as("%s", shell.errors()).isEqualTo(ExitCode.FAILED);
        return asked.getLast();
    }

    @Test
    void itStartsWhatThereIs() throws Exception {
        assertThat(command()).first().isEqualTo("/opt/hyperactor/hyperactor");
        assertThat(ROOT.resolve("hyperactor")).isExecutable();
        start();
    }

    @Test
    void theOperatorMayGiveAnyOptionButTheAddress() throws Exception {
        assertThat(setting("ExecStart").split(" ", -1))
                .filteredOn(word -> word.startsWith("--"))
                .containsExactly("--listen");
        assertThat(start("--stop-grace", "3s").config().stopGrace())
                .isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void itWaitsLongerForTheEndThanProcsMayTake() throws Exception {
        Duration limit = Durations.parse(setting("TimeoutStopSec") + "s");
        assertThat(limit).isGreaterThan(start().config().stopGrace().plus(BY_FORCE).plus(HANGING));
    }

    @Test
    void itTakesNothingAwayThatAHostNeeds() throws Exception {
        String unit = Files.readString(ROOT.resolve("packaging/systemd/hyperactor@.service"));
        assertThat(unit)
                .doesNotContain("ProtectControlGroups") // groups of procs
                .doesNotContain("MemoryDenyWriteExecute"); // compiled code
        assertThat(setting("Delegate")).isEqualTo("yes");
        assertThat(setting("RuntimeDirectoryMode")).isEqualTo("0700");
    }

    @Test
    void eachLineIsExplained() throws Exception {
        String manual = Files.readString(ROOT.resolve("docs/operations.md"));
        assertThat(Files.readAllLines(ROOT.resolve("packaging/systemd/hyperactor@.service")))
                .filteredOn(line -> line.contains("=") && !line.startsWith("#"))
                .extracting(line -> line.substring(0, line.indexOf('=')))
                .allSatisfy(name -> assertThat(manual).contains("`" + name));
    }
}

package io.hyperactor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperactor.wire.ChannelAddress;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

class HostCommandTest {
    @TempDir Path folder;

    private final TestShell shell = new TestShell();
    private List<String> resultsWhileServing = List.of();
    private int sparesWhileServing = -1;

    private HostServer serving(ChannelAddress address, HostServer.Settings settings) {
        sparesWhileServing = settings.spares();
        return serving(address);
    }

    private HostServer serving(ChannelAddress address, String... problems) {
        return new HostServer() {
            @Override
            public ChannelAddress address() {
                return address;
            }

            @Override
            public String stop() {
                if (problems.length > 0) {
                    throw new CliException.Failed(problems[0]);
                }
                return "stopped 2 procs";
            }
        };
    }

    private int run(HostServer.Starter starter, String... arguments) {
        var command =
                new HostCommand(
                        starter,
                        () -> {
                            resultsWhileServing = shell.results();
                            throw new InterruptedException();
                        });
        List<String> line = new ArrayList<>(List.of("host"));
        line.addAll(List.of(arguments));
        return new CommandLineInterface(List.of(command)).run(line, shell.shell());
    }

    @Test
    void itSaysWhereItServesAndHowItEnded() {
        assertThat(run(this::serving, "--listen", "unix:/a")).isZero();
        assertThat(resultsWhileServing).containsExactly("serving unix:/a");
        assertThat(shell.results()).containsExactly("serving unix:/a", "stopped 2 procs");
        assertThat(shell.errors()).isEmpty();
    }

    @Test
    void itFailsWhenSomethingIsLeft() {
        assertThat(run((address, _) -> serving(address, "p1 is there"), "--listen", "unix:/a"))
                .isEqualTo(1);
        assertThat(shell.errors()).containsExactly("hyperactor: p1 is there");
    }

    @Test
    void anAddressThatCannotBeServedIsAFailure() {
        HostServer.Starter inUse =
                (address, _) -> {
                    throw new CliException.Failed(address + " is in use");
                };
        assertThat(run(inUse, "--listen", "unix:/a")).isEqualTo(1);
        assertThat(shell.results()).isEmpty();
        assertThat(shell.errors()).containsExactly("hyperactor: unix:/a is in use");
    }

    @Test
    void byDefaultItsSocketIsInAFolderThatNobodyElseCanEnter() throws Exception {
        Path own = folder.resolve("own");
        shell.runtimeDirectory(own);
        assertThat(run(this::serving)).isZero();
        assertThat(shell.results()).first().isEqualTo("serving unix:" + own.resolve("host.sock"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(own)))
                .isEqualTo("rwx------");
        assertThat(run(this::serving)).as("again").isZero();
    }

    @Test
    void aFolderThatOthersCanEnterIsNotUsed() throws Exception {
        Path own = Files.createDirectory(folder.resolve("own"));
        Files.setPosixFilePermissions(own, PosixFilePermissions.fromString("rwxr-xr-x"));
        shell.runtimeDirectory(own);
        assertThat(run(this::serving)).isEqualTo(1);
        assertThat(shell.errors())
                .containsExactly(
                        "hyperactor: no private folder "
                                + own
                                + ": it is open to others: rwxr-xr-x");
    }

    @Test
    void aLinkIsNotUsedAsPrivateFolder() throws Exception {
        Path real = Files.createDirectory(folder.resolve("real"));
        Files.setPosixFilePermissions(real, PosixFilePermissions.fromString("rwx------"));
        Path own = Files.createSymbolicLink(folder.resolve("own"), real);
        shell.runtimeDirectory(own);
        assertThat(run(this::serving)).isEqualTo(1);
        assertThat(shell.errors())
                .containsExactly("hyperactor: no private folder " + own + ": it is not a folder");
    }

    @Test
    void itKeepsTheSparesItIsToldTo() {
        assertThat(run(this::serving, "--listen", "unix:/a")).isZero();
        assertThat(sparesWhileServing).isZero();

        assertThat(run(this::serving, "--listen", "unix:/a", "--spares", "64")).isZero();
        assertThat(sparesWhileServing).isEqualTo(64);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "65", "many"})
    void aNumberOfSparesThatCannotBeIsWrongUsage(String number) {
        assertThat(run(this::serving, "--listen", "unix:/a", "--spares", number)).isEqualTo(2);
        assertThat(sparesWhileServing).isEqualTo(-1);
    }
}

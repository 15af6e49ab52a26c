package io.hyperactor.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hyperactor.ActorRef;
import io.hyperactor.Client;
import io.hyperactor.Proc;
import io.hyperactor.ProcAgentMessage;
import io.hyperactor.channel.ChannelException;
import io.hyperactor.host.Host;
import io.hyperactor.host.ProcessProcManager;
import io.hyperactor.wire.AddressSyntaxException;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.Transport;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// A host's socket where there is one already, and where none can be.
@SystemTest
class SocketPathsIT {
    @TempDir Path classes;
    @TempDir Path moreClasses;

    /// Its path has to be short.
    private final Path socket = Leftovers.directory().resolve("host.sock");

    private static Host<ProcAgentMessage> serve(ChannelAddress address) {
        ProcessProcManager<ProcAgentMessage> manager = ProcessProcManager.running(WorkerProc.class);
        try {
            return Host.serve(address, manager);
        } catch (RuntimeException e) {
            manager.close();
            throw e;
        }
    }

    @AfterEach
    void removeSocket() throws IOException {
        Files.deleteIfExists(socket);
    }

    @Test
    void aSocketOfALiveHostIsRefusedAndTheHostLivesOn() throws Exception {
        String address = "unix:" + socket;
        try (HostProcess host = HostProcess.start(classes, address);
                Proc here = Proc.direct(ChannelAddress.any(Transport.UNIX), "here");
                Client client = here.client("client")) {
            assertThatThrownBy(() -> serve(ChannelAddress.parse(address)))
                    .isInstanceOf(ChannelException.AddressInUse.class)
                    .hasMessageContaining(address);

            assertThat(host.list(client)).isEmpty();
            host.stop();
        }
        assertThat(socket).doesNotExist();
    }

    @Test
    void theSocketOfAKilledHostIsTakenOverAndItsOthersAreRemoved() throws Exception {
        String address = "unix:" + socket;
        try (Proc here = Proc.direct(ChannelAddress.any(Transport.UNIX), "here");
                Client client = here.client("client")) {
            OsProcess orphan;
            try (HostProcess first = HostProcess.start(classes, address)) {
                orphan = first.spawn(client, "p");
                first.program().process().signal("KILL");
            }
            assertThat(socket).exists();
            orphan.awaitGone();
            List<Path> left = awaitDead();

            try (HostProcess second = HostProcess.start(moreClasses, address)) {
                assertThat(second.list(client)).isEmpty();
                await().atMost(Patience.LIMIT)
                        .untilAsserted(() -> assertThat(left).noneMatch(Files::exists));
                var _ = second.spawn(client, "p");
                ActorRef<Task> worker = second.spawnWorker(client, "p", "w");
                String answer =
                        client.ask(
                                worker,
                                replyTo -> new Task.Reverse("again", replyTo),
                                Patience.LIMIT);
                assertThat(answer).isEqualTo("niaga");
                second.stop();
            }
        }
        assertThat(socket).doesNotExist();
    }

    /// Those that nobody serves: the host's backend and callbacks, and its child's.
    private static List<Path> awaitDead() {
        return await("sockets of the dead")
                .atMost(Patience.LIMIT)
                .until(
                        () -> Leftovers.files().stream().filter(SocketPathsIT::isDead).toList(),
                        dead -> dead.size() == 3);
    }

    private static boolean isDead(Path socket) {
        try {
            return !Leftovers.isServed(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Nothing of it is old: its name says whose it was.
    @Test
    void theNextHostRemovesWhatAHostLeftThatWasKilledWhileItsSpareRehearsed() throws Exception {
        HostLaunch launch = HostLaunch.ofJvms(64).at(socket);
        List<Path> left;
        try (HostProcess first = launch.start()) {
            Path rehearsal = awaitRehearsal();
            first.program().process().signal("KILL");
            Leftovers.awaitNoProcesses();
            assertThat(rehearsal).isNotEmptyDirectory();
            left = Stream.concat(Leftovers.files().stream(), Stream.of(rehearsal)).toList();
        }

        try (HostProcess second = HostProcess.start(classes, "unix:" + socket)) {
            await().atMost(Patience.LIMIT)
                    .untilAsserted(() -> assertThat(left).noneMatch(Files::exists));
            second.stop();
        }
    }

    /// And stops who rehearses there. One after the other does, so the next one is met if not this.
    private static Path awaitRehearsal() {
        return await("a rehearsal")
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .atMost(Patience.LIMIT)
                .until(SocketPathsIT::stoppedRehearsal, Optional::isPresent)
                .orElseThrow();
    }

    private static Optional<Path> stoppedRehearsal() {
        for (Path folder : Leftovers.rehearsals()) {
            String name = folder.getFileName().toString();
            OsProcess spare = OsProcess.of(Long.parseLong(name.substring(name.indexOf(".r") + 2)));
            if (spare.signalIfAlive("STOP")) {
                String[] sockets = folder.toFile().list();
                if (sockets != null && sockets.length > 0) {
                    return Optional.of(folder);
                }
                spare.signalIfAlive("CONT");
            }
        }
        return Optional.empty();
    }

    /// Whatever the user's files are by default.
    @ParameterizedTest
    @ValueSource(strings = {"0000", "0077"})
    void socketsAreTheUsersOwn(String umask) throws Exception {
        HostLaunch launch =
                HostLaunch.ofStubs()
                        .under(
                                "sh",
                                "-c",
                                "umask " + umask + "; XDG_RUNTIME_DIR=$0 exec \"$@\"",
                                classes.toString());
        try (HostProcess host = launch.start();
                Proc here = Proc.direct(ChannelAddress.any(Transport.UNIX), "here");
                Client client = here.client("client")) {
            var _ = host.spawn(client, "p");
            Path folder = classes.resolve("hyperactor");
            assertThat(host.address().toString()).contains(folder.toString());
            assertThat(mode(folder)).isEqualTo("rwx------");
            try (Stream<Path> files = Files.list(folder)) {
                assertThat(files)
                        .hasSizeGreaterThan(3) // its own, those for its procs, the proc's
                        .allSatisfy(file ->
                                assertThat(mode(file))
                                        .isEqualTo(
                                                Files.isDirectory(file)
                                                        ? "rwx------"
                                                        : "rw-------"));
            }
            host.stop();
        }
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    @Test
    void aFileThatIsNoSocketIsLeftAlone() throws Exception {
        Files.writeString(socket, "precious");
        assertThatThrownBy(() -> serve(ChannelAddress.parse("unix:" + socket)))
                .isInstanceOf(ChannelException.AddressUnusable.class)
                .hasMessageContaining(socket + " exists and is not a socket");
        assertThat(socket).hasContent("precious");
    }

    @Test
    void aPathThatIsTooLongForASocketIsRefusedWithItsLength() {
        String longest = "/tmp/" + "x".repeat(102);
        assertThatThrownBy(() -> serve(ChannelAddress.parse("unix:" + longest)))
                .isInstanceOf(ChannelException.AddressUnusable.class)
                .hasMessageContaining("has 107 bytes, a socket's has at most 106");
        assertThatThrownBy(() -> ChannelAddress.parse("unix:" + longest + "xx"))
                .isInstanceOf(AddressSyntaxException.class)
                .hasMessageContaining("109");
    }

    @Test
    void aDirectoryThatDoesNotExistIsNamed() {
        assertThatThrownBy(() -> serve(ChannelAddress.parse("unix:/no/such/directory/s")))
                .isInstanceOf(ChannelException.AddressUnusable.class)
                .hasMessageContaining("unix:/no/such/directory/s");
    }
}

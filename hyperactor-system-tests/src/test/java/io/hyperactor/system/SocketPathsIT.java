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

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;

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
            List<Path> left = makeOld(Leftovers.files());

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

    /// A host removes old sockets that nobody serves; a young one may be about to be served.
    ///
    /// @return those that nobody serves: the host's backend and callbacks, and its child's
    private static List<Path> makeOld(List<Path> files) throws IOException {
        await("sockets of the dead")
                .atMost(Patience.LIMIT)
                .until(() -> files.stream().filter(SocketPathsIT::isDead).count() == 3);
        List<Path> dead = files.stream().filter(SocketPathsIT::isDead).toList();
        for (Path file : dead) {
            Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(3600)));
        }
        return dead;
    }

    private static boolean isDead(Path socket) {
        try {
            return !Leftovers.isServed(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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

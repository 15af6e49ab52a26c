package io.hyperactor.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyperactor.ActorRef;
import io.hyperactor.AskException;
import io.hyperactor.Client;
import io.hyperactor.DeliveryFailure;
import io.hyperactor.Proc;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.Transport;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Client, host and proc in three processes, of which the middle one does not have the classes of
/// the messages.
@SystemTest
class RelayIT {
    @TempDir Path classes;

    private List<String> classesOfTheHost() throws IOException {
        try (Stream<Path> files = Files.walk(classes)) {
            return files.filter(Files::isRegularFile)
                    .map(Path::getFileName)
                    .map(Path::toString)
                    .toList();
        }
    }

    @Test
    void aHostRelaysMessagesOfTypesThatItDoesNotHave() throws Exception {
        try (HostProcess host = HostProcess.start(classes);
                Proc here = Proc.direct(ChannelAddress.any(Transport.UNIX), "here");
                Client client = here.client("client")) {
            assertThat(classesOfTheHost()).containsExactly("HostProgram.class");
            var _ = host.spawn(client, "p");
            ActorRef<Task> worker = host.spawnWorker(client, "p", "w");
            String large = "0123456789".repeat(100_000);

            assertThat(reverse(client, worker, "relay")).isEqualTo("yaler");
            assertThat(reverse(client, worker, large))
                    .isEqualTo(new StringBuilder(large).reverse().toString());
            host.stop();
        }
    }

    @Test
    void aMessageThatAHostCanNotReadComesBackWhole() throws Exception {
        try (HostProcess host = HostProcess.start(classes);
                Proc here = Proc.direct(ChannelAddress.any(Transport.UNIX), "here");
                Client client = here.client("client")) {
            ActorRef<Task> nobody =
                    ActorRef.attest(host.proc("no-such-proc").actor("w", 0), Task.class);

            assertThatThrownBy(() -> reverse(client, nobody, "relay"))
                    .isInstanceOfSatisfying(
                            AskException.Undelivered.class,
                            e -> {
                                assertThat(e.undeliverable().failure().reason())
                                        .isEqualTo(DeliveryFailure.Reason.NO_ROUTE);
                                assertThat(e.undeliverable().message())
                                        .containsInstanceOf(Task.Reverse.class);
                            });
            host.stop();
        }
    }

    private static String reverse(Client client, ActorRef<Task> worker, String text)
            throws InterruptedException {
        return client.ask(worker, replyTo -> new Task.Reverse(text, replyTo), Patience.AT_ONCE);
    }
}

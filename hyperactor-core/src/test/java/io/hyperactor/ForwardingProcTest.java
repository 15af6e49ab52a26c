package io.hyperactor;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperactor.channel.Admission;
import io.hyperactor.channel.Peer;
import io.hyperactor.channel.Secret;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.ProcId;
import io.hyperactor.wire.Transport;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

@Timeout(60)
class ForwardingProcTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Test
    void aProcDialsItsHostAgainWhenTheChannelHasEnded() throws Exception {
        ProcConfig config = ProcConfig.defaults();
        try (Proc host = Proc.local("host")) {
            Admission all = _ -> Optional.of(new Peer.Trusted());
            MailboxServer first =
                    MailboxServer.serve(config, ChannelAddress.any(Transport.UNIX), all, host);
            try (Proc child =
                            Proc.forwarding(
                                    new ProcId(first.address(), "child"),
                                    first.address(),
                                    Secret.NONE,
                                    config);
                    Client sender = child.client("sender");
                    Client receiver = host.client("receiver")) {
                CompletableFuture<Undeliverable> lost = new CompletableFuture<>();
                sender.onUndeliverable(lost::complete);
                Port<String> port = receiver.openPort(String.class);
                sender.send(port.ref(), "before");
                assertThat(port.receive(PATIENCE)).contains("before");

                first.close();
                sender.send(port.ref(), "into the void, or refused");
                try (MailboxServer second =
                        MailboxServer.serve(config, first.address(), all, host)) {
                    assertThat(second.address()).isEqualTo(first.address());
                    sendUntilReceived(sender, port);
                }
            }
        }
    }

    private static void sendUntilReceived(Client sender, Port<String> port)
            throws InterruptedException {
        for (int i = 0; i < 100; i++) {
            sender.send(port.ref(), "again");
            if (port.receive(Duration.ofMillis(300)).filter("again"::equals).isPresent()) {
                return;
            }
        }
        throw new AssertionError("the channel was never dialled again");
    }
}

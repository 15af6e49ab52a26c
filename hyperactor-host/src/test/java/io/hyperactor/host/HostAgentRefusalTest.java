package io.hyperactor.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperactor.ActorRef;
import io.hyperactor.Client;
import io.hyperactor.Proc;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.Transport;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;

/// What a host's agent says of what it cannot do.
@Timeout(120)
class HostAgentRefusalTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void whyAProcIsNotThereIsToldThoughItHasHalfACharacter() throws Exception {
        LocalProcManager<EchoMessage> failing =
                new LocalProcManager<>(proc -> {
                    throw new IllegalStateException("half \uD83D of it,\nand more");
                });
        try (Host<EchoMessage> host = Host.serve(ChannelAddress.any(Transport.LOCAL), failing);
                Proc outside = Proc.direct(ChannelAddress.any(Transport.LOCAL), "outside");
                Client client = outside.client("client")) {
            ActorRef<HostAgentMessage> agent =
                    ActorRef.attest(HostAgent.spawn(host).id(), HostAgentMessage.class);
            HostAgentMessage.SpawnReply reply =
                    client.ask(
                            agent,
                            replyTo -> new HostAgentMessage.SpawnProc("p", replyTo),
                            PATIENCE);
            assertThat(reply)
                    .isInstanceOfSatisfying(
                            HostAgentMessage.NotSpawned.class,
                            refused ->
                                    assertThat(refused.why())
                                            .contains("half \\ud83d of it, and more"));
        }
    }
}

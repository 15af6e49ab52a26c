package io.hyperactor.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperactor.ActorRef;
import io.hyperactor.Client;
import io.hyperactor.DialRouter;
import io.hyperactor.Proc;
import io.hyperactor.ProcConfig;
import io.hyperactor.Undeliverable;
import io.hyperactor.channel.ChannelConfig;
import io.hyperactor.channel.Channels;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.ProcId;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

final class ProcOrDialTest {
    @TempDir private Path directory;

    @Test
    void whatComesBackToAProcOfTheHostIsWholeHoweverLongItIs() throws Exception {
        ChannelAddress nobody = new ChannelAddress.Unix(directory.resolve("nobody").toString());
        ChannelAddress here = new ChannelAddress.Local(4711);
        String message = "x".repeat(100_000);
        try (Channels channels =
                new Channels(ChannelConfig.standard().withDialWindow(Duration.ZERO))) {
            ProcConfig config = ProcConfig.defaults().withChannels(channels);
            DialRouter router = new DialRouter(channels);
            Proc service = Proc.configured(new ProcId(here, "service"), router, config);
            Proc local = Proc.configured(new ProcId(here, "local"), router, config);
            router.returnTo(new ProcOrDial(service, local, router));
            for (Proc proc : List.of(service, local)) {
                BlockingQueue<Undeliverable> back = new LinkedBlockingQueue<>();
                Client client = proc.client("client");
                client.onUndeliverable(back::add);
                client.send(
                        ActorRef.attest(new ProcId(nobody, "p").actor("a", 0), String.class),
                        message);
                Undeliverable returned = back.poll(60, TimeUnit.SECONDS);
                assertThat(returned).isNotNull();
                assertThat(returned.message()).contains(message);
            }
        }
    }
}

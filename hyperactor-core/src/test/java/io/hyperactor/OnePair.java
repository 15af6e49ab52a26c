package io.hyperactor;

import io.hyperactor.channel.ChannelConfig;
import io.hyperactor.wire.ProcId;
import io.hyperactor.wire.Transport;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.function.UnaryOperator;

/// Two procs with a link between them.
abstract class OnePair {
    @TempDir private Path directory;
    Pair pair;

    @AfterEach
    void end() {
        pair.close();
    }

    final void pair(Transport transport) {
        pair(transport, config -> config);
    }

    final void pair(Transport transport, UnaryOperator<ProcConfig> config) {
        pair = new Pair(transport, directory, channels -> channels, config);
    }

    /// The same with other links.
    final void linked(Transport transport, UnaryOperator<ChannelConfig> channels) {
        pair = new Pair(transport, directory, channels, config -> config);
    }

    /// The same with links that hold 16 frames, and senders that wait.
    final void narrow(Transport transport) {
        pair =
                new Pair(
                        transport,
                        directory,
                        channels -> channels.withWindow(1 << 16, 16),
                        config -> config.withSendWait(Waiting.PATIENCE));
    }

    static ActorRef<Work> attested(ProcId proc, String name) {
        return ActorRef.attest(proc.actor(name, 0), Work.class);
    }

    /// Spawns `actor` there as `a`, and has it held up.
    final ActorHandle<Work> held(Counting actor) {
        ActorHandle<Work> handle = pair.there.spawn("a", actor);
        pair.here.client.send(handle.ref(), new Work.Do("hold"));
        Waiting.on(actor.held);
        return handle;
    }
}

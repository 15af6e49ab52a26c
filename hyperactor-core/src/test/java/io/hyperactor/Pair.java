package io.hyperactor;

import io.hyperactor.channel.ChannelConfig;
import io.hyperactor.channel.Channels;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.Transport;

import java.nio.file.Path;
import java.util.function.UnaryOperator;

/// Two procs that stand alone and reach each other over one transport.
final class Pair implements AutoCloseable {
    private final Channels channels;
    private final Channels others;
    final ProcConfig config;
    final Scene here;
    final Scene there;

    Pair(Transport transport, Path directory) {
        this(transport, directory, config -> config, config -> config);
    }

    Pair(
            Transport transport,
            Path directory,
            UnaryOperator<ChannelConfig> channelConfig,
            UnaryOperator<ProcConfig> procConfig) {
        ChannelConfig limits =
                channelConfig.apply(ChannelConfig.standard().withRuntimeDirectory(directory));
        channels = new Channels(limits);
        // numbers of `local:` are known to one only
        others = transport == Transport.LOCAL ? channels : new Channels(limits);
        config = procConfig.apply(ProcConfig.defaults().withChannels(channels));
        ChannelAddress any = ChannelAddress.any(transport);
        here = new Scene(Proc.direct(any, "here", config));
        there =
                new Scene(
                        Proc.direct(
                                any,
                                "there",
                                procConfig.apply(ProcConfig.defaults().withChannels(others))));
    }

    Channels channels() {
        return channels;
    }

    @Override
    public void close() {
        here.close();
        there.close();
        channels.close();
        others.close();
    }
}

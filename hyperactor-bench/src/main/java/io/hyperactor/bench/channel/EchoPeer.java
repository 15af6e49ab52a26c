package io.hyperactor.bench.channel;

import io.hyperactor.bench.Peer;
import io.hyperactor.channel.Admission;
import io.hyperactor.channel.ChannelServer;
import io.hyperactor.channel.Channels;
import io.hyperactor.channel.Secret;
import io.hyperactor.channel.Tx;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.Transport;

import java.io.IOException;

/// Sends every frame back, from the thread that read it.
public final class EchoPeer {
    private EchoPeer() {}

    /// Runs until the input ends.
    ///
    /// @param arguments the address to send to
    public static void main(String[] arguments) throws IOException {
        Channels channels = Channels.shared();
        try (Tx back = channels.dial(ChannelAddress.parse(arguments[0]), Secret.NONE, new Ended());
                ChannelServer server =
                        channels.serve(
                                ChannelAddress.any(Transport.UNIX),
                                Admission.open(),
                                (_, buffer, offset, length) ->
                                        back.offer(out -> out.writeRaw(buffer, offset, length)))) {
            Peer.serve(server.address().toString());
        }
        Runtime.getRuntime().halt(0);
    }
}

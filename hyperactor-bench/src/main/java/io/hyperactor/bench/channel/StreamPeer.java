package io.hyperactor.bench.channel;

import io.hyperactor.bench.Peer;
import io.hyperactor.channel.Admission;
import io.hyperactor.channel.ChannelServer;
import io.hyperactor.channel.Channels;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.Transport;
import io.hyperactor.wire.WireReader;

import java.io.IOException;

/// Takes frames, and none that is not the next one.
public final class StreamPeer {
    private final Order order = new Order();

    private StreamPeer() {}

    /// Runs until the input ends.
    ///
    /// @param arguments `unix` or `tcp`
    public static void main(String[] arguments) throws IOException {
        StreamPeer sink = new StreamPeer();
        Transport transport = arguments[0].equals("tcp") ? Transport.TCP : Transport.UNIX;
        try (ChannelServer server =
                Channels.shared()
                        .serve(
                                ChannelAddress.any(transport),
                                Admission.open(),
                                (_, buffer, offset, length) ->
                                        sink.take(new WireReader(buffer, offset, length)))) {
            Peer.serve(server.address().toString());
        }
        Runtime.getRuntime().halt(0);
    }

    private boolean take(WireReader frame) {
        order.next(frame.readLong());
        return true;
    }
}

package io.hyperactor.channel;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.SocketChannel;

/// How one address is reached.
///
/// **Threads:** the loop's; [#next] any, also several at once.
interface Route {
    /// May [#next] take long?
    boolean mustAsk();

    /// Where to connect to this time.
    SocketAddress next() throws IOException;

    /// What to speak over, to the one who was asked for.
    ///
    /// @param socket connected
    /// @param handler as for a [Connection]
    /// @throws IOException if it is certain already that it is another one
    Connection connection(SocketChannel socket, EventLoop loop, EventLoop.Handler handler)
            throws IOException;

    /// Does a failure to connect prove that whoever was there before is not there any more? Not if
    /// it is only too busy, or there are no descriptors left here.
    ///
    /// @param tried where to; null if it was not known yet
    boolean nobodyListens(@Nullable SocketAddress tried, IOException cause);
}

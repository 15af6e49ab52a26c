package io.hyperactor.channel;

import io.hyperactor.channel.DialLife.Event;
import io.hyperactor.wire.ChannelAddress;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/// Makes connections to one address, one at a time.
///
/// **Threads:** the loop's.
final class Dialler {
    /// What becomes of an attempt.
    interface Outcome {
        /// There is a connection, to a server of the same user.
        void connected(SocketChannel socket, SelectionKey key);

        /// There is none.
        void notConnected(Event.NotConnected why);
    }

    private final ChannelAddress address;
    private final SocketAddress peer;
    private final ChannelContext context;
    private final EventLoop.Handler handler;
    private final Outcome outcome;
    private @Nullable SocketChannel socket;
    private @Nullable SelectionKey key;

    /// @param handler hears when a connection is there, and from then on of what comes
    Dialler(
            ChannelAddress address,
            SocketAddress peer,
            ChannelContext context,
            EventLoop.Handler handler,
            Outcome outcome) {
        this.address = address;
        this.peer = peer;
        this.context = context;
        this.handler = handler;
        this.outcome = outcome;
    }

    /// Begins an attempt; there is no connection now, and no other attempt.
    void connect() {
        try {
            SocketChannel opened = Sockets.open(peer);
            socket = opened;
            boolean now = opened.connect(peer);
            key = context.loop().register(opened, now ? 0 : SelectionKey.OP_CONNECT, handler);
            if (now) {
                established(opened, key);
            }
        } catch (IOException e) {
            failed(e);
        }
    }

    /// The selector says that the connection is there, or will not be.
    void connectable() {
        SocketChannel opened = socket;
        SelectionKey registered = key;
        if (opened == null || registered == null) {
            return;
        }
        try {
            if (opened.finishConnect()) {
                established(opened, registered);
            }
        } catch (IOException e) {
            failed(e);
        }
    }

    private void established(SocketChannel opened, SelectionKey registered) throws IOException {
        Sockets.checkOwner(opened);
        registered.interestOps(SelectionKey.OP_READ);
        outcome.connected(opened, registered);
    }

    private void failed(IOException cause) {
        drop();
        outcome.notConnected(new Event.NotConnected(cause, nobodyListens(cause)));
    }

    /// Is it certain? Not if the socket is only too busy, or there are no descriptors left.
    private boolean nobodyListens(IOException cause) {
        return cause instanceof ConnectException
                || (address instanceof ChannelAddress.Unix unix
                        && Files.notExists(Path.of(unix.path())));
    }

    /// Ends the connection, or the attempt.
    void drop() {
        if (key != null) {
            key.cancel();
        }
        key = null;
        Sockets.closeQuietly(socket);
        socket = null;
    }
}

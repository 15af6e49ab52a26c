package io.hyperactor.channel;

import io.hyperactor.wire.ChannelAddress;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;

/// Connects, again and again, until there is a connection or the time for it is over.
///
/// **Threads:** the loop's.
final class Dialler {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(10);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    /// What becomes of it.
    interface Outcome {
        /// There is a connection, to a server of the same user.
        void connected(SocketChannel socket, SelectionKey key);

        /// There will be none.
        void gaveUp(IOException cause);
    }

    private final ChannelAddress address;
    private final SocketAddress peer;
    private final ChannelContext context;
    private final EventLoop.Handler handler;
    private final Outcome outcome;
    private final Backoff backoff;
    private boolean begun;
    private long until;
    private @Nullable SocketChannel socket;
    private @Nullable SelectionKey key;
    private Timers.@Nullable Timer retry;

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
        this.backoff = new Backoff(FIRST_PAUSE, LONGEST_PAUSE, context.random());
    }

    /// Begins, if it has not begun.
    void begin() {
        if (!begun) {
            begun = true;
            until = context.clock().getAsLong() + context.config().dialWindow().toNanos();
            attempt();
        }
    }

    private void attempt() {
        retry = null;
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

    /// The attempt failed: makes another one later, or gives up.
    void failed(IOException cause) {
        drop();
        long left = until - context.clock().getAsLong();
        if (left <= 0) {
            outcome.gaveUp(cause);
            return;
        }
        long pause = Math.min(backoff.next(), left);
        context.report(new ChannelEvent.DialRetried(address, cause, Duration.ofNanos(pause)));
        retry = context.loop().after(pause, this::attempt);
    }

    /// Ends the connection, or the attempts at it.
    void drop() {
        context.loop().cancel(retry);
        if (key != null) {
            key.cancel();
        }
        key = null;
        Sockets.closeQuietly(socket);
        socket = null;
    }
}

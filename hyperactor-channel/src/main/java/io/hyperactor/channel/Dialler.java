package io.hyperactor.channel;

import io.hyperactor.channel.DialLife.Event;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/// Makes connections along one route, one at a time.
///
/// **Threads:** the loop's.
final class Dialler {
    /// What becomes of an attempt.
    interface Outcome {
        /// There is a connection, to the one who was asked for.
        void connected(Connection connection, SelectionKey key);

        /// There is none.
        void notConnected(Event.NotConnected why);
    }

    private final Route route;
    private final EventLoop loop;
    private final EventLoop.Handler handler;
    private final Outcome outcome;

    // Of the attempt, one after the other.
    private @Nullable Question question;
    private @Nullable SocketAddress tried;
    private @Nullable SocketChannel socket;
    private @Nullable SelectionKey key;
    private @Nullable Connection connection;

    /// Where to connect to, when that must be asked. An answer to an attempt that was dropped
    /// meanwhile is nobody's.
    private final class Question {
        private final Errand errand = new Errand(loop, handler);
        private volatile @Nullable SocketAddress answer;

        Question() {
            errand.begin(() -> answer = route.next());
        }

        @Nullable SocketAddress answer() throws IOException {
            errand.check();
            return answer;
        }
    }

    /// @param handler calls [#ready] until there is a connection, and hears from then on of what
    ///   comes
    Dialler(Route route, EventLoop loop, EventLoop.Handler handler, Outcome outcome) {
        this.route = route;
        this.loop = loop;
        this.handler = handler;
        this.outcome = outcome;
    }

    /// Begins an attempt; there is no connection now, and no other attempt.
    void connect() {
        try {
            if (route.mustAsk()) {
                question = new Question();
            } else {
                connect(route.next());
            }
        } catch (IOException e) {
            failed(e);
        }
    }

    /// Goes on with the attempt, if there is one.
    void ready() {
        try {
            Question asked = question;
            SocketChannel opened = socket;
            if (asked != null) {
                SocketAddress peer = asked.answer();
                if (peer != null) {
                    question = null;
                    connect(peer);
                }
            } else if (connection != null) {
                establish(connection);
            } else if (opened != null && opened.finishConnect()) {
                connected(opened);
            }
        } catch (IOException e) {
            failed(e);
        }
    }

    private void connect(SocketAddress peer) throws IOException {
        tried = peer;
        SocketChannel opened = Sockets.open(loop.sockets(), peer);
        socket = opened;
        boolean now = opened.connect(peer);
        key = loop.register(opened, now ? 0 : SelectionKey.OP_CONNECT, handler);
        if (now) {
            connected(opened);
        }
    }

    private void connected(SocketChannel opened) throws IOException {
        Connection made = route.connection(opened, loop, handler);
        connection = made;
        establish(made);
    }

    private void establish(Connection made) throws IOException {
        boolean done = made.establish();
        SelectionKey registered = key;
        if (registered == null) {
            return;
        }
        registered.interestOps(made.ops(SelectionKey.OP_READ));
        if (done) {
            outcome.connected(made, registered);
        }
    }

    private void failed(IOException cause) {
        SocketAddress peer = tried;
        drop();
        outcome.notConnected(new Event.NotConnected(cause, route.nobodyListens(peer, cause)));
    }

    /// Ends the connection, or the attempt. Whatever fails, there is none afterwards.
    void drop() {
        SelectionKey registered = key;
        Connection made = connection;
        SocketChannel opened = socket;
        question = null;
        tried = null;
        key = null;
        connection = null;
        socket = null;
        try {
            if (registered != null) {
                registered.cancel();
            }
            if (made != null) {
                made.close();
            }
        } finally {
            Sockets.closeQuietly(opened);
        }
    }
}

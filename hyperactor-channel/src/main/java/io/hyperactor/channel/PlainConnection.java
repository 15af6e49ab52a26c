package io.hyperactor.channel;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Set;

/// A socket as it is.
final class PlainConnection implements Connection {
    private final SocketChannel socket;

    // What must be known first, and who finds it out; none of it when it is known.
    private Errand.@Nullable Work check;
    private @Nullable Errand errand;

    /// One whose other end is known.
    PlainConnection(SocketChannel socket) {
        this.socket = socket;
    }

    /// One that is established when a check has passed, which may take long.
    ///
    /// @param handler hears when it has
    static PlainConnection checked(
            SocketChannel socket, Errand.Work check, EventLoop loop, EventLoop.Handler handler) {
        PlainConnection made = new PlainConnection(socket);
        made.check = check;
        made.errand = new Errand(loop, handler);
        return made;
    }

    @Override
    public SocketChannel socket() {
        return socket;
    }

    @Override
    public int ops(int wanted) {
        Errand checking = errand;
        if (checking == null) {
            return wanted;
        }
        return checking.isRunning() ? 0 : SelectionKey.OP_READ;
    }

    @Override
    public boolean establish() throws IOException {
        Errand checking = errand;
        Errand.Work todo = check;
        if (checking == null) {
            return true;
        }
        checking.check();
        if (todo != null) {
            check = null;
            checking.begin(todo);
        } else if (!checking.isRunning()) {
            errand = null;
        }
        return errand == null;
    }

    @Override
    public Set<String> peerNames() {
        return Set.of();
    }

    @Override
    public boolean writesAnywhere() {
        return true;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        return socket.read(target);
    }

    @Override
    public boolean hasInput() {
        return false;
    }

    @Override
    public int drop(ByteBuffer scratch) throws IOException {
        return socket.read(scratch.clear());
    }

    @Override
    public long write(ByteBuffer[] views, int from, int count) throws IOException {
        return count == 1 ? socket.write(views[from]) : socket.write(views, from, count);
    }

    @Override
    public boolean flush() {
        return true;
    }

    @Override
    public void shutdownOutput() throws IOException {
        socket.shutdownOutput();
    }

    @Override
    public void close() {
        Sockets.closeQuietly(socket);
    }
}

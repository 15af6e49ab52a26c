package io.hyperactor.channel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Set;

/// A socket as it is.
final class PlainConnection implements Connection {
    private final SocketChannel socket;

    PlainConnection(SocketChannel socket) {
        this.socket = socket;
    }

    @Override
    public SocketChannel socket() {
        return socket;
    }

    @Override
    public int ops(int wanted) {
        return wanted;
    }

    @Override
    public boolean establish() {
        return true;
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

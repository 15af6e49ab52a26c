package io.hyperactor.channel;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Set;

/// A socket over a [SimConnection].
final class SimSocket extends SocketChannel
        implements SimSelector.Source, SimSockets.Let, SimNetwork.Dialler {
    private final SimSockets sockets;
    private @Nullable SocketAddress remote;
    private SimConnection.@Nullable End end;
    private boolean connecting;
    private boolean refused;
    private boolean gone;

    SimSocket(SimSockets sockets) {
        super(sockets);
        this.sockets = sockets;
        sockets.opened(this);
    }

    /// The server's end of a connection.
    static SimSocket accepted(SimSockets by, SimConnection.End end) {
        SimSocket socket = new SimSocket(by);
        socket.remote = new InetSocketAddress("0.0.0.0", 0);
        socket.attach(end);
        return socket;
    }

    private void attach(SimConnection.End to) {
        end = to;
        to.watch(() -> sockets.changed(this));
    }

    private SimConnection.End end() throws IOException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
        SimConnection.End known = end;
        if (known == null || connecting) {
            throw new NotYetConnectedException();
        }
        return known;
    }

    // ---- connecting

    @Override
    public boolean connect(SocketAddress to) {
        remote = to;
        connecting = true;
        sockets.network().dial((InetSocketAddress) to, this);
        return false;
    }

    @Override
    public void connected(SimConnection.End made) {
        if (gone) {
            made.close();
        } else {
            attach(made);
            sockets.changed(this);
        }
    }

    @Override
    public void refused() {
        refused = true;
        sockets.changed(this);
    }

    @Override
    public boolean finishConnect() throws IOException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
        if (refused) {
            close();
            throw new ConnectException("Connection refused");
        }
        if (end != null) {
            connecting = false;
        }
        return !connecting;
    }

    @Override
    public boolean isConnected() {
        return end != null && !connecting;
    }

    @Override
    public boolean isConnectionPending() {
        return connecting;
    }

    // ---- bytes

    @Override
    public int readyOps() {
        if (connecting) {
            return refused || end != null ? SelectionKey.OP_CONNECT : 0;
        }
        return end == null ? 0 : end.readyOps();
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        return end().read(target);
    }

    @Override
    public long read(ByteBuffer[] targets, int from, int count) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        return end().write(source);
    }

    @Override
    public long write(ByteBuffer[] sources, int from, int count) throws IOException {
        long all = 0;
        for (int i = from; i < from + count; i++) {
            all += end().write(sources[i]);
            if (sources[i].hasRemaining()) {
                break;
            }
        }
        return all;
    }

    @Override
    public SocketChannel shutdownOutput() throws IOException {
        end().shutdownOutput();
        return this;
    }

    @Override
    public SocketChannel shutdownInput() {
        throw new UnsupportedOperationException();
    }

    // ---- the rest

    @Override
    protected void implCloseSelectableChannel() {
        go();
        sockets.closed(this);
    }

    @Override
    public void go() {
        gone = true;
        if (end != null) {
            end.close();
        }
    }

    @Override
    protected void implConfigureBlocking(boolean block) {}

    @Override
    public SocketChannel bind(SocketAddress local) {
        throw new UnsupportedOperationException();
    }

    @Override
    public <T> SocketChannel setOption(SocketOption<T> name, T value) {
        return this;
    }

    @Override
    public <T> T getOption(SocketOption<T> name) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return Set.of();
    }

    @Override
    public Socket socket() {
        throw new UnsupportedOperationException();
    }

    @Override
    public @Nullable SocketAddress getRemoteAddress() {
        return remote;
    }

    @Override
    public SocketAddress getLocalAddress() {
        return sockets.address(0);
    }
}

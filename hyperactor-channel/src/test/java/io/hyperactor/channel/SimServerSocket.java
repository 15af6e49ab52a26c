package io.hyperactor.channel;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Set;

/// A listening socket in a [SimNetwork].
final class SimServerSocket extends ServerSocketChannel
        implements SimSelector.Source, SimSockets.Let {
    private final SimSockets sockets;
    private final ArrayDeque<SimConnection.End> waiting = new ArrayDeque<>();
    private @Nullable InetSocketAddress here;

    SimServerSocket(SimSockets sockets) {
        super(sockets);
        this.sockets = sockets;
        sockets.opened(this);
    }

    /// Somebody has connected.
    void arrived(SimConnection.End end) {
        waiting.add(end);
        sockets.changed(this);
    }

    @Override
    public int readyOps() {
        return waiting.isEmpty() ? 0 : SelectionKey.OP_ACCEPT;
    }

    @Override
    public ServerSocketChannel bind(SocketAddress local, int backlog) throws IOException {
        here = sockets.network().bind((InetSocketAddress) local, this);
        if (here == null) {
            throw new BindException("Address already in use");
        }
        return this;
    }

    @Override
    public @Nullable SocketChannel accept() throws IOException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
        SimConnection.End end = waiting.poll();
        return end == null ? null : SimSocket.accepted(sockets, end);
    }

    @Override
    protected void implCloseSelectableChannel() {
        go();
        sockets.closed(this);
    }

    @Override
    public void go() {
        if (here != null) {
            sockets.network().unbind(here);
            here = null;
        }
        waiting.forEach(SimConnection.End::close);
        waiting.clear();
    }

    @Override
    protected void implConfigureBlocking(boolean block) {}

    @Override
    public <T> ServerSocketChannel setOption(SocketOption<T> name, T value) {
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
    public ServerSocket socket() {
        throw new UnsupportedOperationException();
    }

    @Override
    public @Nullable SocketAddress getLocalAddress() {
        return here;
    }
}

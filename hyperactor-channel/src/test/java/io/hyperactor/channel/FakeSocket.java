package io.hyperactor.channel;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Set;

/// A socket that takes all it is given, until it fails when it is told to, and has to read what it
/// is told to have. It can do nothing else.
final class FakeSocket extends SocketChannel {
    private int writes;
    private int failingWrite;
    long taken;
    ByteBuffer toRead = ByteBuffer.allocate(0);
    int reads;
    int readMost = Integer.MAX_VALUE;
    Runnable onWrite = () -> {};

    FakeSocket() {
        super(null);
    }

    /// Makes the write of this number fail, the first being 1.
    void failAt(int write) {
        failingWrite = write;
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
        if (++writes == failingWrite) {
            throw new IOException("planned");
        }
        onWrite.run();
        int bytes = from.remaining();
        from.position(from.limit());
        taken += bytes;
        return bytes;
    }

    private static UnsupportedOperationException none() {
        return new UnsupportedOperationException("not by a fake");
    }

    @Override
    public long write(ByteBuffer[] views, int from, int count) {
        throw none();
    }

    @Override
    public SocketChannel bind(SocketAddress local) {
        throw none();
    }

    @Override
    public <T> SocketChannel setOption(SocketOption<T> name, T value) {
        throw none();
    }

    @Override
    public <T> T getOption(SocketOption<T> name) {
        throw none();
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return Set.of();
    }

    @Override
    public SocketChannel shutdownInput() {
        throw none();
    }

    @Override
    public SocketChannel shutdownOutput() {
        throw none();
    }

    @Override
    public Socket socket() {
        throw none();
    }

    @Override
    public boolean isConnected() {
        return true;
    }

    @Override
    public boolean isConnectionPending() {
        return false;
    }

    @Override
    public boolean connect(SocketAddress remote) {
        throw none();
    }

    @Override
    public boolean finishConnect() {
        throw none();
    }

    @Override
    public SocketAddress getRemoteAddress() {
        throw none();
    }

    @Override
    public SocketAddress getLocalAddress() {
        throw none();
    }

    @Override
    public int read(ByteBuffer target) {
        reads++;
        int bytes = Math.min(readMost, Math.min(target.remaining(), toRead.remaining()));
        target.put(target.position(), toRead, toRead.position(), bytes);
        target.position(target.position() + bytes);
        toRead.position(toRead.position() + bytes);
        return bytes;
    }

    @Override
    public long read(ByteBuffer[] targets, int from, int count) {
        throw none();
    }

    @Override
    protected void implCloseSelectableChannel() {}

    @Override
    protected void implConfigureBlocking(boolean block) {}
}

package io.hyperactor.channel;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;

/// What goes to a socket under TLS, record by record.
///
/// **Threads:** one.
final class TlsOutput {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final SocketChannel socket;

    private final int bytesMax;

    /// Encrypted and not yet in the socket, up to the position.
    private ByteBuffer outgoing = NOTHING;

    /// How much the socket has taken.
    private long sent;

    /// What a write failed with that had sent something.
    private @Nullable Throwable broken;

    private boolean ends;
    private boolean ended;

    /// @param bytesMax how much it keeps for the socket; no memory until there is something
    TlsOutput(SocketChannel socket, int bytesMax) {
        this.socket = socket;
        this.bytesMax = bytesMax;
    }

    /// Does anything wait for the socket to have room?
    boolean waits() {
        return outgoing.position() > 0;
    }

    /// Is it known that nothing more follows?
    boolean ends() {
        return ends;
    }

    /// Nothing follows behind what waits.
    void end() {
        ends = true;
    }

    /// Takes what it can of some buffers, in order, and sends what it can of that.
    ///
    /// @return how much it took; also if something failed after some of that may have left, and
    ///   then the next call fails
    long write(SSLEngine to, ByteBuffer[] views, int from, int count) throws IOException {
        if (!flush()) {
            return 0;
        }
        long before = remaining(views, from, count);
        long sentBefore = sent;
        try {
            boolean room = true;
            while (room && remaining(views, from, count) > 0) {
                encrypt(to, views, from, count);
                room = flush();
            }
        } catch (IOException | RuntimeException | Error e) {
            boolean took = remaining(views, from, count) < before;
            if (!took || (sent == sentBefore && !waits())) {
                throw e;
            }
            broken = e;
        }
        return before - remaining(views, from, count);
    }

    private static long remaining(ByteBuffer[] views, int from, int count) {
        long bytes = 0;
        for (int i = from; i < from + count; i++) {
            bytes += views[i].remaining();
        }
        return bytes;
    }

    /// Makes records as long as there is room for another one.
    private void encrypt(SSLEngine to, ByteBuffer[] views, int from, int count) throws IOException {
        int recordBytes = to.getSession().getPacketBufferSize();
        ensureBuffer();
        while (outgoing.remaining() >= recordBytes && remaining(views, from, count) > 0) {
            SSLEngineResult result = to.wrap(views, from, count, outgoing);
            if (result.getStatus() != Status.OK) {
                throw new ClosedChannelException();
            }
        }
    }

    private void ensureBuffer() {
        if (outgoing.capacity() == 0) {
            outgoing = ByteBuffer.allocate(bytesMax);
        }
    }

    /// Takes what the engine itself has to say, as far as there is room.
    void wrapOwn(SSLEngine to) throws SSLException {
        ensureBuffer();
        SSLEngineResult result;
        do {
            result = to.wrap(NOTHING, outgoing);
        } while (result.bytesProduced() > 0
                && result.getHandshakeStatus() == HandshakeStatus.NEED_WRAP);
    }

    /// Sends what waits, and then the end if it is time.
    ///
    /// @return whether nothing waits any more
    boolean flush() throws IOException {
        if (broken != null) {
            throw new IOException("The connection broke in a write", broken);
        }
        while (outgoing.position() > 0) {
            outgoing.flip();
            int bytes;
            try {
                bytes = socket.write(outgoing);
            } catch (Throwable t) {
                outgoing.limit(0); // nothing waits any more
                throw t;
            } finally {
                outgoing.compact();
            }
            sent += bytes;
            if (bytes == 0) {
                return false;
            }
        }
        if (ends && !ended) {
            ended = true;
            socket.shutdownOutput();
        }
        return true;
    }
}

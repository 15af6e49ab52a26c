package io.hyperactor.channel;

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

    /// Encrypted and not yet in the socket, up to the position.
    private final ByteBuffer outgoing;

    private boolean ends;
    private boolean ended;

    /// @param bytes how much it keeps for the socket
    TlsOutput(SocketChannel socket, int bytes) {
        this.socket = socket;
        this.outgoing = ByteBuffer.allocate(bytes);
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
    /// @return how much it took
    long write(SSLEngine to, ByteBuffer[] views, int from, int count) throws IOException {
        long taken = 0;
        while (flush() && hasRemaining(views, from, count)) {
            taken += encrypt(to, views, from, count);
        }
        return taken;
    }

    private static boolean hasRemaining(ByteBuffer[] views, int from, int count) {
        for (int i = from; i < from + count; i++) {
            if (views[i].hasRemaining()) {
                return true;
            }
        }
        return false;
    }

    /// Makes records as long as there is room for another one.
    private long encrypt(SSLEngine to, ByteBuffer[] views, int from, int count) throws IOException {
        int recordBytes = to.getSession().getPacketBufferSize();
        long taken = 0;
        while (outgoing.remaining() >= recordBytes && hasRemaining(views, from, count)) {
            SSLEngineResult result = to.wrap(views, from, count, outgoing);
            taken += result.bytesConsumed();
            if (result.getStatus() != Status.OK) {
                throw new ClosedChannelException();
            }
        }
        return taken;
    }

    /// Takes what the engine itself has to say, as far as there is room.
    void wrapOwn(SSLEngine to) throws SSLException {
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
        while (outgoing.position() > 0) {
            outgoing.flip();
            int bytes;
            try {
                bytes = socket.write(outgoing);
            } catch (IOException e) {
                outgoing.limit(0); // nothing waits any more
                throw e;
            } finally {
                outgoing.compact();
            }
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

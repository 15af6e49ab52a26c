package io.hyperactor.channel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;

/// What comes from a socket under TLS, record by record.
///
/// **Threads:** one.
final class TlsInput {
    /// What became of the next record.
    enum Decrypted {
        /// A record, with or without bytes for us.
        RECORD,
        /// The next one is not whole yet.
        NOT_YET,
        END
    }

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final SocketChannel socket;

    private final int bytesMax;

    /// From the socket and not yet decrypted, from the position to the limit.
    private ByteBuffer incoming = NOTHING;

    /// Decrypted and not yet asked for, from the position to the limit.
    private ByteBuffer decrypted = NOTHING;

    /// Is what is in [#incoming] known to be less than a record?
    private boolean starved;

    private boolean ended;

    /// @param bytesMax how much it takes from the socket at once; no memory until there is
    ///   something
    TlsInput(SocketChannel socket, int bytesMax) {
        this.socket = socket;
        this.bytesMax = bytesMax;
    }

    /// Has the peer said that nothing more follows, or gone?
    boolean hasEnded() {
        return ended;
    }

    /// Is there something of which the selector knows nothing?
    boolean hasInput() {
        return decrypted.hasRemaining() || ended || (incoming.hasRemaining() && !starved);
    }

    /// Is there something decrypted that was not asked for?
    boolean hasDecrypted() {
        return decrypted.hasRemaining();
    }

    /// Passes on what was decrypted before, as much as there is room for.
    void move(ByteBuffer target) {
        int bytes = Math.min(decrypted.remaining(), target.remaining());
        target.put(target.position(), decrypted, decrypted.position(), bytes);
        target.position(target.position() + bytes);
        decrypted.position(decrypted.position() + bytes);
    }

    /// Decrypts one record: into `target` if it has room, else for [#move].
    Decrypted decrypt(SSLEngine from, ByteBuffer target) throws IOException {
        return target.remaining() >= from.getSession().getApplicationBufferSize()
                ? unwrap(from, target)
                : decrypt(from);
    }

    /// Decrypts one record for [#move], when all before it is taken.
    Decrypted decrypt(SSLEngine from) throws IOException {
        int bytes = from.getSession().getApplicationBufferSize();
        if (decrypted.capacity() < bytes) {
            decrypted = ByteBuffer.allocate(bytes);
        }
        decrypted.clear();
        try {
            return unwrap(from, decrypted);
        } finally {
            decrypted.flip();
        }
    }

    /// Decrypts one record into `target`, which has room for it.
    private Decrypted unwrap(SSLEngine from, ByteBuffer target) throws IOException {
        while (true) {
            Status status = from.unwrap(incoming, target).getStatus();
            switch (status) {
                case OK -> {
                    return Decrypted.RECORD;
                }
                case CLOSED -> {
                    ended = true;
                    return Decrypted.END;
                }
                case BUFFER_UNDERFLOW -> {
                    int bytes = fill();
                    if (bytes <= 0) {
                        starved = true;
                        ended = bytes < 0;
                        return ended ? Decrypted.END : Decrypted.NOT_YET;
                    }
                }
                case BUFFER_OVERFLOW -> throw new SSLException("A record longer than agreed");
            }
        }
    }

    private int fill() throws IOException {
        if (incoming.capacity() == 0) {
            incoming = ByteBuffer.allocate(bytesMax).limit(0);
        }
        incoming.compact();
        try {
            return socket.read(incoming);
        } finally {
            incoming.flip();
            starved = false;
        }
    }
}

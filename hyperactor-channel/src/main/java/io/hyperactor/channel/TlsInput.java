package io.hyperactor.channel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
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

    /// So many records in a row may come that are for the engine alone, or empty. A handshake takes
    /// ten or so; more of them are a way to keep the loop busy.
    static final int RECORDS_WITHOUT_DATA_MAX = 256;

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

    private int recordsWithoutData;

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

    /// Passes on what was decrypted before, as much as there is room for.
    void move(ByteBuffer target) {
        int bytes = Math.min(decrypted.remaining(), target.remaining());
        target.put(target.position(), decrypted, decrypted.position(), bytes);
        target.position(target.position() + bytes);
        decrypted.position(decrypted.position() + bytes);
    }

    /// Decrypts one record: into `target` if it has room, else for [#move].
    ///
    /// @throws RecordsWithoutDataException if it is one too many in a row of these
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

    /// Decrypts one record into `target`, which has room for it. Asks the socket once at most: who
    /// sends byte by byte does not keep it here.
    private Decrypted unwrap(SSLEngine from, ByteBuffer target) throws IOException {
        SSLEngineResult record = from.unwrap(incoming, target);
        if (record.getStatus() == Status.BUFFER_UNDERFLOW && fill()) {
            record = from.unwrap(incoming, target);
        }
        return switch (record.getStatus()) {
            case OK -> {
                count(record);
                yield Decrypted.RECORD;
            }
            case CLOSED -> {
                ended = true;
                yield Decrypted.END;
            }
            case BUFFER_UNDERFLOW -> {
                starved = true;
                yield ended ? Decrypted.END : Decrypted.NOT_YET;
            }
            case BUFFER_OVERFLOW -> throw new SSLException("A record longer than agreed");
        };
    }

    /// While the engine has an answer that there is no room for, data does not begin the row anew:
    /// what it keeps of answers would have no bound.
    private void count(SSLEngineResult record) throws RecordsWithoutDataException {
        if (record.bytesProduced() == 0) {
            recordsWithoutData++;
            if (recordsWithoutData > RECORDS_WITHOUT_DATA_MAX) {
                throw new RecordsWithoutDataException(RECORDS_WITHOUT_DATA_MAX);
            }
        } else if (record.getHandshakeStatus() != HandshakeStatus.NEED_WRAP) {
            recordsWithoutData = 0;
        }
    }

    /// Takes what the socket has, as far as there is room.
    ///
    /// @return whether that was something
    private boolean fill() throws IOException {
        if (incoming.capacity() == 0) {
            incoming = ByteBuffer.allocate(bytesMax).limit(0);
        }
        incoming.compact();
        try {
            int bytes = socket.read(incoming);
            ended = bytes < 0;
            return bytes > 0;
        } finally {
            incoming.flip();
            starved = false;
        }
    }
}

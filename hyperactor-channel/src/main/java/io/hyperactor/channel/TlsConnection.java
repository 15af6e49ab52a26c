package io.hyperactor.channel;

import org.jspecify.annotations.Nullable;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;

/// A socket under TLS.
///
/// All of it is the loop's, writing too, as the engine may have to answer what it reads. What takes
/// long, which is proving and checking who is who, an [Errand] does.
final class TlsConnection implements Connection {
    /// Some records, of at most 16 KiB and what is around them.
    private static final int BUFFER_BYTES = 96 * 1024;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /// Makes the engine. May take long.
    interface Engines {
        /// A new one, for one connection.
        SSLEngine open() throws IOException;

        /// It is known who is at the other end. On the loop.
        default void established(TlsConnection connection) {}

        /// The connection has ended. On the loop; also if it was never established.
        default void closed(TlsConnection connection) {}
    }

    private enum Decrypted {
        /// A record, with or without bytes for us.
        RECORD,
        /// The next one is not whole yet.
        NOT_YET,
        END
    }

    private final SocketChannel socket;
    private final Engines engines;
    private final EventLoop.Handler handler;
    private final Errand errand;

    // In turns the errand's and the loop's.
    private @Nullable SSLEngine engine;

    private boolean established;
    private Set<String> peerNames = Set.of();
    private List<X509Certificate> chain = List.of();

    /// From the socket and not yet decrypted, from the position to the limit.
    private final ByteBuffer incoming = ByteBuffer.allocate(BUFFER_BYTES).limit(0);

    /// Decrypted and not yet asked for, from the position to the limit.
    private ByteBuffer decrypted = NOTHING;

    /// Encrypted and not yet in the socket, up to the position.
    private final ByteBuffer outgoing = ByteBuffer.allocate(BUFFER_BYTES);

    /// Is what is in [#incoming] known to be less than a record?
    private boolean starved;

    private boolean inputEnded;
    private boolean outputEnds;
    private boolean outputEnded;
    private @Nullable IOException broken;

    /// @param handler hears when something was done elsewhere
    TlsConnection(
            SocketChannel socket, Engines engines, EventLoop loop, EventLoop.Handler handler) {
        this.socket = socket;
        this.engines = engines;
        this.handler = handler;
        this.errand = new Errand(loop, handler);
    }

    @Override
    public SocketChannel socket() {
        return socket;
    }

    /// Before the protocol can say anything it is the engine that waits, and during an errand
    /// nobody does.
    @Override
    public int ops(int wanted) {
        int ops = established || broken != null ? wanted : SelectionKey.OP_READ;
        if (errand.isRunning()) {
            ops &= ~SelectionKey.OP_READ;
        }
        return outgoing.position() > 0 ? ops | SelectionKey.OP_WRITE : ops;
    }

    @Override
    public Set<String> peerNames() {
        return peerNames;
    }

    @Override
    public boolean writesAnywhere() {
        return false;
    }

    // ---- the handshake

    @Override
    public boolean establish() throws IOException {
        try {
            errand.check();
            boolean more = true;
            while (more && !established && !errand.isRunning()) {
                more = flush() && step(); // the peer may wait for what is left
            }
            return established;
        } catch (IOException e) {
            throw breaks(e);
        }
    }

    /// Takes one step of the handshake.
    ///
    /// @return whether there may be another one now
    private boolean step() throws IOException {
        SSLEngine shaking = engine;
        if (shaking == null) {
            errand.begin(this::open);
            return false;
        }
        return switch (shaking.getHandshakeStatus()) {
            case NEED_TASK -> {
                errand.begin(() -> runTasks(shaking));
                yield false;
            }
            case NEED_WRAP -> {
                wrapOwn(shaking);
                yield flush();
            }
            case NEED_UNWRAP, NEED_UNWRAP_AGAIN ->
                    switch (decrypt(shaking)) {
                        case RECORD -> true;
                        case NOT_YET -> false;
                        case END -> throw new EOFException("Peer left during the TLS handshake");
                    };
            case FINISHED, NOT_HANDSHAKING -> {
                chain = chain(shaking);
                peerNames = names(chain);
                established = true;
                engines.established(this);
                yield false;
            }
        };
    }

    private void open() throws IOException {
        SSLEngine opened = engines.open();
        opened.beginHandshake();
        engine = opened;
    }

    private static void runTasks(SSLEngine shaking) {
        for (Runnable task = shaking.getDelegatedTask();
                task != null;
                task = shaking.getDelegatedTask()) {
            task.run();
        }
    }

    private static List<X509Certificate> chain(SSLEngine shaken) throws IOException {
        return Stream.of(shaken.getSession().getPeerCertificates())
                .map(X509Certificate.class::cast) // TLS has no others here
                .toList();
    }

    private static Set<String> names(List<X509Certificate> chain) throws IOException {
        try {
            return PeerNames.of(chain.getFirst()).all();
        } catch (CertificateParsingException e) {
            throw new SSLException("The peer's certificate has names that cannot be read", e);
        }
    }

    /// What the peer has shown, its own first. Empty before it is known who it is.
    List<X509Certificate> chain() {
        return chain;
    }

    /// Ends it, whatever is still to be read.
    void end(IOException cause) {
        broken = cause;
        handler.fail(cause);
    }

    /// The connection is of no use any more; the engine may have a last word on that.
    private IOException breaks(IOException cause) {
        SSLEngine failed = engine;
        if (broken == null) {
            broken = cause;
            if (failed != null && !errand.isRunning() && cause instanceof SSLException) {
                try {
                    wrapOwn(failed);
                    boolean _ = flush();
                } catch (IOException e) {
                    cause.addSuppressed(e);
                }
            }
        }
        return cause;
    }

    // ---- reading

    @Override
    public int read(ByteBuffer target) throws IOException {
        int before = target.position();
        try {
            decryptInto(target);
        } catch (IOException e) {
            IOException cause = breaks(e);
            if (target.position() == before) {
                throw cause;
            } // else what came before it is good, and the next read fails
        }
        int bytes = target.position() - before;
        return bytes == 0 && inputEnded ? -1 : bytes;
    }

    private void decryptInto(ByteBuffer target) throws IOException {
        SSLEngine from = engine;
        if (broken != null) {
            throw broken;
        }
        errand.check();
        if (!established || from == null) {
            return;
        }
        boolean more = true;
        while (more && target.hasRemaining() && !errand.isRunning()) {
            if (decrypted.hasRemaining()) {
                move(target);
            } else if (inputEnded) {
                more = false;
            } else {
                boolean fits = target.remaining() >= from.getSession().getApplicationBufferSize();
                Decrypted what = fits ? decrypt(from, target) : decrypt(from);
                more = what == Decrypted.RECORD;
                answer(from);
            }
        }
    }

    private void move(ByteBuffer target) {
        int bytes = Math.min(decrypted.remaining(), target.remaining());
        target.put(target.position(), decrypted, decrypted.position(), bytes);
        target.position(target.position() + bytes);
        decrypted.position(decrypted.position() + bytes);
    }

    /// Decrypts one record for later, when all before it is taken.
    private Decrypted decrypt(SSLEngine from) throws IOException {
        int bytes = from.getSession().getApplicationBufferSize();
        if (decrypted.capacity() < bytes) {
            decrypted = ByteBuffer.allocate(bytes);
        }
        decrypted.clear();
        try {
            return decrypt(from, decrypted);
        } finally {
            decrypted.flip();
        }
    }

    /// Decrypts one record into `target`, which has room for it.
    private Decrypted decrypt(SSLEngine from, ByteBuffer target) throws IOException {
        while (true) {
            Status status = from.unwrap(incoming, target).getStatus();
            switch (status) {
                case OK -> {
                    return Decrypted.RECORD;
                }
                case CLOSED -> {
                    inputEnded = true;
                    return Decrypted.END;
                }
                case BUFFER_UNDERFLOW -> {
                    int bytes = fill();
                    if (bytes <= 0) {
                        starved = true;
                        inputEnded = bytes < 0;
                        return inputEnded ? Decrypted.END : Decrypted.NOT_YET;
                    }
                }
                case BUFFER_OVERFLOW -> throw new SSLException("A record longer than agreed");
            }
        }
    }

    private int fill() throws IOException {
        incoming.compact();
        try {
            return socket.read(incoming);
        } finally {
            incoming.flip();
            starved = false;
        }
    }

    /// Some of what is read is for the engine, which may want to answer.
    private void answer(SSLEngine from) throws IOException {
        HandshakeStatus status = from.getHandshakeStatus();
        if (status == HandshakeStatus.NEED_WRAP) {
            wrapOwn(from);
            boolean _ = flush();
        } else if (status == HandshakeStatus.NEED_TASK) {
            errand.begin(() -> runTasks(from));
        }
    }

    @Override
    public boolean hasInput() {
        return decrypted.hasRemaining()
                || inputEnded
                || broken != null
                || (incoming.hasRemaining() && !starved);
    }

    @Override
    public int drop(ByteBuffer scratch) throws IOException {
        return socket.read(scratch.clear());
    }

    // ---- writing

    @Override
    public long write(ByteBuffer[] views, int from, int count) throws IOException {
        SSLEngine to = engine;
        if (!established || to == null || errand.isRunning()) {
            return 0;
        }
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
    private void wrapOwn(SSLEngine to) throws SSLException {
        SSLEngineResult result;
        do {
            result = to.wrap(NOTHING, outgoing);
        } while (result.bytesProduced() > 0
                && result.getHandshakeStatus() == HandshakeStatus.NEED_WRAP);
    }

    @Override
    public boolean flush() throws IOException {
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
        if (outputEnds && !outputEnded) {
            outputEnded = true;
            socket.shutdownOutput();
        }
        return true;
    }

    @Override
    public void shutdownOutput() throws IOException {
        if (!outputEnds) {
            sayEnd();
            outputEnds = true;
        }
        boolean _ = flush();
    }

    private void sayEnd() throws IOException {
        SSLEngine ending = engine;
        if (established && broken == null && ending != null && !errand.isRunning()) {
            ending.closeOutbound();
            wrapOwn(ending);
        }
    }

    @Override
    public void close() {
        engines.closed(this);
        if (!outputEnds) {
            outputEnds = true;
            try {
                sayEnd();
                boolean _ = flush();
            } catch (IOException e) {
                // The peer sees the end of the socket then, which says the same.
            }
        }
        Sockets.closeQuietly(socket);
    }
}

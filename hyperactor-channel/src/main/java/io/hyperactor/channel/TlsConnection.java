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
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/// A socket under TLS.
///
/// All of it is the loop's, writing too, as the engine may have to answer what it reads. What takes
/// long, which is proving and checking who is who, an [Errand] does.
final class TlsConnection implements Connection {
    /// Some records, of at most 16 KiB and what is around them.
    private static final int BUFFER_BYTES = 96 * 1024;

    /// After so many records others get their turn, however many more there are.
    private static final int RECORDS_AT_ONCE = 32;

    /// Makes the engine. May take long.
    interface Engines {
        /// A new one, for one connection.
        SSLEngine open() throws IOException;

        /// It is known who is at the other end. On the loop.
        default void established(TlsConnection connection) {}

        /// The connection has ended. On the loop; also if it was never established.
        default void closed(TlsConnection connection) {}
    }

    private final SocketChannel socket;
    private final Engines engines;
    private final EventLoop loop;
    private final EventLoop.Handler handler;
    private final Errand errand;
    private final TlsInput input;
    private final TlsOutput output;

    // In turns the errand's and the loop's.
    private @Nullable SSLEngine engine;

    private boolean established;
    private Set<String> peerNames = Set.of();
    private List<X509Certificate> chain = List.of();

    private @Nullable IOException broken;

    /// @param handler hears when something was done elsewhere, or is to go on
    TlsConnection(
            SocketChannel socket, Engines engines, EventLoop loop, EventLoop.Handler handler) {
        this.socket = socket;
        this.engines = engines;
        this.loop = loop;
        this.handler = handler;
        this.errand = new Errand(loop, handler);
        this.input = new TlsInput(socket, BUFFER_BYTES);
        this.output = new TlsOutput(socket, BUFFER_BYTES);
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
        return output.waits() ? ops | SelectionKey.OP_WRITE : ops;
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
            for (int i = 0; i < RECORDS_AT_ONCE && more; i++) {
                more = flush() && step(); // the peer may wait for what is left
            }
            if (more) { // perhaps in here alone, where the selector does not see it
                loop.readLater(handler);
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
        if (established || errand.isRunning()) {
            return false;
        }
        if (shaking == null) {
            begin(this::open);
            return false;
        }
        return switch (shaking.getHandshakeStatus()) {
            case NEED_TASK -> {
                begin(() -> runTasks(shaking));
                yield false;
            }
            case NEED_WRAP -> {
                output.wrapOwn(shaking);
                yield flush();
            }
            case NEED_UNWRAP, NEED_UNWRAP_AGAIN ->
                    switch (input.decrypt(shaking)) {
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

    /// Where many wait for a processor, most may have been hung up on when it is their turn.
    private void begin(Errand.Work work) {
        errand.begin(() -> {
            if (!socket.isOpen()) {
                throw new ClosedChannelException();
            }
            work.run();
        });
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
                    output.wrapOwn(failed);
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
        return bytes == 0 && input.hasEnded() ? -1 : bytes;
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
        input.move(target);
        boolean more = true;
        for (int i = 0; i < RECORDS_AT_ONCE && more; i++) {
            more = target.hasRemaining() && decryptRecord(from, target);
        }
    }

    /// Passes one record on, as much as there is room for.
    ///
    /// @return whether there may be another one now
    private boolean decryptRecord(SSLEngine from, ByteBuffer target) throws IOException {
        if (errand.isRunning() || input.hasEnded()) {
            return false;
        }
        boolean more = input.decrypt(from, target) == TlsInput.Decrypted.RECORD;
        answer(from);
        input.move(target);
        return more;
    }

    /// Some of what is read is for the engine, which may want to answer.
    private void answer(SSLEngine from) throws IOException {
        HandshakeStatus status = from.getHandshakeStatus();
        if (status == HandshakeStatus.NEED_WRAP) {
            output.wrapOwn(from);
            boolean _ = flush();
        } else if (status == HandshakeStatus.NEED_TASK) {
            begin(() -> runTasks(from));
        }
    }

    @Override
    public boolean hasInput() {
        return broken != null || input.hasInput();
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
        return output.write(to, views, from, count);
    }

    @Override
    public boolean flush() throws IOException {
        return output.flush();
    }

    @Override
    public void shutdownOutput() throws IOException {
        if (!output.ends()) {
            sayEnd();
            output.end();
        }
        boolean _ = flush();
    }

    private void sayEnd() throws IOException {
        SSLEngine ending = engine;
        if (established && broken == null && ending != null && !errand.isRunning()) {
            ending.closeOutbound();
            output.wrapOwn(ending);
        }
    }

    @Override
    public void close() {
        try {
            engines.closed(this);
            if (!output.ends()) {
                output.end();
                sayEnd();
                boolean _ = flush();
            }
        } catch (IOException e) {
            // The peer sees the end of the socket then, which says the same.
        } finally {
            Sockets.closeQuietly(socket);
        }
    }
}

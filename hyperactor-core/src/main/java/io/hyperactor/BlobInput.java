package io.hyperactor;

import io.hyperactor.BlobMessage.Piece;
import io.hyperactor.BlobMessage.Pull;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Reads a blob: has a few pieces on their way, and hands them on in order.
final class BlobInput extends InputStream {
    /// So many pieces are asked for ahead, as soon as it is known that there are as many.
    static final int AHEAD_MAX = 8;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
    private static final long UNKNOWN = -1;

    private final Instance reader;
    private final ActorRef<BlobMessage> blob;
    private final long patienceNanos;

    /// For a piece that waits behind others: they all may take their time first.
    private final Duration behindOthers;

    private final ArrayDeque<CompletableFuture<Piece>> ahead = new ArrayDeque<>(AHEAD_MAX);
    private long length = UNKNOWN;
    private long asked; // up to where
    private long arrived; // up to where
    private ByteBuffer piece = NOTHING;
    private @Nullable IOException broken;

    BlobInput(Instance reader, ActorRef<BlobMessage> blob, Duration patience) {
        this.reader = reader;
        this.blob = blob;
        this.patienceNanos = Proc.nanos(patience);
        this.behindOthers = Duration.ofNanos(patienceNanos).multipliedBy(AHEAD_MAX);
    }

    @Override
    public int read() throws IOException {
        return fill() ? piece.get() & 0xFF : -1;
    }

    @Override
    public int read(byte[] target, int offset, int most) throws IOException {
        Objects.checkFromIndexSize(offset, most, target.length);
        if (most == 0) {
            return 0;
        }
        if (!fill()) {
            return -1;
        }
        int count = Math.min(most, piece.remaining());
        piece.get(target, offset, count);
        return count;
    }

    /// Without a copy in between, where the pieces came from another proc.
    @Override
    public long transferTo(OutputStream out) throws IOException {
        long count = 0;
        while (fill()) {
            int length = piece.remaining();
            if (piece.hasArray()) {
                out.write(piece.array(), piece.arrayOffset() + piece.position(), length);
            } else {
                byte[] bytes = new byte[length];
                piece.get(piece.position(), bytes);
                out.write(bytes);
            }
            piece = NOTHING;
            count += length;
        }
        return count;
    }

    @Override
    public int available() {
        return piece.remaining();
    }

    @Override
    public void close() {
        broken = new IOException("Stream closed");
        piece = NOTHING;
        ahead.clear();
    }

    /// Sees to it that there are bytes in the piece.
    ///
    /// @return false at the end
    private boolean fill() throws IOException {
        while (!piece.hasRemaining()) {
            if (broken != null) {
                throw broken;
            }
            if (arrived == length) {
                return false;
            }
            ask();
            next(ahead.element());
            var _ = ahead.remove();
        }
        return true;
    }

    private void ask() {
        while (length == UNKNOWN ? ahead.isEmpty() : ahead.size() < AHEAD_MAX && asked < length) {
            long offset = asked;
            ahead.add(
                    reader.request(
                            blob,
                            replyTo -> new Pull(offset, Blob.PIECE_MAX_BYTES, replyTo),
                            behindOthers));
            asked += Blob.PIECE_MAX_BYTES;
        }
    }

    private void next(CompletableFuture<Piece> answer) throws IOException {
        try {
            if (!answer.isDone()) {
                Dispatcher.blocking();
            }
            switch (answer.get(patienceNanos, TimeUnit.NANOSECONDS)) {
                case Piece.Bytes(long whole, ByteBuffer bytes) -> take(whole, bytes);
                case Piece.Unreadable(String why) -> throw broken(blob + ": " + why, null);
            }
        } catch (ExecutionException e) {
            throw broken(String.valueOf(e.getMessage()), e.getCause());
        } catch (TimeoutException e) {
            throw broken(
                    "no piece of " + blob + " came within " + Duration.ofNanos(patienceNanos), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while reading " + blob);
        }
    }

    private void take(long whole, ByteBuffer bytes) throws IOException {
        if (length == UNKNOWN) {
            length = Math.max(0, whole);
        }
        long expected = Math.min(Blob.PIECE_MAX_BYTES, length - arrived);
        if (whole != length || bytes.remaining() != expected) {
            throw broken(
                    "%s gave %d of %d bytes at %d, where %d of %d were expected"
                            .formatted(blob, bytes.remaining(), whole, arrived, expected, length),
                    null);
        }
        piece = bytes.duplicate(); // in the same proc it may have other readers
        arrived += expected;
    }

    private IOException broken(String why, @Nullable Throwable cause) {
        IOException failure = new IOException(why, cause);
        broken = failure;
        ahead.clear();
        return failure;
    }
}

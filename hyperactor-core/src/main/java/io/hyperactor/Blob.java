package io.hyperactor;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Supplier;

/// Bytes of any length that cross procs in pieces, for what is too large for one message.
///
/// A blob is an actor: whoever has the bytes spawns one of the types made here and sends its ref in
/// a message; whoever got the ref reads, with [#open]. It can be read by any number of readers, and
/// more than once. As an actor it ends with its parent, when its handle stops it, or when nobody
/// has read for some time.
///
/// Of what one reader reads no more than nine pieces of 64 KiB are on their way at a time, and
/// other messages pass between them.
///
/// ```java
/// ActorHandle<BlobMessage> dump = cx.spawn("dump", Blob.of(file, Duration.ofMinutes(1)));
/// cx.send(store, new Keep("dump", dump.ref())); // has an ActorRef<BlobMessage>
/// …
/// try (InputStream in = Blob.open(cx, keep.bytes(), Duration.ofSeconds(30))) { // in the store
///     Files.copy(in, path);
/// }
/// ```
public final class Blob {
    /// The longest piece.
    public static final int PIECE_MAX_BYTES = 64 * 1024;

    private static final String NAME = "blob";

    private Blob() {}

    /// Where the bytes of a blob come from. Its length and content do not change.
    ///
    /// **Threads:** one at a time. May block.
    public interface Source {
        /// How many bytes there are. Called first, once.
        ///
        /// @throws IOException if they can not be had; readers are told
        long length() throws IOException;

        /// The `length` bytes from `offset` on, which are there by [#length()]. The buffer and what
        /// is in it stay as they are afterwards.
        ///
        /// @throws IOException if they can not be had; the reader is told
        ByteBuffer read(long offset, int length) throws IOException;

        /// Called last, unless the actor is killed.
        default void close() throws IOException {}
    }

    /// A blob of what remains in `bytes`, which is not copied: it must not be changed while the
    /// actor lives.
    ///
    /// @param keep how long the actor lives without being asked for anything
    public static ActorType<BlobMessage> of(ByteBuffer bytes, Duration keep) {
        ByteBuffer content = bytes.slice().asReadOnlyBuffer();
        return type(() -> new BufferSource(content), keep);
    }

    /// A blob of what is in a file, which is opened when the actor begins.
    ///
    /// @param keep how long the actor lives without being asked for anything
    public static ActorType<BlobMessage> of(Path file, Duration keep) {
        return of(() -> new FileSource(file), keep);
    }

    /// A blob of any bytes.
    ///
    /// @param source called once for each actor, in its own first activation
    /// @param keep how long the actor lives without being asked for anything
    public static ActorType<BlobMessage> of(Supplier<? extends Source> source, Duration keep) {
        return type(source, keep).blocking();
    }

    private static ActorType<BlobMessage> type(Supplier<? extends Source> source, Duration keep) {
        return ActorType.of(
                NAME,
                BlobMessage.class,
                () -> new BlobActor(source, keep, System::nanoTime, Timers::after));
    }

    /// Opens a blob for reading from its start. Nothing is sent before the first read.
    ///
    /// A read blocks until there are bytes; in an actor it blocks that actor, no other. It fails
    /// with an [IOException] if the bytes can not be had, and with one caused by an [AskException]
    /// if the blob has ended, is out of reach, or does not answer in time. One caused by an
    /// interrupt is a [java.io.InterruptedIOException]: the thread's flag stays set, and reading
    /// can go on. Closing the stream leaves the blob alone.
    ///
    /// **Threads:** one at a time.
    ///
    /// @param reader who asks for the pieces; when it ends, so does the stream
    /// @param patience how long a read waits for its piece
    public static InputStream open(Instance reader, ActorRef<BlobMessage> blob, Duration patience) {
        return new BlobInput(reader, blob, patience);
    }

    private record BufferSource(ByteBuffer content) implements Source {
        @Override
        public long length() {
            return content.limit();
        }

        @Override
        public ByteBuffer read(long offset, int length) {
            return content.slice(Math.toIntExact(offset), length);
        }
    }
}

package io.hyperactor.host;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/// The files of one proc: the one being written, and older ones that it pushes on when it is full.
///
/// A disk that is full, or gone, costs records and nothing else: they are counted, and when there
/// is room again a record says so. It is tried once a second.
///
/// **Threads:** any; blocks for the disk.
final class LogFile implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LogFile.class);
    private static final long RETRY_NANOS = 1_000_000_000;

    /// Opens a file to append to.
    interface Opener {
        /// Makes it, for its owner alone, if it is missing. Follows no link.
        SeekableByteChannel open(Path file) throws IOException;
    }

    private final Path file;
    private volatile LogPolicy policy;
    private final Opener opener;
    private final LongSupplier nanoTime;

    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable SeekableByteChannel channel;
    private long length; // of what is whole in the file
    private long lost; // records, since the last that was written
    private final LongAdder missed = new LongAdder(); // more of them
    private long failedAt;
    private boolean failing;

    /// @param file the one being written; the older ones are beside it
    /// @param nanoTime a clock like [System#nanoTime()]
    LogFile(Path file, LogPolicy policy, Opener opener, LongSupplier nanoTime) {
        this.file = file;
        this.policy = policy;
        this.opener = opener;
        this.nanoTime = nanoTime;
    }

    /// The file system's own.
    static SeekableByteChannel append(Path file) throws IOException {
        return Files.newByteChannel(
                file,
                Set.of(
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE,
                        LinkOption.NOFOLLOW_LINKS),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }

    /// Where the file is that was full `generation` files ago; 0 is the one being written.
    static Path generation(Path file, int generation) {
        return generation == 0 ? file : file.resolveSibling(file.getFileName() + "." + generation);
    }

    /// Whether this is the one that is written there.
    boolean isAt(Path path) {
        return file.equals(path);
    }

    /// From now on this holds.
    void apply(LogPolicy now) {
        policy = now;
    }

    /// A record could not even be given to be written. Never blocks.
    void missed() {
        missed.increment();
    }

    /// Writes a record.
    ///
    /// @return false if it is lost
    boolean write(LogRecord record) {
        lock.lock();
        try {
            lost += missed.sumThenReset();
            if (failing && nanoTime.getAsLong() - failedAt < RETRY_NANOS) {
                lost++;
                return false;
            }
            if (lost > 0) {
                append(bytes(note(record)));
                lost = 0;
            }
            append(bytes(record));
            failing = false;
            return true;
        } catch (IOException e) {
            fail(e);
            return false;
        } finally {
            lock.unlock();
        }
    }

    private LogRecord note(LogRecord next) {
        return LogRecord.line(
                next.time(),
                next.proc(),
                next.pid(),
                LogRecord.Source.HOST,
                lost + " records lost: could not write");
    }

    private static byte[] bytes(LogRecord record) {
        return (LogFormat.line(record) + '\n').getBytes(StandardCharsets.UTF_8);
    }

    private void append(byte[] line) throws IOException {
        SeekableByteChannel to = opened();
        if (length > 0 && length + line.length > policy.fileMaxBytes()) {
            rotate();
            to = opened();
        }
        to.position(length);
        for (var bytes = ByteBuffer.wrap(line); bytes.hasRemaining(); ) {
            int _ = to.write(bytes);
        }
        length += line.length;
    }

    private SeekableByteChannel opened() throws IOException {
        SeekableByteChannel to = channel;
        if (to == null) {
            to = opener.open(file);
            channel = to;
            length = to.size();
            endLastLine(to);
        }
        return to;
    }

    /// A host that was killed may have left half a line.
    private void endLastLine(SeekableByteChannel to) throws IOException {
        if (length == 0) {
            return;
        }
        var last = ByteBuffer.allocate(1);
        to.position(length - 1);
        if (to.read(last) == 1 && last.get(0) != '\n') {
            length += to.write(ByteBuffer.wrap(new byte[] {'\n'}));
        }
    }

    private void rotate() throws IOException {
        closeChannel();
        int filesMax = policy.filesMax();
        if (filesMax == 1) {
            Files.deleteIfExists(file);
            return;
        }
        for (int i = filesMax - 1; i > 0; i--) {
            Path from = generation(file, i - 1);
            if (Files.exists(from, LinkOption.NOFOLLOW_LINKS)) {
                Files.move(from, generation(file, i), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    private void fail(IOException e) {
        lost++;
        failedAt = nanoTime.getAsLong();
        if (!failing) {
            LOG.warn("cannot write to {}, records are lost: {}", file, e.toString());
        }
        failing = true;
        SeekableByteChannel broken = channel;
        if (broken != null) {
            try {
                broken.truncate(length); // half a line would spoil the next
            } catch (IOException again) {
                LOG.debug("half a line stays in {}", file, again);
            }
        }
        try {
            closeChannel();
        } catch (IOException again) {
            LOG.debug("while closing {}", file, again);
        }
    }

    private void closeChannel() throws IOException {
        SeekableByteChannel open = channel;
        channel = null;
        if (open != null) {
            open.close();
        }
    }

    /// Lets go of the file; a later record opens it again.
    @Override
    public void close() {
        lock.lock();
        try {
            closeChannel();
        } catch (IOException e) {
            LOG.warn("while closing {}", file, e);
        } finally {
            lock.unlock();
        }
    }
}

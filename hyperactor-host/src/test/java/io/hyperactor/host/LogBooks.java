package io.hyperactor.host;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// Log books for tests, with a clock that stands still and a disk that can be full.
final class LogBooks implements AutoCloseable {
    static final Instant START = Instant.ofEpochSecond(1_000_000);

    final AtomicLong nanos = new AtomicLong();
    volatile Instant now = START;
    final AtomicBoolean full = new AtomicBoolean();
    final AtomicInteger opened = new AtomicInteger(); // files
    private final List<LogBook> books = new ArrayList<>();

    @Override
    public void close() {
        books.forEach(LogBook::close);
    }

    LogBook book(LogPolicy policy) {
        LogBook book = new LogBook(policy, disk(this::open), nanos::get, () -> now);
        books.add(book);
        return book;
    }

    /// Writes on the thread that offers.
    static final LogFiles.Writer HERE =
            (write, _) -> {
                write.run();
                return true;
            };

    static LogFiles.Disk disk(LogFile.Opener opener) {
        return new LogFiles.Disk(opener, HERE, Duration.ofMinutes(1));
    }

    private SeekableByteChannel open(Path file) throws IOException {
        opened.incrementAndGet();
        return new FullDisk(LogFile.append(file), full);
    }

    static LogRecord record(String proc, long second, String text) {
        Instant time = Instant.ofEpochSecond(second);
        return LogRecord.line(time, proc, 7, LogRecord.Source.STDOUT, text);
    }

    static LogQuery last(int max, String... names) {
        return new LogQuery(Set.of(names), Optional.empty(), max);
    }

    static List<String> texts(List<LogRecord> records) {
        return records.stream().map(LogRecord::text).toList();
    }

    /// @param millis from [#START] on
    static LogRecord at(String proc, long millis, String text) {
        Instant time = START.plusMillis(millis);
        return LogRecord.line(time, proc, 7, LogRecord.Source.STDOUT, text);
    }

    /// A disk that can be full: half of each line still fits.
    private record FullDisk(SeekableByteChannel file, AtomicBoolean full)
            implements SeekableByteChannel {
        @Override
        public int write(ByteBuffer source) throws IOException {
            if (full.get()) {
                ByteBuffer half = source.slice(source.position(), source.remaining() / 2);
                int _ = file.write(half);
                throw new IOException("No space left on device");
            }
            return file.write(source);
        }

        @Override
        public int read(ByteBuffer target) throws IOException {
            return file.read(target);
        }

        @Override
        public long position() throws IOException {
            return file.position();
        }

        @Override
        public SeekableByteChannel position(long to) throws IOException {
            file.position(to);
            return this;
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public SeekableByteChannel truncate(long size) throws IOException {
            file.truncate(size);
            return this;
        }

        @Override
        public boolean isOpen() {
            return file.isOpen();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}

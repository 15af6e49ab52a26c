package io.hyperactor.system;

import io.hyperactor.channel.Ledger;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// A file that a sender or a recipient appends a record to, of 32 bytes, before it acts. It is
/// mapped: what is in it survives the death of its process.
///
/// **Threads:** any.
@SuppressWarnings("EnumOrdinal") // whoever reads it is of the same build
final class LedgerFile {
    private static final Map<Path, LedgerFile> SHARED = new ConcurrentHashMap<>();
    private static final int RECORD_BYTES = 32;
    private static final int PIECE_BYTES = 1 << 20;
    private static final int HOLES_MAX = 1024;
    private static final int KIND = 0; // last of a record to be written: 0 is none
    private static final int STREAM = 4;
    private static final int NUMBER = 8;
    private static final int NANOS = 16;

    private final MappedByteBuffer records;
    private final AtomicInteger next = new AtomicInteger();

    private LedgerFile(MappedByteBuffer records) {
        this.records = records;
    }

    /// One record.
    ///
    /// @param stream all messages of one sender to one destination
    /// @param number counts up in each stream
    /// @param nanos when, by a clock that all processes of a machine share
    record Line(Ledger.Kind kind, int stream, long number, long nanos) {}

    /// A new one, with room for so many records.
    static LedgerFile create(Path file, int recordsMax) throws IOException {
        try (FileChannel channel =
                FileChannel.open(
                        file,
                        StandardOpenOption.CREATE_NEW,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE)) {
            return new LedgerFile(
                    channel.map(
                            FileChannel.MapMode.READ_WRITE, 0, (long) recordsMax * RECORD_BYTES));
        }
    }

    /// The same for all in this process that name the same file.
    static LedgerFile shared(Path file, int recordsMax) {
        return SHARED.computeIfAbsent(
                file,
                path -> {
                    try {
                        return create(path, recordsMax);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
    }

    void add(Ledger.Kind kind, int stream, long number) {
        int at = next.getAndIncrement() * RECORD_BYTES;
        records.putInt(at + STREAM, stream);
        records.putLong(at + NUMBER, number);
        records.putLong(at + NANOS, System.nanoTime());
        VarHandle.releaseFence();
        records.putInt(at + KIND, kind.ordinal() + 1);
    }

    /// What is in a file, in the order it was written in; also while it is written.
    static List<Line> read(Path file) throws IOException {
        List<Line> lines = new ArrayList<>();
        visit(
                file,
                (records, at) ->
                        lines.add(
                                new Line(
                                        Ledger.Kind.values()[records.getInt(at + KIND) - 1],
                                        records.getInt(at + STREAM),
                                        records.getLong(at + NUMBER),
                                        records.getLong(at + NANOS))));
        return lines;
    }

    /// How many records of these kinds are in a file by now.
    static long count(Path file, Ledger.Kind... kinds) throws IOException {
        AtomicLong count = new AtomicLong();
        visit(
                file,
                (records, at) -> {
                    int found = records.getInt(at + KIND);
                    for (Ledger.Kind kind : kinds) {
                        if (found == kind.ordinal() + 1) {
                            count.setPlain(count.getPlain() + 1);
                        }
                    }
                });
        return count.get();
    }

    /// How many of them are in several files.
    static long count(List<Path> files, Ledger.Kind... kinds) throws IOException {
        long count = 0;
        for (Path file : files) {
            count += count(file, kinds);
        }
        return count;
    }

    private interface Visitor {
        void record(ByteBuffer records, int at);
    }

    private static void visit(Path file, Visitor visitor) throws IOException {
        if (!Files.exists(file)) {
            return; // nobody has begun to write
        }
        // Not mapped: it is looked at often, and mappings go away only when garbage is collected.
        ByteBuffer piece = ByteBuffer.allocate(PIECE_BYTES); // most files end in a large hole
        int holes = 0; // of writers that are about to fill them, or were killed before
        try (InputStream in = Files.newInputStream(file)) {
            for (int length = PIECE_BYTES; length == PIECE_BYTES && holes < HOLES_MAX; ) {
                length = in.readNBytes(piece.array(), 0, PIECE_BYTES);
                for (int at = 0; at < length && holes < HOLES_MAX; at += RECORD_BYTES) {
                    if (piece.getInt(at + KIND) == 0) {
                        holes++;
                    } else {
                        holes = 0;
                        visitor.record(piece, at);
                    }
                }
            }
        }
    }
}

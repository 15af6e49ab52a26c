package io.hyperactor.cli;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/// Cuts files into chunks, one after the other, holding no more than one chunk. A chunk never spans
/// two files, and an empty file has none.
///
/// **Threads:** one at a time.
final class ChunkReader implements AutoCloseable {
    /// The default size: small enough that even a small project keeps several procs busy.
    static final int CHUNK_MAX_BYTES = 4096;

    private static final int CHUNK_BYTES_LEAST = 4; // any character fits

    private final WordRule rule;
    private final int chunkMaxBytes;
    private final Iterator<Path> files;
    private @Nullable Path file;
    private @Nullable InputStream in;
    private byte[] carry = {};
    private boolean insideWord;
    private int nextId;

    ChunkReader(WordRule rule, List<Path> files, int chunkMaxBytes) {
        if (chunkMaxBytes < CHUNK_BYTES_LEAST) {
            throw new IllegalArgumentException(
                    "a chunk of " + chunkMaxBytes + " bytes is too short");
        }
        this.rule = rule;
        this.files = files.iterator();
        this.chunkMaxBytes = chunkMaxBytes;
    }

    /// The next chunk, or null after the last.
    ///
    /// @throws CliException.Failed if a file cannot be read
    @Nullable Chunk next() {
        try {
            InputStream source = in == null ? openNext() : in;
            while (source != null) {
                Chunk chunk = read(source);
                if (chunk != null) {
                    return chunk;
                }
                source = openNext();
            }
            return null;
        } catch (IOException e) {
            throw CliException.unreadable(String.valueOf(file), e);
        }
    }

    private @Nullable InputStream openNext() throws IOException {
        if (!files.hasNext()) {
            return null;
        }
        file = files.next();
        in = Files.newInputStream(file);
        carry = new byte[0];
        insideWord = false;
        return in;
    }

    private @Nullable Chunk read(InputStream source) throws IOException {
        byte[] buffer = Arrays.copyOf(carry, chunkMaxBytes);
        int length =
                carry.length
                        + source.readNBytes(buffer, carry.length, chunkMaxBytes - carry.length);
        if (length < chunkMaxBytes) {
            close();
            return length == 0 ? null : chunk(Arrays.copyOf(buffer, length));
        }
        int cut = cutAt(buffer);
        carry = Arrays.copyOfRange(buffer, cut, length);
        return chunk(Arrays.copyOf(buffer, cut));
    }

    private Chunk chunk(byte[] text) {
        Chunk chunk = new Chunk(nextId++, text, insideWord);
        insideWord =
                !CharClass.isAsciiSpace(text[text.length - 1])
                        && rule.endsInsideWord(text, insideWord);
        return chunk;
    }

    /// After the last white space; in a word that fills the chunk, between two characters.
    private static int cutAt(byte[] full) {
        for (int i = full.length; i > 0; i--) {
            if (CharClass.isAsciiSpace(full[i - 1])) {
                return i;
            }
        }
        return Utf8.lastBoundary(full);
    }

    /// Closes the file that is open.
    @Override
    public void close() {
        try {
            if (in != null) {
                in.close();
                in = null;
            }
        } catch (IOException e) {
            throw CliException.unreadable(String.valueOf(file), e);
        }
    }
}

package io.hyperactor.host;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;

/// Cuts one stream of bytes into lines of bounded length. Not thread-safe.
final class LineSplitter {
    /// Longest line kept, in bytes; the rest of a longer one is counted and dropped.
    static final int LINE_MAX_BYTES = 64 * 1024;

    private static final int FIRST_CAPACITY = 256;

    private byte[] line = new byte[FIRST_CAPACITY];
    private int length;
    private long cut; // bytes of the current line that were dropped

    /// Takes the next bytes and hands every line they complete to `lines`.
    void accept(byte[] bytes, int offset, int count, Consumer<String> lines) {
        int end = offset + count;
        for (int from = offset; from < end; ) {
            int newline = indexOfNewline(bytes, from, end);
            append(bytes, from, newline - from);
            if (newline < end) {
                String line = text();
                clear();
                lines.accept(line);
            }
            from = newline + 1;
        }
    }

    /// Forgets the line in progress.
    void clear() {
        length = 0;
        cut = 0;
        if (line.length > 4 * FIRST_CAPACITY) {
            line = new byte[FIRST_CAPACITY]; // one long line must not cost memory for ever
        }
    }

    boolean hasUnfinishedLine() {
        return length > 0;
    }

    /// The line in progress as text: UTF-8, bad bytes replaced, escaped, without the carriage
    /// return of a foreign line end, and with a mark if it was cut.
    String text() {
        int kept = cut == 0 ? length : wholeCharacters();
        if (cut == 0 && kept > 0 && line[kept - 1] == '\r') {
            kept--;
        }
        String text = PrintableText.escape(new String(line, 0, kept, StandardCharsets.UTF_8));
        return cut == 0 ? text : text + " [" + (cut + length - kept) + " more bytes]";
    }

    private void append(byte[] bytes, int offset, int count) {
        int kept = Math.min(count, LINE_MAX_BYTES - length);
        if (length + kept > line.length) {
            int doubled = Math.max(2 * line.length, length + kept);
            line = Arrays.copyOf(line, Math.min(doubled, LINE_MAX_BYTES));
        }
        System.arraycopy(bytes, offset, line, length, kept);
        length += kept;
        cut += count - kept;
    }

    /// How many bytes to show of a line that was cut: no part of a character at its end.
    private int wholeCharacters() {
        int start = length - 1;
        while (start > length - 4 && (line[start] & 0xc0) == 0x80) {
            start--;
        }
        int lead = line[start] & 0xff;
        int size = lead < 0xc0 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
        return start + size > length ? start : length;
    }

    private static int indexOfNewline(byte[] bytes, int from, int end) {
        int i = from;
        while (i < end && bytes[i] != '\n') {
            i++;
        }
        return i;
    }
}

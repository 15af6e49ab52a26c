package io.hyperactor.host;

import java.nio.charset.StandardCharsets;

/// What a host says on a control pipe: one line of text.
final class ControlLine {
    /// Longest line in bytes, its end included: what a pipe takes whole or not at all.
    static final int MAX_BYTES = 4096;

    private ControlLine() {}

    /// `line` and its end, in UTF-8.
    ///
    /// @throws IllegalArgumentException if it is more than one line, or too long
    static byte[] bytes(String line) {
        if (line.indexOf('\n') >= 0) {
            throw new IllegalArgumentException("more than one line for a control pipe");
        }
        byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
        if (bytes.length > MAX_BYTES) {
            throw new IllegalArgumentException(
                    "a line of %d bytes for a control pipe, which takes %d"
                            .formatted(bytes.length, MAX_BYTES));
        }
        return bytes;
    }
}

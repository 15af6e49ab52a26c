package io.hyperactor.host;

import io.hyperactor.host.OutputListener.Stream;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Reads what children print, without waiting for it.
///
/// **Threads:** one.
final class OutputReader {
    private static final int BUFFER_BYTES = 64 * 1024;

    /// What the pipe of an ended child may hold, at most, unless a stranger keeps filling it.
    private static final int LAST_READS_MAX = 16;

    private final Libc libc;
    private final MemorySegment buffer = Arena.ofAuto().allocate(BUFFER_BYTES);
    private final byte[] bytes = new byte[BUFFER_BYTES];

    OutputReader(Libc libc) {
        this.libc = libc;
    }

    /// Reads once.
    ///
    /// @return the number of bytes; 0 at the end, minus the error number if there are none now
    int read(Descriptor pipe, Stream stream, OutputCapture output) {
        int count = libc.read(pipe.fd(), buffer);
        if (count > 0) {
            MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, 0, bytes, 0, count);
            output.accept(stream, bytes, count);
        }
        return count;
    }

    /// Reads what is there of an ended child's output. Somebody else may hold the pipe open and go
    /// on writing, so this ends after 1 MiB, the most a pipe takes, at the latest.
    void readRest(Descriptor pipe, Stream stream, OutputCapture output) {
        for (int i = 0; i < LAST_READS_MAX && read(pipe, stream, output) > 0; i++) {
            // Reading is all.
        }
    }

    static boolean isEnd(int result) {
        return result <= 0 && result != -Errno.EAGAIN && result != -Errno.EINTR;
    }
}

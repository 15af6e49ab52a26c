package io.hyperactor.host;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// What `waitid` says of a child: the part of C's `siginfo_t` that is the same on every 64-bit
/// Linux this runs on.
final class ChildEnding {
    private static final int BYTES = 128;
    private static final int CODE_OFFSET = 8;
    private static final int PID_OFFSET = 16;
    private static final int STATUS_OFFSET = 24;

    private static final int CLD_EXITED = 1;
    private static final int CLD_KILLED = 2;
    private static final int CLD_DUMPED = 3;

    private ChildEnding() {}

    static MemorySegment allocate(Arena arena) {
        return arena.allocate(BYTES, Long.BYTES);
    }

    /// Whether a child was reaped at all.
    static boolean isPresent(MemorySegment ending) {
        return ending.get(JAVA_INT, PID_OFFSET) != 0;
    }

    static ProcExit exit(MemorySegment ending) {
        int code = ending.get(JAVA_INT, CODE_OFFSET);
        int status = ending.get(JAVA_INT, STATUS_OFFSET);
        return switch (code) {
            case CLD_EXITED -> new ProcExit.Exited(status);
            case CLD_KILLED -> new ProcExit.Signalled(status, false);
            case CLD_DUMPED -> new ProcExit.Signalled(status, true);
            default -> new ProcExit.Lost("the kernel reported an ending of unknown kind " + code);
        };
    }
}

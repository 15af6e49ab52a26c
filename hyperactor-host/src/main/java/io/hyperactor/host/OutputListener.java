package io.hyperactor.host;

import java.time.Instant;

/// Gets what launched processes print.
///
/// **Threads:** [#terms] any, which must not wait; [#bytes] one thread of the launcher, the others
/// another one, which do nothing else: the listener may block, and misses some then. What it throws
/// is ignored. **Order:** that of each stream; the two streams of one process may be mixed, and the
/// last lines of a process may come after its exit was told.
@FunctionalInterface
interface OutputListener {
    /// Drops everything; [LaunchedProcess#lastLines()] still works.
    OutputListener NONE = (_, _, _, _, _) -> {};

    /// Where a line was printed.
    enum Stream {
        STDOUT,
        STDERR
    }

    /// What is wanted of one process.
    ///
    /// @param bytesPerSecond how much of what it prints is told; of more the rest is dropped and
    ///   counted
    /// @param raw whether [#bytes] is called too
    record Terms(int bytesPerSecond, boolean raw) {
        static final Terms STANDARD = new Terms(OutputCapture.BYTES_PER_SECOND, false);
    }

    /// What is wanted of a process; asked when it is started and when it gets another name.
    default Terms terms(String name) {
        return Terms.STANDARD;
    }

    /// Takes one line.
    ///
    /// @param time when it was read
    /// @param name of the process
    /// @param pid of the process
    /// @param stream where it was printed
    /// @param line without its end, control characters escaped, cut at 64 KiB with a mark
    void line(Instant time, String name, long pid, Stream stream, String line);

    /// Hears that lines are missing here: the process printed more than was wanted of it, or more
    /// than this took.
    ///
    /// @param bytes how much, roughly
    default void dropped(Instant time, String name, long pid, Stream stream, long bytes) {
        line(time, name, pid, stream, "[" + bytes + " bytes of output dropped]");
    }

    /// Takes what was printed as it is, for those who want it.
    default void bytes(Stream stream, byte[] bytes) {}
}

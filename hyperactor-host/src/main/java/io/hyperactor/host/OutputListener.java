package io.hyperactor.host;

/// Gets the lines that launched processes print.
///
/// **Threads:** one thread of the launcher, which does nothing else: the listener may block, and
/// misses lines then. What it throws is ignored. **Order:** that of each stream; the two streams of
/// one process may be mixed, and the last lines of a process may come after its exit was told.
@FunctionalInterface
interface OutputListener {
    /// Drops everything; [LaunchedProcess#lastLines()] still works.
    OutputListener NONE = (_, _, _, _) -> {};

    /// Where a line was printed.
    enum Stream {
        STDOUT,
        STDERR
    }

    /// Takes one line.
    ///
    /// @param name of the process
    /// @param pid of the process
    /// @param stream where it was printed
    /// @param line without its end, control characters escaped, cut at 64 KiB with a mark. Of a
    ///   process that prints more than 1 MiB/s, or more than the listener takes, lines are missing,
    ///   and `[123 bytes of output dropped]` stands in their place
    void line(String name, long pid, Stream stream, String line);
}

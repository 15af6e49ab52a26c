package io.hyperactor.host;

import java.nio.file.Path;
import java.util.Optional;

/// What a host keeps of what a proc prints and logs.
///
/// @param folder where the proc's files are, `NAME.log` and older `NAME.log.1`, …; empty for none,
///   which is the default. It is made, for its owner alone, if it is missing
/// @param fileMaxBytes how long a file gets before the next one is begun; default 16 MiB, at least
///   1 MiB
/// @param filesMax how many files a proc has, the one being written included; default 4
/// @param linesMax how many records are kept in memory; default 1024. They take 256 Ki characters
///   at most, and less where there are many procs
/// @param bytesPerSecond how much a proc may print, and how much it may log; what is more is
///   dropped and counted. Default 1 MiB, at least 64 KiB
/// @param passThrough whether what the proc prints goes to the host's own standard output and error
///   as it comes, escaped by nobody: for a person in front of a terminal who trusts the proc.
///   Default false
public record LogPolicy(
        Optional<Path> folder,
        long fileMaxBytes,
        int filesMax,
        int linesMax,
        int bytesPerSecond,
        boolean passThrough) {
    private static final long FILE_MIN_BYTES = 1024 * 1024;
    private static final int RATE_MIN = 64 * 1024;
    private static final LogPolicy DEFAULTS =
            new LogPolicy(
                    Optional.empty(),
                    16 * FILE_MIN_BYTES,
                    4,
                    1024,
                    OutputCapture.BYTES_PER_SECOND,
                    false);

    /// @throws IllegalArgumentException if a number is too small
    public LogPolicy {
        if (fileMaxBytes < FILE_MIN_BYTES
                || filesMax < 1
                || linesMax < 1
                || bytesPerSecond < RATE_MIN) {
            throw new IllegalArgumentException(
                    "fileMaxBytes "
                            + fileMaxBytes
                            + ", filesMax "
                            + filesMax
                            + ", linesMax "
                            + linesMax
                            + ", bytesPerSecond "
                            + bytesPerSecond);
        }
    }

    /// The defaults.
    public static LogPolicy defaults() {
        return DEFAULTS;
    }

    /// The same with files.
    public LogPolicy withFolder(Path folder) {
        return new LogPolicy(
                Optional.of(folder), fileMaxBytes, filesMax, linesMax, bytesPerSecond, passThrough);
    }

    /// The same with files of another length and number.
    public LogPolicy withFiles(long maxBytes, int max) {
        return new LogPolicy(folder, maxBytes, max, linesMax, bytesPerSecond, passThrough);
    }

    /// The same with another number of records in memory.
    public LogPolicy withLinesMax(int max) {
        return new LogPolicy(folder, fileMaxBytes, filesMax, max, bytesPerSecond, passThrough);
    }

    /// The same with another rate.
    public LogPolicy withBytesPerSecond(int rate) {
        return new LogPolicy(folder, fileMaxBytes, filesMax, linesMax, rate, passThrough);
    }

    /// The same, passed through or not.
    public LogPolicy withPassThrough(boolean passed) {
        return new LogPolicy(folder, fileMaxBytes, filesMax, linesMax, bytesPerSecond, passed);
    }
}

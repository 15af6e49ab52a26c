package io.hyperactor.host;

import java.util.List;

/// What is known about the end of a proc.
///
/// @param exit how it ended, as the kernel told it
/// @param lastLines what its process printed last, standard output and error together in the order
///   they were read: at most 256 lines, escaped; empty for a proc without a process of its own
public record ExitReport(ProcExit exit, List<String> lastLines) {
    public ExitReport {
        lastLines = List.copyOf(lastLines);
    }

    /// The report of a proc that printed nothing.
    static ExitReport of(ProcExit exit) {
        return new ExitReport(exit, List.of());
    }

    /// The exit, and the last few lines that say why; one line of text.
    @Override
    public String toString() {
        String words = LastWords.of(lastLines);
        return words.isEmpty() ? exit.toString() : exit + ": " + words;
    }
}

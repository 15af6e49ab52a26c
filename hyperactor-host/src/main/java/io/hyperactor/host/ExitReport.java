package io.hyperactor.host;

import java.util.List;
import java.util.Optional;

/// What is known about the end of a proc.
///
/// @param exit how it ended, as the kernel told it
/// @param diagnosis why, where that can be told from what its JVM left behind
/// @param lastLines what its process printed last, standard output and error together in the order
///   they were read: at most 256 lines, escaped, among them the last 64 of standard error, or fewer
///   if they are long; empty for a proc without a process of its own
public record ExitReport(ProcExit exit, Optional<Diagnosis> diagnosis, List<String> lastLines) {
    public ExitReport {
        lastLines = List.copyOf(lastLines);
    }

    /// The report of an end of which no more is known.
    static ExitReport of(ProcExit exit) {
        return new ExitReport(exit, Optional.empty(), List.of());
    }

    /// Why it ended, in one line: the diagnosis, else the last few lines that say what. Empty if
    /// nothing is known.
    public String why() {
        return diagnosis.map(Diagnosis::toString).orElseGet(() -> LastWords.of(lastLines));
    }

    /// How it ended and why; one line of text.
    @Override
    public String toString() {
        String why = why();
        return why.isEmpty() ? exit.toString() : exit + ": " + why;
    }
}

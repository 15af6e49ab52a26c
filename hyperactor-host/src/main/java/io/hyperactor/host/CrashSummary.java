package io.hyperactor.host;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a JVM that crashed wrote about itself, in an error report file or into its output, in
/// short. Its parts are escaped and bounded.
///
/// @param reason what ended it, for example `SIGSEGV (0xb) at pc=0x00007f1b81e364ad`
/// @param frame the code that did it, if it says so
/// @param thread the name of the thread, or `native thread`, if it says so
/// @param file the whole report, if there is one
public record CrashSummary(
        String reason, Optional<String> frame, Optional<String> thread, Optional<Path> file) {
    private static final String CRASH = "# A fatal error has been detected by the Java Runtime";
    private static final String NO_MEMORY = "# There is insufficient memory for the Java Runtime";
    private static final String END_OF_REASON = "# JRE version:";
    private static final String POSSIBLE_REASONS = "# Possible reasons:";
    private static final String FRAME = "# Problematic frame:";
    private static final String THREAD = "Current thread";
    private static final String PID = ", pid=";
    private static final String OUT_OF_MEMORY = "OutOfMemory encountered: ";

    /// Finds it in lines that a JVM wrote; empty if they are about no crash.
    ///
    /// @param lines of an error report file, or of a JVM's output
    /// @param file the error report file
    static Optional<CrashSummary> parse(List<String> lines, @Nullable Path file) {
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (isHeading(line)) {
                int reasonFrom = line.startsWith(CRASH) ? i + 1 : i;
                List<String> report = lines.subList(reasonFrom, lines.size());
                return Optional.of(
                        new CrashSummary(
                                reason(report),
                                frame(report),
                                thread(report),
                                Optional.ofNullable(file)));
            }
        }
        return Optional.empty();
    }

    private static boolean isHeading(String line) {
        return line.startsWith(CRASH) || line.startsWith(NO_MEMORY);
    }

    /// What there was too little of, if that was the reason.
    Optional<String> outOfMemory() {
        int marked = reason.indexOf(OUT_OF_MEMORY);
        if (marked >= 0) {
            return Optional.of(reason.substring(marked + OUT_OF_MEMORY.length()));
        }
        return reason.startsWith(NO_MEMORY.substring(2)) ? Optional.of(reason) : Optional.empty();
    }

    private static String reason(List<String> report) {
        List<String> parts = new ArrayList<>();
        for (String line : report) {
            if (line.startsWith(END_OF_REASON)
                    || line.startsWith(POSSIBLE_REASONS)
                    || !line.startsWith("#")) {
                break;
            }
            String text = withoutIds(line.substring(1).strip());
            if (!text.isEmpty()) {
                parts.add(text);
            }
        }
        return printable(String.join("; ", parts));
    }

    /// What a process printed of its crash. What it had started may have printed the like, with
    /// another id.
    static Optional<CrashSummary> printed(List<String> lines, long pid) {
        boolean isOther = false;
        int begin = 0; // of the last report so far
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (isHeading(line)) {
                begin = i;
            }
            if (line.contains(PID + pid + ",")) {
                return parse(lines.subList(begin, lines.size()), null);
            }
            isOther |= line.contains(PID);
        }
        return isOther ? Optional.empty() : parse(lines, null);
    }

    /// Those of the process are known, that of the thread says nothing.
    private static String withoutIds(String text) {
        int ids = text.indexOf(PID);
        return ids < 0 ? text : text.substring(0, ids);
    }

    private static Optional<String> frame(List<String> report) {
        int heading = report.indexOf(FRAME);
        return heading < 0 || heading + 1 == report.size()
                ? Optional.empty()
                : Optional.of(printable(report.get(heading + 1).replaceFirst("^#\\s*", "")));
    }

    private static Optional<String> thread(List<String> report) {
        for (String line : report) {
            if (line.startsWith(THREAD)) {
                int from = line.indexOf('"');
                int to = line.indexOf('"', from + 1);
                return Optional.of(
                        from < 0 || to < 0
                                ? "native thread"
                                : printable(line.substring(from + 1, to)));
            }
        }
        return Optional.empty();
    }

    private static String printable(String text) {
        return PrintableText.escape(LastWords.cut(text));
    }

    /// One line, without the file.
    @Override
    public String toString() {
        return reason
                + frame.map(code -> " in " + code).orElse("")
                + thread.map(name -> ", thread \"" + name + "\"").orElse("");
    }
}

package io.hyperactor.host;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// What the shell of a [Prologue] says last when the child cannot be limited as it is to be, and so
/// has not become its program. The shell's own line before it says why.
final class LimitLine {
    private static final int STATUS = 125;
    private static final String NAME = "hyperactor"; // of the shell, which begins its lines with it
    private static final String CANNOT = NAME + ": cannot ";

    /// What a shell puts before what it has to say: its name and the line of the script.
    private static final Pattern WHO = Pattern.compile("^" + NAME + ": (line )?\\d+: ");

    private LimitLine() {}

    /// A command of a shell that says so and ends it.
    ///
    /// @param what cannot be done, as it stands between double quotes of a shell
    static String cannot(String what) {
        return "{ echo \"" + CANNOT + what + "\" >&2; exit " + STATUS + "; }; ";
    }

    /// How a shell is made to run `script`, up to its arguments.
    static List<String> shell(String path, String script) {
        return List.of(path, "-c", script, NAME);
    }

    /// The limit that could not be had, and why, if that is how a child ended.
    static Optional<LimitRefusedException> find(ExitReport end) {
        List<String> lines = end.lastLines();
        if (!end.exit().equals(new ProcExit.Exited(STATUS))
                || lines.isEmpty()
                || !lines.getLast().startsWith(CANNOT)) {
            return Optional.empty();
        }
        String what = LastWords.cut(lines.getLast().substring(NAME.length() + 2));
        String why =
                lines.size() == 1 ? "" : ": " + LastWords.cut(said(lines.get(lines.size() - 2)));
        return Optional.of(new LimitRefusedException(what + why));
    }

    private static String said(String line) {
        return WHO.matcher(line).replaceFirst("");
    }
}

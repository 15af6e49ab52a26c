package io.hyperactor.host;

import java.util.List;
import java.util.Optional;

/// What a JVM prints when it ends because it has no memory left.
final class OutOfMemoryLine {
    /// The status of a JVM with `-XX:+ExitOnOutOfMemoryError`, and of [ProcMain].
    static final int STATUS = 3;

    private static final String ERROR = "java.lang.OutOfMemoryError";

    private OutOfMemoryLine() {}

    /// What the last line with such an error says there was too little of.
    static Optional<String> find(List<String> lines) {
        for (String line : lines.reversed()) {
            int error = line.indexOf(ERROR);
            if (error >= 0) {
                String rest = line.substring(error + ERROR.length());
                return Optional.of(
                        rest.startsWith(": ") ? rest.substring(2).strip() : "unknown kind");
            }
        }
        return Optional.empty();
    }
}

package io.hyperactor.host;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;

/// The last lines of a process, in the order they were read: [#MAX] of both its streams together,
/// among them those that standard error had last, however many others came after. Not thread-safe.
final class LastLines {
    static final int MAX = 256;
    static final int MAX_CHARS = 256 * 1024;

    /// So many of standard error are always among them, as far as they are no longer together than
    /// that.
    static final int ERRORS_MAX = 64;

    static final int ERRORS_MAX_CHARS = 64 * 1024;

    private record Line(long number, String text) {}

    /// Lines of bounded number and length. It keeps the last one whatever it takes.
    private static final class Ring {
        private final Deque<Line> lines = new ArrayDeque<>();
        private final int max;
        private final int maxChars;
        private int chars;

        Ring(int max, int maxChars) {
            this.max = max;
            this.maxChars = maxChars;
        }

        void add(Line line) {
            lines.addLast(line);
            chars += line.text().length();
            while (lines.size() > max || (chars > maxChars && lines.size() > 1)) {
                chars -= lines.removeFirst().text().length();
            }
        }
    }

    private final Ring all = new Ring(MAX, MAX_CHARS);
    private final Ring errors = new Ring(ERRORS_MAX, ERRORS_MAX_CHARS);
    private long count;

    void add(OutputListener.Stream stream, String text) {
        Line line = new Line(count++, text);
        all.add(line);
        if (stream == OutputListener.Stream.STDERR) {
            errors.add(line);
        }
    }

    /// All of them.
    ///
    /// @param unfinished lines that come last
    List<String> with(List<String> unfinished) {
        List<Line> last = new ArrayList<>(all.lines);
        unfinished.forEach(text -> last.add(new Line(count, text)));
        int from = 0;
        while (last.size() - from + errorsBefore(last, from).count() > MAX) {
            from++;
        }
        return Stream.concat(errorsBefore(last, from), last.stream().skip(from))
                .map(Line::text)
                .toList();
    }

    private Stream<Line> errorsBefore(List<Line> last, int from) {
        long first = last.isEmpty() ? count : last.get(from).number();
        return errors.lines.stream().filter(line -> line.number() < first);
    }
}

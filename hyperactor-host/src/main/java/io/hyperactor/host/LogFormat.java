package io.hyperactor.host;

import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A record as one line of text, as files hold it: docs/operations.md, "Log files". What was
/// written is read back as it was.
///
/// Columns with a tab between them: time, proc, pid, source, level, logger, thread, text; then a
/// column `key=value` for each pair, and `!` and the failure if there is one. Within a column a
/// backslash is `\\`, a tab `\t` and a line end `\n`; in a key `=` is `\=`, and `!` is `\!`.
final class LogFormat {
    private static final int FIXED_COLUMNS = 8;
    private static final int NANO_DIGITS = 9;
    private static final char FAILURE = '!';

    private LogFormat() {}

    /// Without the end of the line.
    static String line(LogRecord record) {
        var line = new StringBuilder(128 + record.text().length());
        time(line, record.time());
        line.append('\t').append(record.proc());
        line.append('\t').append(record.pid());
        line.append('\t').append(record.source());
        line.append('\t').append(record.level()).append('\t');
        escape(line, record.logger(), false);
        line.append('\t');
        escape(line, record.thread(), false);
        line.append('\t');
        escape(line, record.text(), false);
        for (var pair : record.keyValues().entrySet()) {
            line.append('\t');
            escape(line, pair.getKey(), true);
            line.append('=');
            escape(line, pair.getValue(), false);
        }
        if (!record.failure().isEmpty()) {
            line.append('\t').append(FAILURE);
            escape(line, record.failure(), false);
        }
        return line.toString();
    }

    /// Always with nine digits behind the second, so that sorting texts sorts times.
    private static void time(StringBuilder out, Instant time) {
        Instant second = time.truncatedTo(ChronoUnit.SECONDS);
        String text = second.toString();
        String nanos = Long.toString(Duration.between(second, time).toNanos());
        out.append(text, 0, text.length() - 1).append('.');
        out.repeat('0', NANO_DIGITS - nanos.length()).append(nanos).append('Z');
    }

    private static LogRecord.@Nullable Source source(String name) {
        for (LogRecord.Source source : LogRecord.Source.values()) {
            if (source.toString().equals(name)) {
                return source;
            }
        }
        return null;
    }

    private static void escape(StringBuilder out, String text, boolean key) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\\' -> out.append("\\\\");
                case '\t' -> out.append("\\t");
                case '\n' -> out.append("\\n");
                case '=', FAILURE -> out.append(key ? "\\" : "").append(c);
                default -> out.append(c);
            }
        }
    }

    /// The record that a line holds, empty if it holds none.
    static Optional<LogRecord> parse(String line) {
        List<String> columns = columns(line);
        if (columns.size() < FIXED_COLUMNS) {
            return Optional.empty();
        }
        LogRecord.Source source = source(columns.get(3));
        if (source == null) {
            return Optional.empty();
        }
        Map<String, String> pairs = new LinkedHashMap<>();
        String failure = "";
        for (String column : columns.subList(FIXED_COLUMNS, columns.size())) {
            if (column.startsWith("!")) {
                failure = unescape(column.substring(1));
            } else {
                int equals = unescapedEquals(column);
                if (equals < 0) {
                    return Optional.empty();
                }
                pairs.put(
                        unescape(column.substring(0, equals)),
                        unescape(column.substring(equals + 1)));
            }
        }
        try {
            return Optional.of(
                    new LogRecord(
                            Instant.parse(columns.get(0)),
                            columns.get(1),
                            Long.parseLong(columns.get(2)),
                            source,
                            Level.valueOf(columns.get(4)),
                            unescape(columns.get(5)),
                            unescape(columns.get(6)),
                            unescape(columns.get(7)),
                            pairs,
                            failure));
        } catch (IllegalArgumentException | DateTimeException e) {
            return Optional.empty(); // somebody else has written here
        }
    }

    private static List<String> columns(String line) {
        List<String> columns = new ArrayList<>();
        int start = 0;
        for (int tab = line.indexOf('\t'); tab >= 0; tab = line.indexOf('\t', start)) {
            columns.add(line.substring(start, tab));
            start = tab + 1;
        }
        columns.add(line.substring(start));
        return columns;
    }

    private static int unescapedEquals(String column) {
        for (int i = 0; i < column.length(); i++) {
            switch (column.charAt(i)) {
                case '\\' -> i++;
                case '=' -> {
                    return i;
                }
                default -> {}
            }
        }
        return -1;
    }

    private static String unescape(String column) {
        if (column.indexOf('\\') < 0) {
            return column;
        }
        var text = new StringBuilder(column.length());
        for (int i = 0; i < column.length(); i++) {
            char c = column.charAt(i);
            if (c != '\\' || i + 1 == column.length()) {
                text.append(c);
                continue;
            }
            char escaped = column.charAt(++i);
            text.append(
                    switch (escaped) {
                        case 't' -> '\t';
                        case 'n' -> '\n';
                        default -> escaped;
                    });
        }
        return text.toString();
    }
}

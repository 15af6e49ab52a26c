package io.hyperactor.cli;

import io.hyperactor.host.LogRecord;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Records as people and programs read them. A record is safe to print as it is.
final class LogLines {
    private static final String INDENT = "    ";

    private LogLines() {}

    /// One line, and below it the lines of a failure, indented: so none of them can be taken for a
    /// record.
    static List<String> text(LogRecord record) {
        var line = new StringBuilder();
        line.append(time(record.time())).append(' ');
        line.append(record.proc()).append(' ').append(record.pid()).append(' ');
        line.append("%-5s ".formatted(what(record)));
        if (record.source() == LogRecord.Source.EVENT) {
            line.append(record.logger()).append(" [").append(record.thread()).append("] ");
        }
        line.append(record.text());
        record.keyValues()
                .forEach((key, value) -> line.append(' ').append(key).append('=').append(value));
        List<String> lines = new ArrayList<>();
        lines.add(line.toString());
        record.failure().lines().forEach(failure -> lines.add(INDENT + failure));
        return lines;
    }

    /// Always with milliseconds, so that lines stand in columns.
    private static String time(Instant time) {
        String text = time.truncatedTo(ChronoUnit.MILLIS).toString();
        boolean whole = text.indexOf('.') < 0;
        return whole ? text.substring(0, text.length() - 1) + ".000Z" : text;
    }

    private static String what(LogRecord record) {
        LogRecord.Source source = record.source();
        return source == LogRecord.Source.EVENT ? record.level().toString() : source.toString();
    }

    /// An object on one line.
    static String json(LogRecord record) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("time", record.time().toString());
        object.put("proc", record.proc());
        object.put("pid", record.pid());
        object.put("source", record.source().toString());
        object.put("level", record.level().toString());
        if (record.source() == LogRecord.Source.EVENT) {
            object.put("logger", record.logger());
            object.put("thread", record.thread());
        }
        object.put("text", record.text());
        if (!record.keyValues().isEmpty()) {
            object.put("pairs", record.keyValues());
        }
        if (!record.failure().isEmpty()) {
            object.put("failure", record.failure());
        }
        return JsonWriter.write(object);
    }
}

package io.hyperactor.cli;

import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Writes values as one line of JSON: maps in their order, lists, strings, whole numbers.
///
/// The command line writes two small shapes and reads none. A library for that would take 40 ms to
/// load, half as long as the whole command.
final class JsonWriter {
    private JsonWriter() {}

    /// An object of these members: names and values in turn.
    static Map<String, Object> object(Object... members) {
        var object = new LinkedHashMap<String, Object>();
        for (int i = 0; i < members.length; i += 2) {
            object.put((String) members[i], members[i + 1]);
        }
        return object;
    }

    /// The text of a map, a list, a string, an integer or a long.
    static String write(Object value) {
        var out = new StringBuilder();
        write(out, value);
        return out.toString();
    }

    private static void write(StringBuilder out, Object value) {
        switch (value) {
            case Map<?, ?> map -> writeObject(out, map);
            case List<?> list -> writeArray(out, list);
            case String text -> writeString(out, text);
            case Integer number -> out.append(number.intValue());
            case Long number -> out.append(number.longValue());
            default -> throw new IllegalArgumentException("no JSON for " + value.getClass());
        }
    }

    private static void writeObject(StringBuilder out, Map<?, ?> map) {
        String separator = "{";
        for (var member : map.entrySet()) {
            out.append(separator);
            writeString(out, (String) member.getKey());
            out.append(':');
            write(out, member.getValue());
            separator = ",";
        }
        out.append(map.isEmpty() ? "{}" : "}");
    }

    private static void writeArray(StringBuilder out, List<?> list) {
        String separator = "[";
        for (Object element : list) {
            out.append(separator);
            write(out, element);
            separator = ",";
        }
        out.append(list.isEmpty() ? "[]" : "]");
    }

    private static void writeString(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> out.append('\\').append(c);
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < ' ' || c > '~') { // ASCII alone survives every encoding of a terminal
                        out.append("\\u").append(HexFormat.of().toHexDigits(c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}

package io.hyperactor.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Writes maps, lists, texts, numbers and booleans as JSON, indented.
final class Json {
    private static final String INDENT = "  ";

    private Json() {}

    /// An object from names and values in turn, in this order.
    static Map<String, Object> object(Object... namesAndValues) {
        Map<String, Object> object = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            object.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return object;
    }

    /// @throws IllegalArgumentException for a value that JSON has no form for
    static String text(Object value) {
        StringBuilder out = new StringBuilder();
        write(out, value, "\n");
        return out.toString();
    }

    private static void write(StringBuilder out, Object value, String line) {
        switch (value) {
            case Map<?, ?> map -> writeObject(out, map, line);
            case List<?> list -> writeArray(out, list, line);
            case String text -> writeText(out, text);
            case Double number when number.isNaN() || number.isInfinite() ->
                    throw new IllegalArgumentException("JSON has no " + number);
            case Double number when number == Math.rint(number) && Math.abs(number) < 1L << 53 ->
                    out.append(number.longValue());
            case Number number -> out.append(number);
            case Boolean bool -> out.append(bool);
            default -> throw new IllegalArgumentException("JSON has no " + value.getClass());
        }
    }

    private static void writeObject(StringBuilder out, Map<?, ?> map, String line) {
        out.append('{');
        String separator = "";
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            out.append(separator).append(line).append(INDENT);
            writeText(out, (String) entry.getKey());
            out.append(": ");
            write(out, entry.getValue(), line + INDENT);
            separator = ",";
        }
        out.append(map.isEmpty() ? "" : line).append('}');
    }

    private static void writeArray(StringBuilder out, List<?> list, String line) {
        boolean flat = list.stream().allMatch(Number.class::isInstance);
        out.append('[');
        String separator = "";
        for (Object each : list) {
            out.append(separator).append(flat ? "" : line + INDENT);
            write(out, each, line + INDENT);
            separator = flat ? ", " : ",";
        }
        out.append(flat ? "" : line).append(']');
    }

    private static void writeText(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> out.append('\\').append(c);
                case '\n' -> out.append("\\n");
                default -> out.append(c < ' ' ? String.format("\\u%04x", (int) c) : c);
            }
        }
        out.append('"');
    }
}

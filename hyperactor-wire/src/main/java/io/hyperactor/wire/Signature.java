package io.hyperactor.wire;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Writes out the structure of a type, each record, enum and sealed interface once.
///
/// ```
/// type      = label | collection '<' type,… '>' | label structure
/// structure = '(' type,… ')' of a record
///           | '[' constant,… ']' of an enum
///           | '{' type,… '}' of a sealed interface
/// ```
final class Signature {

    private final Codecs codecs;
    private final StringBuilder out = new StringBuilder();
    private final Map<String, List<WireType>> expanded = new HashMap<>();

    private Signature(Codecs codecs) {
        this.codecs = codecs;
    }

    static String of(WireType type, Codecs codecs) {
        var signature = new Signature(codecs);
        signature.append(type);
        return signature.out.toString();
    }

    private void append(WireType type) {
        if (codecs.factory(type.raw()) != null) {
            out.append(type.label());
        } else if (!Standard.has(type.raw())) {
            appendDerived(type);
        } else if (type.arguments().isEmpty()) {
            out.append(type.label());
        } else {
            out.append(type.raw().getSimpleName());
            appendAll(type.arguments(), '<', '>');
        }
    }

    private void appendDerived(WireType type) {
        var label = type.label();
        var namesakes = expanded.getOrDefault(label, new ArrayList<>());
        expanded.put(label, namesakes);
        int known = namesakes.indexOf(type);
        out.append(label);
        int number = known >= 0 ? known : namesakes.size();
        if (number > 0) {
            out.append('#').append(number + 1); // another type of the same name
        }
        if (known < 0) {
            namesakes.add(type);
            appendStructure(type);
        }
    }

    private void appendStructure(WireType type) {
        if (type.raw().isRecord()) {
            appendAll(type.componentTypes(), '(', ')');
        } else if (type.isSealedInterface()) {
            appendAll(type.permits(), '{', '}');
        } else {
            appendConstants(type.raw().getEnumConstants());
        }
    }

    private void appendAll(List<WireType> types, char open, char close) {
        out.append(open);
        for (int i = 0; i < types.size(); i++) {
            out.append(i == 0 ? "" : ",");
            append(types.get(i));
        }
        out.append(close);
    }

    private void appendConstants(Object[] constants) {
        out.append('[');
        for (int i = 0; i < constants.length; i++) {
            out.append(i == 0 ? "" : ",").append(((Enum<?>) constants[i]).name());
        }
        out.append(']');
    }
}

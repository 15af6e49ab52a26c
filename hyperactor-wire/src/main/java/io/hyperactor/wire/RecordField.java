package io.hyperactor.wire;

import org.jspecify.annotations.Nullable;

/// A record component as generated code sees it.
///
/// @param name of its accessor
/// @param erased the type of its accessor
/// @param path for errors, such as `CounterMessage.Add.amount`
/// @param inlined what its value is written as by a method of the writer, or null
/// @param codec what writes its value otherwise
record RecordField(
        String name, Class<?> erased, String path, @Nullable Scalar inlined, Codec<?> codec) {

    static RecordField of(WireType.Component component, String path, Codec<?> codec) {
        var scalar = codec instanceof ScalarCodec ? Scalar.of(component.type().raw()) : null;
        return new RecordField(
                component.component().getName(),
                component.component().getType(),
                path,
                scalar != null && scalar.method() != null ? scalar : null,
                codec);
    }
}

package io.hyperactor.wire;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// The codec of a record, generated when the first value passes: that takes about a millisecond of
/// a young proc, which sees few of the messages it could see.
final class LazyCodec implements Codec<Object> {

    private final CodecHome home;
    private final Class<?> type;
    private final List<RecordField> fields;
    // Without a fence: the fields of what it points to are final, and if two threads generate,
    // either will do.
    private @Nullable Codec<Object> generated;

    /// @throws UnsupportedTypeException if no code may touch the record from here
    LazyCodec(Class<?> type, List<RecordField> fields) {
        this.home = CodecHome.of(type, fields);
        this.type = type;
        this.fields = fields;
    }

    Codec<Object> generated() {
        var codec = generated;
        if (codec == null) {
            codec = new RecordCodecs(home, type, fields).generate();
            generated = codec;
        }
        return codec;
    }

    @Override
    public void write(WireWriter out, Object value) {
        generated().write(out, value);
    }

    @Override
    public Object read(WireReader in) {
        return generated().read(in);
    }
}

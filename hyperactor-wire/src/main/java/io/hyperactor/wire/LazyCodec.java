package io.hyperactor.wire;

import org.jspecify.annotations.Nullable;

/// The codec of a record, generated when the first value passes: that takes about a millisecond of
/// a young proc, which sees few of the messages it could see.
final class LazyCodec implements Codec<Object> {

    private final RecordCodecs generator;
    // Without a fence: the fields of what it points to are final, and if two threads generate,
    // either will do.
    private @Nullable Codec<Object> generated;

    LazyCodec(RecordCodecs generator) {
        this.generator = generator;
    }

    Codec<Object> generated() {
        var codec = generated;
        if (codec == null) {
            codec = generator.generate();
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

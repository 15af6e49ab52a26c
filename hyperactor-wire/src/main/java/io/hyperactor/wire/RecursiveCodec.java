package io.hyperactor.wire;

import org.jspecify.annotations.Nullable;

/// Stands for the codec of a type within that type itself, and counts how deep values nest there:
/// every cycle of types goes through one of these, so no bytes can make a decoder recurse without
/// end.
final class RecursiveCodec implements Codec<Object> {

    private @Nullable Codec<Object> codec; // set before the type is given out

    @SuppressWarnings("unchecked") // of the type this one stands for
    void complete(Codec<?> codec) {
        this.codec = (Codec<Object>) codec;
    }

    private Codec<Object> codec() {
        var complete = codec;
        if (complete == null) {
            throw new IllegalStateException("used while it is being derived");
        }
        return complete;
    }

    @Override
    public void write(WireWriter out, Object value) {
        out.enter();
        try {
            codec().write(out, value);
        } finally {
            out.leave();
        }
    }

    @Override
    public Object read(WireReader in) {
        in.enter();
        var value = codec().read(in);
        in.leave();
        return value;
    }
}

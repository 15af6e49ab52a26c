package io.hyperactor.wire;

import java.util.Optional;

/// 0, or 1 and the value.
final class OptionalCodec implements Codec<Optional<?>> {

    private final Codec<Object> value;

    @SuppressWarnings("unchecked") // of the value's type
    OptionalCodec(Codec<?> value) {
        this.value = (Codec<Object>) value;
    }

    @Override
    public void write(WireWriter out, Optional<?> optional) {
        if (optional.isPresent()) {
            out.writeByte(1);
            value.write(out, optional.get());
        } else {
            out.writeByte(0);
        }
    }

    @Override
    public Optional<?> read(WireReader in) {
        return in.readBoolean() ? Optional.of(value.read(in)) : Optional.empty();
    }
}

package io.hyperactor.wire;

/// A constant of an enum: its ordinal as a varint.
final class EnumCodec implements Codec<Enum<?>> {

    private final String name;
    private final Enum<?>[] constants;

    EnumCodec(Class<?> type) {
        this.name = WireType.nestedName(type);
        this.constants = (Enum<?>[]) type.getEnumConstants();
    }

    @Override
    @SuppressWarnings("EnumOrdinal") // the signature lists the constants in their order
    public void write(WireWriter out, Enum<?> value) {
        out.writeVarint(value.ordinal());
    }

    @Override
    public Enum<?> read(WireReader in) {
        int ordinal = in.readVarint();
        if (Integer.compareUnsigned(ordinal, constants.length) >= 0) {
            throw in.malformed(
                    "constant " + Integer.toUnsignedString(ordinal) + " is not part of " + name);
        }
        return constants[ordinal];
    }
}

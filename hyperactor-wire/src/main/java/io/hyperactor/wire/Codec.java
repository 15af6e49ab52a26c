package io.hyperactor.wire;

/// Writes values of one type and reads them back.
///
/// **Threads:** any; it has no state. **Errors:** [EncodeException] for a value without an
/// encoding, [WireFormatException] for bytes that are none.
///
/// @param <T> the type, of which `null` is no value
public interface Codec<T> {

    /// Appends `value` to `out`: at least one byte if the type can be the element of a collection.
    void write(WireWriter out, T value);

    /// Reads exactly what [#write] wrote.
    T read(WireReader in);
}

package io.hyperactor.wire;

import io.hyperactor.stress.Check;

import java.util.Arrays;
import java.util.List;

/// Bytes are a message or malformed, and nothing worse. What is decoded is encoded to the very same
/// bytes: a value has one encoding.
public final class CodecFuzz {
    /// The first byte of an input picks one of these.
    private static final List<MessageType<?>> TYPES =
            List.of(
                    type(FuzzedMessages.Command.class),
                    type(FuzzedMessages.Mixed.class),
                    type(FuzzedMessages.Tree.class),
                    type(FuzzedMessages.SetsWithin.class),
                    type(FuzzedMessages.MapsWithin.class),
                    type(FuzzedMessages.Sum.class),
                    type(FuzzedMessages.Ids.class));

    private static final int MARGIN = 5;

    private CodecFuzz() {}

    private static MessageType<?> type(Class<?> type) {
        return Codecs.standard().type(type);
    }

    /// One input of the fuzzer.
    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length == 0) {
            return;
        }
        var type = TYPES.get((input[0] & 0xFF) % TYPES.size());
        // Canonical forms are for texts: an address has more than one.
        boolean hasOneEncoding = type != TYPES.getLast();
        check(type, Arrays.copyOfRange(input, 1, input.length), hasOneEncoding);
    }

    /// @param hasOneEncoding whether what is encoded must be the bytes that were decoded
    public static <M> void check(MessageType<M> type, byte[] bytes, boolean hasOneEncoding) {
        var message = read(type, bytes);
        if (message == null) {
            return;
        }
        var encoded = bytes(type, message);
        if (hasOneEncoding) {
            Check.that(Arrays.equals(bytes, encoded), "another encoding of the same message");
        }
        var again = type.readFully(new WireReader(encoded));
        Check.that(Arrays.equals(encoded, bytes(type, again)), "decoded and encoded once more");
    }

    private static <M> byte[] bytes(MessageType<M> type, M message) {
        var out = new WireWriter(64);
        type.write(out, message);
        return out.toByteArray();
    }

    /// The message, from the middle of a larger array, or null if the bytes are malformed.
    private static <M> M read(MessageType<M> type, byte[] bytes) {
        var array = new byte[bytes.length + 2 * MARGIN];
        System.arraycopy(bytes, 0, array, MARGIN, bytes.length);
        try {
            return Check.bounded(
                    bytes.length,
                    () -> type.readFully(new WireReader(array, MARGIN, bytes.length)));
        } catch (WireFormatException e) {
            Check.that(
                    e.offset() >= 0 && e.offset() <= bytes.length,
                    "offset " + e.offset() + " of " + bytes.length);
            return null;
        }
    }
}

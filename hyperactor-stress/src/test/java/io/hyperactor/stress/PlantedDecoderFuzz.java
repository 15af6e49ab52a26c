package io.hyperactor.stress;

import java.nio.ByteBuffer;
import java.util.Arrays;

/// A decoder with a bug that the fuzzer must find: texts behind a magic, each as long as its first
/// byte says. One that is long and ends the input may reach beyond its end.
public final class PlantedDecoderFuzz {
    private static final int MAGIC = 0x48595052;

    private PlantedDecoderFuzz() {}

    /// One input of the fuzzer.
    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length < 6 || ByteBuffer.wrap(input).getInt() != MAGIC || input[4] != 1) {
            return;
        }
        for (int at = 5; at < input.length; ) {
            int length = input[at++] & 0xFF;
            if (length > input.length - at && length < 0x80) { // should be without the second half
                return;
            }
            byte[] text = Arrays.copyOfRange(input, at, at + length);
            Check.that(at + text.length <= input.length, "a text beyond the end");
            at += length;
        }
    }
}

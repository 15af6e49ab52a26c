package io.hyperactor.wire;

import io.hyperactor.stress.Check;

import java.nio.charset.StandardCharsets;

/// Texts out of a fuzzer's bytes, and what holds for each parser.
final class FuzzedTexts {
    private FuzzedTexts() {}

    /// UTF-8; behind a byte 0xFF, which no UTF-8 has, plain UTF-16 units, so that there can be
    /// halves of surrogate pairs.
    static String text(byte[] input) {
        if (input.length == 0 || input[0] != (byte) 0xFF) {
            return new String(input, StandardCharsets.UTF_8);
        }
        var text = new StringBuilder();
        for (int i = 1; i + 1 < input.length; i += 2) {
            text.append((char) ((input[i] << 8) | (input[i + 1] & 0xFF)));
        }
        return text.toString();
    }

    /// A refusal names a place in the text that was given, on one line.
    static void checkRefusal(AddressSyntaxException refusal, String text) {
        Check.same(text, refusal.text(), "text of the refusal");
        Check.that(
                refusal.position() >= 0 && refusal.position() <= text.length(),
                "position " + refusal.position());
        var message = refusal.getMessage();
        Check.that(message.length() < 4_000, "message of " + message.length() + " characters");
        Check.that(message.chars().noneMatch(Character::isISOControl), "control character");
    }

    /// What the codec of `type` makes of a value keeps its text.
    static <T> void checkCodec(Class<T> type, T value) {
        var codec = Codecs.standard().type(type);
        var out = new WireWriter(64);
        codec.write(out, value);
        var read = codec.readFully(new WireReader(out.toByteArray()));
        Check.same(value.toString(), read.toString(), "through the codec");
    }
}

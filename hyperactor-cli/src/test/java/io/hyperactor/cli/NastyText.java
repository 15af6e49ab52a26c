package io.hyperactor.cli;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.random.RandomGenerator;

/// Makes texts that are hard to count: odd spaces, broken encodings, control characters, words of
/// any length.
final class NastyText {
    private static final List<String> PIECES =
            List.of(
                    "a",
                    "Z",
                    "~",
                    "!",
                    "word",
                    "\u00e9",
                    "\u4e2d",
                    "\ud83d\ude00",
                    "\u00a0",
                    "\u00ad",
                    "\u200b",
                    "\u2003",
                    "\u2007",
                    "\u2028",
                    "\u202f",
                    "\u2060",
                    "\u3000",
                    "\ufeff",
                    "\u0085",
                    "\ue000",
                    "\u0378",
                    " ",
                    "  ",
                    "\n",
                    "\r\n",
                    "\t",
                    "\u000b",
                    "\f",
                    "\0",
                    "\u0001",
                    "\u001b",
                    "\u007f");
    private static final List<byte[]> BROKEN =
            List.of(
                    new byte[] {(byte) 0x80},
                    new byte[] {(byte) 0xff},
                    new byte[] {(byte) 0xc0, (byte) 0xaf},
                    new byte[] {(byte) 0xe2, (byte) 0x82},
                    new byte[] {(byte) 0xf0, (byte) 0x9f, (byte) 0x98},
                    new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80},
                    new byte[] {(byte) 0xf4, (byte) 0x90, (byte) 0x80, (byte) 0x80},
                    new byte[] {(byte) 0xf8, (byte) 0x88, (byte) 0x80, (byte) 0x80, (byte) 0x80});

    private NastyText() {}

    /// A text of up to `pieces` pieces.
    static byte[] make(RandomGenerator random, int pieces) {
        var text = new ByteArrayOutputStream();
        int count = random.nextInt(pieces + 1);
        for (int i = 0; i < count; i++) {
            switch (random.nextInt(12)) {
                case 0 -> text.writeBytes(BROKEN.get(random.nextInt(BROKEN.size())));
                case 1 -> text.write(random.nextInt(256));
                case 2 ->
                        text.writeBytes(
                                "x".repeat(random.nextInt(40)).getBytes(StandardCharsets.UTF_8));
                default ->
                        text.writeBytes(
                                PIECES.get(random.nextInt(PIECES.size()))
                                        .getBytes(StandardCharsets.UTF_8));
            }
        }
        return text.toByteArray();
    }
}

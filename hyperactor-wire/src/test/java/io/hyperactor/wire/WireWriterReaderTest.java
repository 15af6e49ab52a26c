package io.hyperactor.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Function;

class WireWriterReaderTest {

    private static byte[] written(Consumer<WireWriter> write) {
        var out = new WireWriter(0);
        write.accept(out);
        return out.toByteArray();
    }

    private static String hex(Consumer<WireWriter> write) {
        return HexFormat.of().formatHex(written(write));
    }

    private static WireReader reader(String hex) {
        return new WireReader(HexFormat.of().parseHex(hex));
    }

    private static void assertMalformed(String hex, Function<WireReader, ?> read, String why) {
        assertThatExceptionOfType(WireFormatException.class)
                .as(hex)
                .isThrownBy(() -> read.apply(reader(hex)))
                .withMessageContaining(why);
    }

    @Test
    void theBytesOfEveryPrimitiveAreFixed() {
        assertThat(hex(out -> out.writeBoolean(true))).isEqualTo("01");
        assertThat(hex(out -> out.writeByte(-2))).isEqualTo("fe");
        assertThat(hex(out -> out.writeShort(-2))).isEqualTo("fffe");
        assertThat(hex(out -> out.writeChar('€'))).isEqualTo("20ac");
        assertThat(hex(out -> out.writeInt(0x01020304))).isEqualTo("01020304");
        assertThat(hex(out -> out.writeLong(0x0102030405060708L))).isEqualTo("0102030405060708");
        assertThat(hex(out -> out.writeFloat(1))).isEqualTo("3f800000");
        assertThat(hex(out -> out.writeDouble(-2))).isEqualTo("c000000000000000");
        assertThat(hex(out -> out.writeString("aé€😀"))).isEqualTo("0a61c3a9e282acf09f9880");
        assertThat(hex(out -> out.writeBytes(new byte[] {1, 2}))).isEqualTo("020102");
        assertThat(hex(out -> out.writeRaw(new byte[] {1, 2, 3}, 1, 2))).isEqualTo("0203");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 00",
        "1, 01",
        "127, 7f",
        "128, 8001",
        "16383, ff7f",
        "16384, 808001",
        "2097151, ffff7f",
        "268435455, ffffff7f",
        "268435456, 8080808001",
        "2147483647, ffffffff07",
        "-1, ffffffff0f"
    })
    void aVarintTakesAsManyBytesAsItNeeds(int value, String hex) {
        assertThat(hex(out -> out.writeVarint(value))).isEqualTo(hex);
        assertThat(reader(hex).readVarint()).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"8000", "808000", "ffffffff10", "ffffffff1f", "ffffffffff", "ffffffff8f01"})
    void aVarintInAnotherFormThanTheShortestIsRefused(String hex) {
        assertMalformed(hex, WireReader::readVarint, "a varint that is too long");
    }

    @Test
    void whatWasWrittenIsReadBack() {
        Seeded.run(3_000, WireWriterReaderTest::roundTrip);
    }

    private static void roundTrip(Random random) {
        var out = new WireWriter(random.nextInt(20));
        var checks = new ArrayList<Consumer<WireReader>>();
        for (int i = random.nextInt(12); i >= 0; i--) {
            checks.add(writeOne(random, out));
        }
        var bytes = out.toByteArray();
        var padded = new byte[bytes.length + 9];
        System.arraycopy(bytes, 0, padded, 4, bytes.length);

        for (var in : List.of(new WireReader(bytes), new WireReader(padded, 4, bytes.length))) {
            checks.forEach(check -> check.accept(in));
            assertThat(in.remaining()).isZero();
            in.requireEnd();
        }
    }

    private static Consumer<WireReader> writeOne(Random random, WireWriter out) {
        long bits = random.nextLong() >> random.nextInt(64);
        var text = Seeded.text(random);
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        return switch (random.nextInt(11)) {
            case 0 -> {
                out.writeBoolean((bits & 1) == 1);
                yield in -> assertThat(in.readBoolean()).isEqualTo((bits & 1) == 1);
            }
            case 1 -> {
                out.writeByte((int) bits);
                yield in -> assertThat(in.readByte()).isEqualTo((byte) bits);
            }
            case 2 -> {
                out.writeShort((int) bits);
                yield in -> assertThat(in.readShort()).isEqualTo((short) bits);
            }
            case 3 -> {
                out.writeChar((char) bits);
                yield in -> assertThat(in.readChar()).isEqualTo((char) bits);
            }
            case 4 -> {
                out.writeInt((int) bits);
                yield in -> assertThat(in.readInt()).isEqualTo((int) bits);
            }
            case 5 -> {
                out.writeLong(bits);
                yield in -> assertThat(in.readLong()).isEqualTo(bits);
            }
            case 6 -> {
                out.writeFloat(Float.intBitsToFloat((int) bits));
                yield in ->
                        assertThat(Float.floatToRawIntBits(in.readFloat())).isEqualTo((int) bits);
            }
            case 7 -> {
                out.writeDouble(Double.longBitsToDouble(bits));
                yield in -> assertThat(Double.doubleToRawLongBits(in.readDouble())).isEqualTo(bits);
            }
            case 8 -> {
                out.writeVarint((int) bits);
                yield in -> assertThat(in.readVarint()).isEqualTo((int) bits);
            }
            case 9 -> {
                out.writeString(text);
                yield in -> assertThat(in.readString()).isEqualTo(text);
            }
            default -> {
                out.writeBytes(bytes);
                yield in -> assertThat(in.readBytes()).isEqualTo(bytes);
            }
        };
    }

    @Test
    void textTakesTheBytesThatTheJdkGivesIt() {
        Seeded.run(
                20_000,
                random -> {
                    var text = Seeded.text(random);
                    var in = new WireReader(written(out -> out.writeString(text)));

                    assertThat(in.readBytes()).isEqualTo(text.getBytes(StandardCharsets.UTF_8));
                });
    }

    @Test
    void textOfAnyLengthRoundTrips() {
        for (int length : new int[] {0, 1, 127, 128, 16_383, 16_384, 100_000}) {
            for (var unit : new String[] {"x", "é", "€"}) {
                var text = unit.repeat(length);
                assertThat(new WireReader(written(out -> out.writeString(text))).readString())
                        .isEqualTo(text);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\ud800", "\udc00", "a\udc00\ud800", "é\ud800x", "\ud800\ud800\udc00"})
    void halfASurrogatePairHasNoEncoding(String text) {
        assertThatExceptionOfType(EncodeException.class)
                .isThrownBy(() -> new WireWriter(9).writeString(text))
                .withMessageStartingWith("text with half a surrogate pair at ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0180",
                "01ff",
                "02c080",
                "02c1bf",
                "01c3",
                "02c328",
                "03e08080",
                "03eda080",
                "03edbfbf",
                "02e282",
                "04f0808080",
                "04f4908080",
                "04f09f98",
                "05f888808080",
                "0461ff6162"
            })
    void malformedTextIsRefused(String hex) {
        assertThatExceptionOfType(WireFormatException.class)
                .isThrownBy(() -> reader(hex).readString())
                .isInstanceOf(WireFormatException.class);
    }

    @Test
    void malformedTextIsRefusedExactlyWhenTheJdkRefusesIt() {
        Seeded.run(
                20_000,
                random -> {
                    var bytes = Seeded.text(random).getBytes(StandardCharsets.UTF_8);
                    if (bytes.length > 0) {
                        bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
                    }
                    var text = new String(bytes, StandardCharsets.UTF_8);
                    boolean isValid = Arrays.equals(text.getBytes(StandardCharsets.UTF_8), bytes);
                    var in = new WireReader(written(out -> out.writeBytes(bytes)));

                    if (isValid) {
                        assertThat(in.readString()).isEqualTo(text);
                    } else {
                        assertThatExceptionOfType(WireFormatException.class)
                                .isThrownBy(in::readString)
                                .withMessageStartingWith("malformed UTF-8 at byte ");
                    }
                });
    }

    @Test
    void aReplacementCharacterThatWasSentIsNoError() {
        var text = "a\ufffdb";

        assertThat(new WireReader(written(out -> out.writeString(text))).readString())
                .isEqualTo(text);
    }

    @Test
    void aBooleanIsZeroOrOne() {
        assertMalformed("02", WireReader::readBoolean, "a boolean that is neither 0 nor 1");
        assertMalformed("ff", WireReader::readBoolean, "a boolean");
    }

    @Test
    void aLengthIsComparedWithWhatIsLeft() {
        assertMalformed(
                "03aabb", WireReader::readBytes, "a length of 3 with 2 bytes left at byte 1");
        assertMalformed("03aabb", WireReader::readString, "a length of 3");
        assertMalformed("ffffffff07", WireReader::readBytes, "a length of 2147483647 with 0");
        assertMalformed("ffffffff0f", WireReader::readBytes, "a length of 4294967295 with 0");
        assertMalformed("ffffffff0f", WireReader::readString, "a length of 4294967295 with 0");
    }

    @Test
    void theEndIsAnErrorThatSaysHowMuchIsMissingAndWhere() {
        var in = new WireReader(new byte[20], 8, 6);
        in.readInt();

        assertThatExceptionOfType(WireFormatException.class)
                .isThrownBy(in::readInt)
                .withMessage("the end, 4 bytes expected at byte 4")
                .satisfies(e -> assertThat(e.offset()).isEqualTo(4));
        assertThatExceptionOfType(WireFormatException.class).isThrownBy(() -> in.skip(3));
        assertThatExceptionOfType(WireFormatException.class).isThrownBy(() -> in.skip(-1));
        in.skip(2);
        assertThat(in.position()).isEqualTo(14);
    }

    @Test
    void whatIsLeftOverIsAnErrorOnRequest() {
        var in = new WireReader(new byte[5]);
        in.readInt();

        assertThatExceptionOfType(WireFormatException.class)
                .isThrownBy(in::requireEnd)
                .withMessage("1 bytes too many at byte 4");
    }

    @Test
    void aReaderStartsOverWithOtherBytes() {
        var in = new WireReader(new byte[0]);
        in.reset(new byte[] {9, 9, 7, 8}, 2, 2);

        assertThat(in.readShort()).isEqualTo((short) 0x0708);
        assertThat(in.remaining()).isZero();
        assertThatExceptionOfType(IndexOutOfBoundsException.class)
                .isThrownBy(() -> in.reset(new byte[3], 2, 2));
    }

    @Test
    void rawBytesAreCopiedWithinBounds() {
        var target = new byte[4];
        reader("010203").readRaw(target, 1, 3);

        assertThat(target).containsExactly(0, 1, 2, 3);
        assertThatExceptionOfType(IndexOutOfBoundsException.class)
                .isThrownBy(() -> reader("010203").readRaw(target, 2, 3));
        assertThatExceptionOfType(IndexOutOfBoundsException.class)
                .isThrownBy(() -> new WireWriter(1).writeRaw(target, 2, 3));
        assertThatExceptionOfType(WireFormatException.class)
                .isThrownBy(() -> reader("01").readRaw(target, 0, 2));
    }

    @Test
    void aWriterAppendsToAGivenArray() {
        var array = new byte[] {1, 2, 3, 4};
        var out = new WireWriter(array, 1);
        out.writeByte(9);

        assertThat(out.array()).isSameAs(array);
        assertThat(out.toByteArray()).containsExactly(1, 9);
        assertThatExceptionOfType(IndexOutOfBoundsException.class)
                .isThrownBy(() -> new WireWriter(array, 5));
    }

    @Test
    void thePositionTakesBackAndPatches() {
        var out = new WireWriter(0);
        out.writeInt(0);
        out.writeLong(1);
        int end = out.position();
        out.position(0);
        out.writeInt(end - 4);
        out.position(end);

        assertThat(out.toByteArray()).containsExactly(0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 1);
        assertThatExceptionOfType(IndexOutOfBoundsException.class)
                .isThrownBy(() -> out.position(-1));
    }

    /// Takes the frame that does not fit into a chunk to the next one, as a session does.
    private static final class Chunks extends WireWriter {
        final List<byte[]> full = new ArrayList<>();
        private int frame;

        Chunks() {
            super(new byte[8], 0);
        }

        void startFrame() {
            frame = position();
        }

        @Override
        protected void grow(int needed) {
            int begun = position() - frame;
            var next = new byte[3 + begun + Math.max(8, needed)];
            System.arraycopy(array(), frame, next, 3, begun);
            full.add(Arrays.copyOf(array(), frame));
            replace(next, 3 + begun);
            frame = 3;
        }
    }

    @Test
    void aSubclassDecidesWhereTheBytesGo() {
        var out = new Chunks();
        out.startFrame();
        out.writeInt(1);
        out.startFrame();
        out.writeByte(9);
        out.writeLong(2);
        out.startFrame();
        out.writeByte(10);
        out.writeString("é".repeat(20));

        assertThat(out.full.get(0)).containsExactly(0, 0, 0, 1);
        assertThat(out.full.get(1)).containsExactly(0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0, 2);
        var in = new WireReader(out.array(), 3, out.position() - 3);
        assertThat(in.readByte()).isEqualTo((byte) 10);
        assertThat(in.readString()).isEqualTo("é".repeat(20));
    }
}

package io.hyperactor.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.management.ThreadMXBean;

import io.hyperactor.wire.Protocols.Everything;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

class MalformedInputTest {

    private static final MessageType<Everything> EVERYTHING =
            Codecs.standard().type(Everything.class);
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static byte[] randomBytes(Random random) {
        var out = new WireWriter(256);
        EVERYTHING.write(out, new RandomValues(random).of(Everything.class));
        return out.toByteArray();
    }

    private static byte[] encoded(Everything value) {
        var out = new WireWriter(256);
        EVERYTHING.write(out, value);
        return out.toByteArray();
    }

    @Test
    void aMessageCutAnywhereIsMalformedAndNothingWorse() {
        Seeded.run(
                12,
                random -> {
                    var bytes = randomBytes(random);
                    for (int length = 0; length < bytes.length; length++) {
                        // In an array of its own, so that leaving the range would show.
                        var cut = new WireReader(Arrays.copyOf(bytes, length));
                        assertThatExceptionOfType(WireFormatException.class)
                                .isThrownBy(() -> EVERYTHING.read(cut))
                                .satisfies(e ->
                                        assertThat(e.offset()).isBetween(0, cut.array().length));
                    }
                });
    }

    @Test
    void aReaderNeverLeavesItsRange() {
        Seeded.run(
                300,
                random -> {
                    var bytes = randomBytes(random);
                    var longer = Arrays.copyOf(bytes, bytes.length + 100);
                    int length = random.nextInt(bytes.length);

                    assertThatExceptionOfType(WireFormatException.class)
                            .isThrownBy(() -> EVERYTHING.read(new WireReader(longer, 0, length)));
                });
    }

    @Test
    void damagedMessagesAreMalformedOrAreMessages() {
        Seeded.run(
                3_000,
                random -> {
                    var bytes = randomBytes(random);
                    for (int i = random.nextInt(4); i >= 0; i--) {
                        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
                    }
                    checkRefusedOrStable(bytes);
                });
    }

    @Test
    void noiseIsMalformedOrAMessage() {
        Seeded.run(
                20_000,
                random -> {
                    var bytes = new byte[random.nextInt(200)];
                    random.nextBytes(bytes);
                    checkRefusedOrStable(bytes);
                });
    }

    private static void checkRefusedOrStable(byte[] bytes) {
        Everything value;
        long before = THREADS.getCurrentThreadAllocatedBytes();
        try {
            value = EVERYTHING.read(new WireReader(bytes));
        } catch (WireFormatException expected) {
            return;
        } finally {
            long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
            // the first value of a type also pays for the generation of its codec
            assertThat(allocated).isLessThan(2_000_000 + 200L * bytes.length);
        }
        var again = encoded(value);
        assertThat(encoded(EVERYTHING.read(new WireReader(again)))).isEqualTo(again);
    }

    record Nested(List<Nested> list) {}

    record Sets(Set<Set<Long>> sets) {}

    record Maps(Map<Long, Map<Long, Long>> maps) {}

    @Test
    void promisedElementsAreNotPaidForBeforeTheyArrive() {
        // Each level promises as many elements as there are bytes left, which alone would be 64
        // times 4 MB.
        var out = new WireWriter(1_000_000);
        for (int i = 0; i < 64; i++) {
            out.writeVarint(900_000);
        }
        out.position(1_000_000 - 1);
        out.writeByte(0x80);
        for (var type : List.of(Nested.class, Sets.class, Maps.class)) {
            var messages = Codecs.standard().type(type);
            long before = THREADS.getCurrentThreadAllocatedBytes();

            assertThatExceptionOfType(WireFormatException.class)
                    .isThrownBy(() -> messages.readFully(new WireReader(out.toByteArray())));
            assertThat(THREADS.getCurrentThreadAllocatedBytes() - before).isLessThan(64_000_000);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 100, 1_000_000_000, Integer.MAX_VALUE, -1, Integer.MIN_VALUE})
    void aCountBeyondTheBytesIsRefused(int count) {
        for (var type : List.of(Nested.class, Sets.class, Maps.class)) {
            var out = new WireWriter(9);
            out.writeVarint(count);
            out.writeByte(0);

            assertThatExceptionOfType(WireFormatException.class)
                    .isThrownBy(() ->
                            Codecs.standard().type(type).read(new WireReader(out.toByteArray())))
                    .withMessageStartingWith(
                            "a length of "
                                    + Integer.toUnsignedString(count)
                                    + " with 1 bytes left");
        }
    }

    record Numbers(Set<Integer> set, Map<Integer, Boolean> map) {}

    @Test
    void elementsAndKeysThatComeTwiceAreRefused() {
        var numbers = Codecs.standard().type(Numbers.class);

        assertThatExceptionOfType(WireFormatException.class)
                .isThrownBy(() ->
                        numbers.read(new WireReader(new byte[] {2, 0, 0, 0, 7, 0, 0, 0, 7, 0})))
                .withMessageContaining("Numbers.set contains an element twice");
        assertThatExceptionOfType(WireFormatException.class)
                .isThrownBy(() ->
                        numbers.read(
                                new WireReader(new byte[] {0, 2, 0, 0, 0, 7, 1, 0, 0, 0, 7, 0})))
                .withMessageContaining("Numbers.map contains a key twice");
    }

    /// All on a line of one hash code: 31 * x + y.
    record Point(int x, int y) {}

    record Points(Set<Point> set, Map<Point, Boolean> map) {}

    record PackedNumbers(Set<Long> set) {}

    private static Set<Point> line(int points) {
        var line = new LinkedHashSet<Point>();
        for (int x = 0; x < points; x++) {
            line.add(new Point(x, -31 * x));
        }
        return line;
    }

    private static byte[] bytes(Points points) {
        var out = new WireWriter(64);
        Codecs.standard().type(Points.class).write(out, points);
        return out.toByteArray();
    }

    private static Map<Point, Boolean> mapped(Set<Point> points) {
        var map = new LinkedHashMap<Point, Boolean>();
        points.forEach(point -> map.put(point, true));
        return map;
    }

    @Test
    void elementsAndKeysOfOneHashCodeAreTakenAsFarAsTheirBytesAreWorthIt() {
        var type = Codecs.standard().type(Points.class);
        // 8 bytes each, and every one compared with all the others: 8 * n * (n - 1)
        int most = 396;
        var good = new Points(line(most), Map.of());
        assertThat(type.readFully(new WireReader(bytes(good)))).isEqualTo(good);
        for (var bad :
                List.of(
                        new Points(line(most + 1), Map.of()),
                        new Points(line(most), mapped(line(300))),
                        new Points(line(2), mapped(line(most + 10))))) {
            assertThatExceptionOfType(WireFormatException.class)
                    .isThrownBy(() -> type.readFully(new WireReader(bytes(bad))))
                    .withMessageContaining("of one hash code");
        }
    }

    @Test
    void whoeverMakesHashCodesEqualIsRefusedSoon() {
        // Takes minutes if all are compared with all. No limit of time: that is the test's own.
        var type = Codecs.standard().type(Points.class);
        byte[] many = new byte[2 + 3 + 1_000_000 * 8];
        var out = new WireWriter(many, 0);
        out.writeVarint(1_000_000);
        for (int x = 0; x < 1_000_000; x++) {
            out.writeInt(x);
            out.writeInt(-31 * x);
        }
        out.writeVarint(0);
        assertThatExceptionOfType(WireFormatException.class)
                .isThrownBy(() -> type.readFully(new WireReader(out.array(), 0, out.position())))
                .withMessageContaining("of one hash code");
    }

    @Test
    void whoRepeatsOneElementIsRefusedBeforeAllAreRead() {
        var type = Codecs.standard().type(Points.class);
        var out = new WireWriter(8_000_010);
        out.writeVarint(1_000_000);
        out.writeRaw(new byte[8_000_000], 0, 8_000_000);
        out.writeVarint(0);
        var in = new WireReader(out.array(), 0, out.position());
        assertThatExceptionOfType(WireFormatException.class).isThrownBy(() -> type.readFully(in));
        assertThat(in.position()).isLessThan(1_000_000);
    }

    @Test
    void whatIsSpreadOrOrderedIsTakenHoweverMuchItIs() {
        var points = new LinkedHashSet<Point>();
        for (int x = 0; x < 500; x++) {
            for (int y = 0; y < 500; y++) {
                points.add(new Point(x, y)); // up to 17 of one hash code
            }
        }
        var value = new Points(points, mapped(points));
        assertThat(Codecs.standard().type(Points.class).readFully(new WireReader(bytes(value))))
                .isEqualTo(value);
        var numbers = new LinkedHashSet<Long>();
        for (long i = 0; i < 50_000; i++) {
            numbers.add(i << 32 | i); // all of one hash code, but ordered
        }
        var out = new WireWriter(64);
        var type = Codecs.standard().type(PackedNumbers.class);
        type.write(out, new PackedNumbers(numbers));
        assertThat(type.readFully(new WireReader(out.toByteArray())).set()).isEqualTo(numbers);
    }

    private static final AtomicInteger BUILT = new AtomicInteger();

    record Loud(int value) {
        Loud {
            BUILT.incrementAndGet();
        }
    }

    sealed interface Older {
        record A(Loud loud) implements Older {}
    }

    sealed interface Newer {
        record A(Loud loud) implements Newer {}

        record B(Loud loud) implements Newer {}
    }

    @Test
    void aForeignTagIsRefusedBeforeAnythingIsDecoded() {
        var out = new WireWriter(9);
        Codecs.standard().type(Newer.class).write(out, new Newer.B(new Loud(1)));
        var older = Codecs.standard().type(Older.class);
        int built = BUILT.get();

        assertThatExceptionOfType(WireFormatException.class)
                .isThrownBy(() -> older.read(new WireReader(out.toByteArray())))
                .withMessage("tag 1 is not part of MalformedInputTest.Older at byte 1");
        assertThat(BUILT).hasValue(built);

        out.array()[0] = 0; // with a tag of the protocol the same bytes do decode
        assertThat(older.readFully(new WireReader(out.toByteArray())))
                .isEqualTo(new Older.A(new Loud(1)));
        assertThat(BUILT.get()).isGreaterThan(built);
    }

    @Test
    void aForeignConstantIsRefused() {
        assertThatExceptionOfType(WireFormatException.class)
                .isThrownBy(() ->
                        Codecs.standard()
                                .type(Protocols.Color.class)
                                .read(new WireReader(new byte[] {2})))
                .withMessage("constant 2 is not part of Protocols.Color at byte 1");
    }

    @Test
    void timesOutOfRangeAreRefused() {
        var out = new WireWriter(12);
        out.writeLong(0);
        out.writeInt(1_000_000_000);
        for (var type : List.of(java.time.Duration.class, java.time.Instant.class)) {
            assertThatExceptionOfType(WireFormatException.class)
                    .isThrownBy(() ->
                            Codecs.standard().type(type).read(new WireReader(out.toByteArray())))
                    .withMessageStartingWith("1000000000 nanoseconds of a second");
        }
        out.position(0);
        out.writeLong(Long.MAX_VALUE);
        out.writeInt(0);
        assertThatExceptionOfType(WireFormatException.class)
                .isThrownBy(() ->
                        Codecs.standard()
                                .type(java.time.Instant.class)
                                .read(new WireReader(out.toByteArray())))
                .withMessageStartingWith("an instant out of range");
    }
}

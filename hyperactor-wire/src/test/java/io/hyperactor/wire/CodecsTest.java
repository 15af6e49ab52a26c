package io.hyperactor.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.hyperactor.wire.Protocols.Color;
import io.hyperactor.wire.Protocols.Counter;
import io.hyperactor.wire.Protocols.Everything;
import io.hyperactor.wire.Protocols.Expression;
import io.hyperactor.wire.Protocols.Pair;
import io.hyperactor.wire.Protocols.Result;
import io.hyperactor.wire.Protocols.Shape;
import io.hyperactor.wire.Protocols.Tree;

import org.junit.jupiter.api.Test;

import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;

class CodecsTest {

    private static final Codecs CODECS = Codecs.standard();

    private static <M> byte[] bytes(MessageType<M> type, M message) {
        var out = new WireWriter(0);
        type.write(out, message);
        return out.toByteArray();
    }

    private static <M> String hex(Class<M> type, M message) {
        return HexFormat.of().formatHex(bytes(CODECS.type(type), message));
    }

    private static <M> M read(Class<M> type, String hex) {
        return CODECS.type(type).readFully(new WireReader(HexFormat.of().parseHex(hex)));
    }

    private static Type componentType(Class<?> record, int component) {
        return record.getRecordComponents()[component].getGenericType();
    }

    @SuppressWarnings("unchecked") // the caller knows what the type is
    private static Object roundTrip(Type type, Object value) {
        var messages = (MessageType<Object>) CODECS.type(type);
        return messages.readFully(new WireReader(bytes(messages, value)));
    }

    @Test
    void aSealedInterfaceIsItsTagAndTheComponentsInOrder() {
        assertThat(hex(Counter.class, new Counter.Add(1, "hi")))
                .isEqualTo("000000000000000001026869");
        assertThat(hex(Counter.class, new Counter.Reset())).isEqualTo("01");
        assertThat(hex(Shape.class, new Shape.Circle(0))).isEqualTo("000000000000000000");
        assertThat(hex(Shape.class, new Shape.Polygon.Square(0))).isEqualTo("01000000000000000000");
        assertThat(read(Shape.class, "0101" + "00".repeat(24)))
                .isEqualTo(new Shape.Polygon.Triangle(0, 0, 0));
    }

    record Times(Duration duration, Instant instant, UUID uuid) {}

    record Group(
            List<Integer> list, Set<Byte> set, Map<Byte, Boolean> map, Optional<Color> color) {}

    @Test
    void theBytesOfEveryTypeAreFixed() {
        assertThat(hex(Times.class, new Times(Duration.ofNanos(-1), Instant.EPOCH, new UUID(1, 2))))
                .isEqualTo(
                        "ffffffffffffffff3b9ac9ff"
                                + "000000000000000000000000"
                                + "00000000000000010000000000000002");
        assertThat(
                        hex(
                                Group.class,
                                new Group(
                                        List.of(1, 2),
                                        Set.of((byte) 3),
                                        Map.of((byte) 4, true),
                                        Optional.of(Color.GREEN))))
                .isEqualTo("02" + "0000000100000002" + "0103" + "010401" + "0101");
        assertThat(hex(Group.class, new Group(List.of(), Set.of(), Map.of(), Optional.empty())))
                .isEqualTo("00000000");
        assertThat(hex(ChannelAddress.class, new ChannelAddress.Local(7)))
                .isEqualTo("000000000000000007");
        assertThat(hex(ChannelAddress.class, new ChannelAddress.Unix("/a"))).isEqualTo("01022f61");
        assertThat(hex(ChannelAddress.class, ChannelAddress.parse("tcp:[::1]:80")))
                .isEqualTo("02033a3a310050");
        assertThat(hex(ChannelAddress.class, ChannelAddress.parse("metaquic:a:65535")))
                .isEqualTo("060161ffff");
        assertThat(hex(ChannelAddress.class, ChannelAddress.parse("tcp:a:1@tcp:b:2")))
                .isEqualTo("0701610001" + "01620002");
        assertThat(hex(PortId.class, PortId.parse("unix:/a,p,a[300][7]")))
                .isEqualTo("01022f61" + "0170" + "0161" + "ac02" + "0000000000000007");
    }

    @Test
    void anyValueOfAnyTypeIsReadBack() {
        var type = CODECS.type(Everything.class);
        Seeded.run(
                2_000,
                random -> {
                    var value = new RandomValues(random).of(Everything.class);
                    var bytes = bytes(type, value);
                    var copy = type.readFully(new WireReader(bytes));

                    assertThat(copy).isEqualTo(value);
                    assertThat(bytes(type, copy)).isEqualTo(bytes);
                });
    }

    @Test
    void aByteArrayIsCopied() {
        var blob = new Protocols.Blob(new byte[] {1, 2, 3});
        var copy = (Protocols.Blob) roundTrip(Protocols.Blob.class, blob);

        assertThat(copy.bytes()).containsExactly(1, 2, 3).isNotSameAs(blob.bytes());
        assertThat(CODECS.type(Protocols.Blob.class).signature()).isEqualTo("Blob(byte[])");
    }

    @Test
    void whatRemainsInABufferIsWrittenLikeAnArrayAndTheBufferStaysAsItWas() {
        var whole = ByteBuffer.wrap(new byte[] {9, 1, 2, 3, 9}, 1, 3);
        var direct = ByteBuffer.allocateDirect(3).put(whole.duplicate()).flip();
        for (var buffer : List.of(whole, direct, whole.asReadOnlyBuffer(), whole.slice())) {
            int position = buffer.position();
            var bytes = bytes(CODECS.type(Buffers.class), new Buffers(buffer, List.of(buffer)));
            var copy = read(Buffers.class, hex(Buffers.class, new Buffers(buffer, List.of())));

            assertThat(bytes)
                    .isEqualTo(
                            bytes(
                                    CODECS.type(ByteArrays.class),
                                    new ByteArrays(
                                            new byte[] {1, 2, 3}, List.of(new byte[] {1, 2, 3}))));
            assertThat(buffer.position()).isEqualTo(position);
            assertThat(copy.buffer()).isEqualTo(whole);
            assertThat(copy.buffer().array()).containsExactly(1, 2, 3);
        }
        assertThat(CODECS.type(ByteBuffer.class).hash())
                .isEqualTo(CODECS.type(byte[].class).hash());
    }

    record Buffers(ByteBuffer buffer, List<ByteBuffer> list) {}

    @SuppressWarnings("ArrayRecordComponent") // byte[] has a codec
    record ByteArrays(byte[] buffer, List<byte[]> list) {}

    @Test
    void idsAndAddressesComeBackEqual() {
        var type = CODECS.type(PortId.class);
        Seeded.run(
                5_000,
                random -> {
                    var port = Seeded.port(random);

                    assertThat(type.readFully(new WireReader(bytes(type, port)))).isEqualTo(port);
                });
    }

    @Test
    void aBoxIsWrittenLikeWhatIsInIt() {
        assertThat(CODECS.type(Protocols.Boxes.class).signature())
                .isEqualTo("Boxes(boolean,byte,short,char,int,long,float,double)");
        assertThat(
                        bytes(
                                CODECS.type(Protocols.Boxes.class),
                                new Protocols.Boxes(true, (byte) 1, (short) 2, '3', 4, 5L, 6f, 7d)))
                .isEqualTo(
                        bytes(
                                CODECS.type(Protocols.Primitives.class),
                                new Protocols.Primitives(
                                        true, (byte) 1, (short) 2, '3', 4, 5L, 6f, 7d)));
        assertThat(CODECS.type(Long.class).hash()).isEqualTo(CODECS.type(long.class).hash());
        assertThat(roundTrip(Long.class, 5L)).isEqualTo(5L);
        assertThat(roundTrip(long.class, 5L)).isEqualTo(5L);
    }

    @Test
    void collectionsKeepTheirOrderAndCannotBeChanged() {
        var keys = List.of("z", "a", "m", "b", "y");
        var map = new LinkedHashMap<String, List<Integer>>();
        keys.forEach(key -> map.put(key, List.of()));
        var set = new LinkedHashSet<>(List.of(9L, 1L, 5L));
        var value = new Protocols.Collections(keys, set, map, Optional.empty(), List.of());
        var copy = (Protocols.Collections) roundTrip(Protocols.Collections.class, value);

        assertThat(copy.map().keySet()).containsExactlyElementsOf(keys);
        assertThat(copy.set()).containsExactly(9L, 1L, 5L);
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> copy.list().add("x"));
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> copy.set().add(1L));
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> copy.map().clear());
    }

    @Test
    void longCollectionsRoundTrip() {
        var list = new ArrayList<String>();
        var set = new LinkedHashSet<Long>();
        for (int i = 0; i < 5_000; i++) {
            list.add("element " + i);
            set.add((long) i);
        }
        var value = new Protocols.Collections(list, set, Map.of(), Optional.empty(), List.of());

        assertThat(roundTrip(Protocols.Collections.class, value)).isEqualTo(value);
    }

    record Blobs(List<byte[]> list, Optional<byte[]> optional) {}

    @Test
    void byteArraysMayBeElements() {
        var blobs = new Blobs(List.of(new byte[] {1}, new byte[0]), Optional.of(new byte[] {2}));

        assertThat(hex(Blobs.class, blobs)).isEqualTo("02" + "0101" + "00" + "01" + "0102");
        assertThat(read(Blobs.class, "02010100010102").list().getFirst()).containsExactly(1);
    }

    record Results(Result<Long> number, Result<Pair<String, Result<Color>>> nested) {}

    @Test
    void genericSealedInterfacesTakeTheirArguments() {
        var value =
                new Results(
                        new Result.Ok<>(5L),
                        new Result.Ok<>(new Pair<>("x", new Result.Failed<>("no"))));

        assertThat(roundTrip(Results.class, value)).isEqualTo(value);
        assertThat(CODECS.type(componentType(Results.class, 0)).signature())
                .isEqualTo("Result<long>{Ok<long>(long),Failed<long>(String)}");
        assertThat(roundTrip(componentType(Results.class, 0), new Result.Ok<>(7L)))
                .isEqualTo(new Result.Ok<>(7L));
    }

    record OnlyStrings(Result2<String> result) {}

    sealed interface Result2<T> {
        record Num(int value) implements Result2<Integer> {}

        record Ok<X>(X value) implements Result2<X> {}
    }

    @Test
    void aSubtypeMayNameItsParametersOtherwiseOrHaveNone() {
        assertThat(CODECS.type(OnlyStrings.class).signature())
                .isEqualTo("OnlyStrings(Result2<String>{Num(int),Ok<String>(String)})");
        assertThat(roundTrip(OnlyStrings.class, new OnlyStrings(new Result2.Ok<>("x"))))
                .isEqualTo(new OnlyStrings(new Result2.Ok<>("x")));
    }

    sealed interface Mixed {
        enum Switch implements Mixed {
            OFF,
            ON {
                @Override
                public String toString() {
                    return "on";
                }
            }
        }

        record Level(int value) implements Mixed {}
    }

    @Test
    void anEnumMayBePartOfASealedInterface() {
        assertThat(hex(Mixed.class, Mixed.Switch.ON)).isEqualTo("0001");
        assertThat(read(Mixed.class, "0001")).isSameAs(Mixed.Switch.ON);
        assertThat(CODECS.type(Mixed.class).signature())
                .isEqualTo("Mixed{Switch[OFF,ON],Level(int)}");
    }

    @Test
    void typesMayContainThemselves() {
        var tree = new Tree(1, List.of(new Tree(2, List.of()), new Tree(3, List.of())));
        var sum =
                new Expression.Sum(
                        new Expression.Literal(1),
                        new Expression.Maybe(Optional.of(new Expression.Literal(2))));

        assertThat(roundTrip(Tree.class, tree)).isEqualTo(tree);
        assertThat(roundTrip(Expression.class, sum)).isEqualTo(sum);
    }

    record Wide(
            long a,
            double b,
            long c,
            double d,
            String e,
            long f,
            double g,
            int h,
            byte i,
            Long j,
            Double k,
            long l,
            long m,
            long n,
            long o,
            long p,
            String q,
            String r,
            String s,
            String t) {}

    @Test
    void aRecordMayHaveManyComponents() {
        var wide =
                new Wide(
                        1, 2, 3, 4, "5", 6, 7, 8, (byte) 9, 10L, 11d, 12, 13, 14, 15, 16, "17",
                        "18", "19", "20");

        assertThat(roundTrip(Wide.class, wide)).isEqualTo(wide);
    }

    sealed interface Many {
        record M0() implements Many {}

        record M1() implements Many {}

        record M2() implements Many {}

        record M3() implements Many {}

        record M4() implements Many {}

        record M5() implements Many {}

        record M6() implements Many {}

        record M7() implements Many {}

        record M8() implements Many {}

        record M9(int x) implements Many {}
    }

    @Test
    void everyTagOfALargeProtocolIsFound() throws ReflectiveOperationException {
        var permitted = Many.class.getPermittedSubclasses();
        for (int tag = 0; tag < permitted.length - 1; tag++) {
            var constructor = permitted[tag].getDeclaredConstructor();
            constructor.setAccessible(true);
            var message = (Many) constructor.newInstance();

            assertThat(hex(Many.class, message)).isEqualTo("0" + tag);
            assertThat(roundTrip(Many.class, message)).isEqualTo(message);
        }
    }

    @Test
    void readingLeavesWhatFollowsAndReadingFullyRefusesIt() {
        var type = CODECS.type(Counter.class);
        var in = new WireReader(new byte[] {1, 1});

        assertThat(type.read(in)).isEqualTo(new Counter.Reset());
        assertThat(in.remaining()).isEqualTo(1);
        assertThatExceptionOfType(WireFormatException.class)
                .isThrownBy(() -> type.readFully(new WireReader(new byte[] {1, 1})))
                .withMessage("1 bytes too many at byte 1");
    }

    @Test
    void aTypeIsDerivedOnceAndForWhicheverImplementationOfTheSameType() {
        var type = componentType(Results.class, 0);

        assertThat(CODECS.type(Counter.class)).isSameAs(CODECS.type(Counter.class));
        assertThat(CODECS.type(type)).isSameAs(CODECS.type(type));
        assertThat(CODECS.type(CODECS.type(type).javaType())).isSameAs(CODECS.type(type));
        assertThat(CODECS.type(type).javaType()).isEqualTo(type).hasSameHashCodeAs(type);
        assertThat(type).isEqualTo(CODECS.type(type).javaType());
        assertThat(CODECS.type(Counter.class).javaType()).isEqualTo(Counter.class);
    }

    @Test
    void namesAreForPeople() {
        assertThat(CODECS.type(Counter.Add.class).name()).isEqualTo("Protocols.Counter.Add");
        assertThat(CODECS.type(componentType(Results.class, 1)).name())
                .isEqualTo("Protocols.Result<Pair<String,Result<Color>>>");
        assertThat(CODECS.type(Long.class).name()).isEqualTo("long");
    }

    @Test
    void manyThreadsMayDeriveAndUseTheSameTypes() throws Exception {
        var codecs = Codecs.standard().with(Thread.class, (_, _) -> null);
        Callable<Object> task =
                () -> {
                    var type = codecs.type(Expression.class);
                    var value =
                            new Expression.Sum(
                                    new Expression.Literal(1), new Expression.Literal(2));
                    return type.readFully(new WireReader(bytes(type, value)));
                };
        try (var executor = Executors.newFixedThreadPool(8)) {
            for (var result : executor.invokeAll(java.util.Collections.nCopies(64, task))) {
                assertThat(result.get())
                        .isEqualTo(
                                new Expression.Sum(
                                        new Expression.Literal(1), new Expression.Literal(2)));
            }
        }
    }

    /// A reference to something that takes messages of type `T`.
    @SuppressWarnings("UnusedTypeParameter") // what a codec of its own looks at
    static final class Ref<T> {
        final long id;

        Ref(long id) {
            this.id = id;
        }
    }

    private static Codec<Ref<?>> refCodec(List<Type> arguments, Codecs codecs) {
        return new Codec<>() {
            @Override
            public void write(WireWriter out, Ref<?> ref) {
                out.writeLong(ref.id ^ codecs.type(arguments.getFirst()).hash());
            }

            @Override
            public Ref<?> read(WireReader in) {
                return new Ref<>(in.readLong() ^ codecs.type(arguments.getFirst()).hash());
            }
        };
    }

    sealed interface Node {
        record Join(Ref<Node> peer, List<Ref<List<Long>>> others) implements Node {}
    }

    @Test
    void addedTypesTakePartAndMayReferToTheTypeAroundThem() {
        var codecs = CODECS.with(Ref.class, CodecsTest::refCodec);
        var type = codecs.type(Node.class);
        var message = new Node.Join(new Ref<>(5), List.of(new Ref<>(6)));
        var copy = (Node.Join) type.readFully(new WireReader(bytes(type, message)));

        assertThat(copy.peer().id).isEqualTo(5);
        assertThat(copy.others().getFirst().id).isEqualTo(6);
        assertThat(type.signature()).isEqualTo("Node{Join(Ref<Node>,List<Ref<List<long>>>)}");
    }

    @Test
    void addingATypeLeavesTheOriginalAsItWas() {
        CODECS.with(Ref.class, CodecsTest::refCodec);

        assertThatExceptionOfType(UnsupportedTypeException.class)
                .isThrownBy(() -> CODECS.type(Node.class))
                .withMessage(
                        "CodecsTest.Node.Join.peer: io.hyperactor.wire.CodecsTest$Ref has no codec");
    }

    @Test
    void anAddedTypeReplacesADerivedOneButNoBuiltInOne() {
        var upperCase =
                CODECS.with(
                        Counter.Add.class,
                        (_, _) ->
                                new Codec<Counter.Add>() {
                                    @Override
                                    public void write(WireWriter out, Counter.Add value) {
                                        out.writeByte(42);
                                    }

                                    @Override
                                    public Counter.Add read(WireReader in) {
                                        return new Counter.Add(in.readByte(), "custom");
                                    }
                                });
        var type = upperCase.type(Counter.class);

        assertThat(bytes(type, new Counter.Add(1, "x"))).containsExactly(0, 42);
        assertThat(type.readFully(new WireReader(new byte[] {0, 42})))
                .isEqualTo(new Counter.Add(42, "custom"));
        assertThat(type.signature()).isEqualTo("Counter{Add,Reset(),Get(PortId)}");
        for (var builtIn :
                List.of(String.class, long.class, Long.class, List.class, ActorId.class)) {
            assertThatExceptionOfType(IllegalArgumentException.class)
                    .isThrownBy(() -> CODECS.with(builtIn, (_, _) -> null));
        }
    }

    @Test
    void aFactoryMustNotAskForItsArgumentsWhileATypeIsDerived() {
        var eager =
                CODECS.with(
                        Ref.class,
                        (arguments, codecs) -> {
                            codecs.type(arguments.getFirst());
                            return null;
                        });

        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> eager.type(Node.class))
                .withMessageContaining("before its codec is used");
    }
}

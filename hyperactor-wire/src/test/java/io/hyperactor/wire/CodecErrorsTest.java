package io.hyperactor.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.hyperactor.wire.Protocols.Counter;
import io.hyperactor.wire.Protocols.Expression;
import io.hyperactor.wire.Protocols.Pair;
import io.hyperactor.wire.Protocols.Tree;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Date;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

class CodecErrorsTest {

    private static final Codecs CODECS = Codecs.standard();

    private static <M> void write(Class<M> type, M message) {
        CODECS.type(type).write(new WireWriter(64), message);
    }

    private static void assertUnencodable(Runnable write, String message) {
        assertThatExceptionOfType(EncodeException.class)
                .isThrownBy(write::run)
                .withMessage(message);
    }

    private static void assertUnsupported(Class<?> type, String message) {
        assertThatExceptionOfType(UnsupportedTypeException.class)
                .isThrownBy(() -> CODECS.type(type))
                .withMessage(message)
                .satisfies(e -> assertThat(message).startsWith(e.path() + ": "));
    }

    @Test
    void nullIsRefusedWithTheNameOfRecordAndComponent() {
        assertUnencodable(
                () -> write(Counter.class, new Counter.Add(1, null)),
                "Protocols.Counter.Add.note is null");
        assertUnencodable(
                () -> write(Counter.class, new Counter.Get(null)),
                "Protocols.Counter.Get.replyTo is null");
        assertUnencodable(
                () ->
                        write(
                                Protocols.Boxes.class,
                                new Protocols.Boxes(
                                        true, (byte) 1, (short) 1, 'c', null, 1L, 1f, 1d)),
                "Protocols.Boxes.e is null");
        assertUnencodable(
                () -> write(Tree.class, new Tree(1, null)), "Protocols.Tree.children is null");
        assertUnencodable(() -> write(Counter.class, null), "Protocols.Counter is null");
        assertUnencodable(() -> write(String.class, null), "String is null");
    }

    record Groups(List<String> list, Set<String> set, Map<String, Long> map) {}

    @Test
    void nullInACollectionIsRefusedWithTheNameOfTheComponent() {
        var nullElement = Arrays.asList("a", null);
        var nullKey = new HashMap<String, Long>();
        nullKey.put(null, 1L);
        var nullValue = new HashMap<String, Long>();
        nullValue.put("a", null);

        assertUnencodable(
                () -> write(Groups.class, new Groups(nullElement, Set.of(), Map.of())),
                "CodecErrorsTest.Groups.list contains null");
        assertUnencodable(
                () ->
                        write(
                                Groups.class,
                                new Groups(List.of(), new HashSet<>(nullElement), Map.of())),
                "CodecErrorsTest.Groups.set contains null");
        for (var map : List.of(nullKey, nullValue)) {
            assertUnencodable(
                    () -> write(Groups.class, new Groups(List.of(), Set.of(), map)),
                    "CodecErrorsTest.Groups.map contains null");
        }
    }

    @Test
    void aCollectionThatChangesWhileItIsWrittenIsRefused() {
        var liar =
                new ArrayList<>(List.of("a", "b")) {
                    @Override
                    public int size() {
                        return 3;
                    }
                };

        assertUnencodable(
                () -> write(Groups.class, new Groups(liar, Set.of(), Map.of())),
                "CodecErrorsTest.Groups.list changed while it was written: 3 elements, then 2");
    }

    @Test
    @SuppressWarnings({"unchecked", "rawtypes"}) // the point of it
    void aValueOfAForeignClassIsRefused() {
        assertUnencodable(
                () -> ((MessageType) CODECS.type(Counter.class)).write(new WireWriter(9), "text"),
                "java.lang.String is not part of Protocols.Counter");
    }

    sealed interface Dated {
        record At(Date when) implements Dated {}
    }

    sealed interface Open {
        non-sealed interface Rest extends Open {}
    }

    sealed interface Classy {
        final class Plain implements Classy {}
    }

    abstract static sealed class Base {
        static final class Derived extends Base {}
    }

    record Wildcards(List<?> any, Pair<? super Long, String> low) {}

    record Lower(Pair<? super Long, String> low) {}

    @SuppressWarnings("rawtypes") // the point of it
    record Raw(List raw) {}

    @SuppressWarnings("ArrayRecordComponent") // the point of it
    record Arrays2(int[] numbers) {}

    @SuppressWarnings("ArrayRecordComponent") // the point of it
    record GenericArray<T>(T[] values) {}

    record UsesGenericArray(GenericArray<String> array) {}

    record Deep(Map<String, List<Optional<Thread>>> threads) {}

    record AnyCollection(Collection<String> strings) {}

    record Anything(Object object) {}

    record Grow<T>(Optional<Grow<List<T>>> next) {}

    record Endless(Grow<String> first) {}

    @Test
    void whatHasNoCodecIsNamedWithTheComponentThatHasIt() {
        assertUnsupported(Date.class, "Date: java.util.Date has no codec");
        assertUnsupported(
                Dated.class, "CodecErrorsTest.Dated.At.when: java.util.Date has no codec");
        assertUnsupported(
                Open.class,
                "CodecErrorsTest.Open.Rest: io.hyperactor.wire.CodecErrorsTest$Open$Rest has no codec");
        assertUnsupported(
                Classy.class,
                "CodecErrorsTest.Classy.Plain: io.hyperactor.wire.CodecErrorsTest$Classy$Plain has no"
                        + " codec");
        assertUnsupported(
                Base.class,
                "CodecErrorsTest.Base: io.hyperactor.wire.CodecErrorsTest$Base has no codec");
        assertUnsupported(Wildcards.class, "CodecErrorsTest.Wildcards.any: ? has no codec");
        assertUnsupported(
                Lower.class, "CodecErrorsTest.Lower.low: ? super java.lang.Long has no codec");
        assertUnsupported(
                Raw.class, "CodecErrorsTest.Raw.raw: java.util.List lacks its type arguments");
        assertUnsupported(Arrays2.class, "CodecErrorsTest.Arrays2.numbers: int[] has no codec");
        assertUnsupported(
                UsesGenericArray.class, "CodecErrorsTest.GenericArray.values: T[] has no codec");
        assertUnsupported(
                Deep.class, "CodecErrorsTest.Deep.threads: java.lang.Thread has no codec");
        assertUnsupported(
                AnyCollection.class,
                "CodecErrorsTest.AnyCollection.strings: java.util.Collection has no codec");
        assertUnsupported(
                Anything.class, "CodecErrorsTest.Anything.object: java.lang.Object has no codec");
        assertUnsupported(
                Pair.class,
                "io.hyperactor.wire.Protocols$Pair: io.hyperactor.wire.Protocols$Pair lacks its type"
                        + " arguments");
        assertUnsupported(
                Endless.class, "CodecErrorsTest.Grow.next: a type that contains ever longer types");
    }

    record Empty() {}

    record AlmostEmpty(Empty one, Empty two) {}

    record Empties(List<AlmostEmpty> list) {}

    record EmptyMap(Map<Empty, Empty> map) {}

    record BoundedMap(Map<String, Empty> map) {}

    @Test
    void aCollectionOfWhatTakesNoBytesIsRefusedAsNothingWouldBoundIt() {
        assertUnsupported(
                Empties.class,
                "CodecErrorsTest.Empties.list: java.util.List<io.hyperactor.wire.CodecErrorsTest$AlmostEmpty>"
                        + " of elements that take no bytes, so that nothing bounds its size");
        assertThatExceptionOfType(UnsupportedTypeException.class)
                .isThrownBy(() -> CODECS.type(EmptyMap.class));
        assertThat(CODECS.type(BoundedMap.class).signature())
                .isEqualTo("BoundedMap(Map<String,Empty()>)");
    }

    @Test
    void anErrorDoesNotSpoilTheTypesThatAreFine() {
        assertThatExceptionOfType(UnsupportedTypeException.class)
                .isThrownBy(() -> CODECS.type(Dated.class));

        write(Expression.class, new Expression.Literal(1));
    }

    record Percent(int value) {
        Percent {
            if (value < 0 || value > 100) {
                throw new IllegalArgumentException(value + " percent");
            }
        }
    }

    @Test
    void whatAConstructorRefusesIsMalformedWithTheCause() {
        assertThatExceptionOfType(WireFormatException.class)
                .isThrownBy(() ->
                        CODECS.type(Percent.class).read(new WireReader(new byte[] {0, 0, 0, 101})))
                .withMessage("CodecErrorsTest.Percent refuses its components at byte 4")
                .withCause(new IllegalArgumentException("101 percent"));
    }

    @Test
    void idsThatBreakTheirRulesAreMalformed() {
        var out = new WireWriter(9);
        out.writeByte(0);
        out.writeLong(1);
        out.writeString("not a name");

        assertThatExceptionOfType(WireFormatException.class)
                .isThrownBy(() -> CODECS.type(ProcId.class).read(new WireReader(out.toByteArray())))
                .withCauseInstanceOf(InvalidNameException.class);
        out.position(9);
        out.writeString("p");
        out.writeString("a");
        out.writeVarint(-1);
        assertThatExceptionOfType(WireFormatException.class)
                .isThrownBy(
                        () -> CODECS.type(ActorId.class).read(new WireReader(out.toByteArray())))
                .withCauseInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 8, 127})
    void aForeignKindOfAddressIsMalformed(int tag) {
        var bytes = new byte[20];
        bytes[0] = (byte) tag;

        assertThatExceptionOfType(WireFormatException.class)
                .isThrownBy(() -> CODECS.type(ChannelAddress.class).read(new WireReader(bytes)))
                .withMessage("tag " + tag + " is not part of ChannelAddress at byte 1");
    }

    private static Tree chain(int levels) {
        var tree = new Tree(0, List.of());
        for (int i = 1; i < levels; i++) {
            tree = new Tree(i, List.of(tree));
        }
        return tree;
    }

    @Test
    void valuesNestAtMost64DeepWithinThemselvesOnBothSides() {
        var type = CODECS.type(Tree.class);
        var out = new WireWriter(9);
        type.write(out, chain(64));

        assertThat(type.readFully(new WireReader(out.toByteArray()))).isEqualTo(chain(64));
        assertUnencodable(() -> write(Tree.class, chain(65)), "nested more than 64 deep");
        var bytes = new WireWriter(9);
        for (int i = 0; i < 1_000_000; i++) {
            bytes.writeInt(0);
            bytes.writeVarint(1);
        }
        assertThatExceptionOfType(WireFormatException.class)
                .isThrownBy(() -> type.read(new WireReader(bytes.toByteArray())))
                .withMessageStartingWith("nested more than 64 deep");
    }

    @Test
    void aWriterThatRefusedAValueTakesTheNextOne() {
        var type = CODECS.type(Tree.class);
        var out = new WireWriter(9);
        for (int i = 0; i < 100; i++) {
            assertThatExceptionOfType(EncodeException.class)
                    .isThrownBy(() -> type.write(out, new Tree(1, List.of(new Tree(2, null)))));
        }
        out.position(0);
        type.write(out, chain(64));

        assertThat(type.readFully(new WireReader(out.toByteArray()))).isEqualTo(chain(64));
    }
}

package io.hyperactor.wire;

import io.hyperactor.stress.Check;

import java.util.function.Function;

/// What parses as an id is of one kind, has one text, and that text parses back to it and nothing
/// else.
public final class IdFuzz {
    private IdFuzz() {}

    /// One input of the fuzzer.
    public static void fuzzerTestOneInput(byte[] input) {
        var text = FuzzedTexts.text(input);
        Id id;
        try {
            id = Check.bounded(text.length(), () -> Id.parse(text));
        } catch (AddressSyntaxException e) {
            FuzzedTexts.checkRefusal(e, text);
            checkKinds(text, 0);
            return;
        }
        checkKinds(text, 1);
        check(id);
    }

    private static void checkKinds(String text, int expected) {
        int kinds = parses(text, ProcId::parse);
        kinds += parses(text, ActorId::parse);
        kinds += parses(text, PortId::parse);
        Check.same(expected, kinds, "kinds that it parses as");
    }

    private static int parses(String text, Function<String, Id> parser) {
        try {
            Check.same(Id.parse(text).toString(), parser.apply(text).toString(), "by its kind");
            return 1;
        } catch (AddressSyntaxException e) {
            FuzzedTexts.checkRefusal(e, text);
            return 0;
        }
    }

    private static void check(Id id) {
        var again = Id.parse(id.toString());
        Check.same(id.toString(), again.toString(), "text of the parsed text");
        Check.same(id.getClass(), again.getClass(), "kind");
        AddressFuzz.check(id.proc().address());
        Check.same(
                id.proc().address().toString(),
                id.proc().address().dialAddress().toString(),
                "an id has the dial side");
        if (!(id.proc().address() instanceof ChannelAddress.Unix unix && unix.isUnnamed())) {
            Check.same(id, again, "the parsed text");
            Check.same(id.hashCode(), again.hashCode(), "hash code");
            Check.that(id.isPrefixOf(again) && id.proc().isPrefixOf(id), "prefix");
        }
        switch (id) {
            case ProcId proc -> FuzzedTexts.checkCodec(ProcId.class, proc);
            case ActorId actor -> FuzzedTexts.checkCodec(ActorId.class, actor);
            case PortId port -> FuzzedTexts.checkCodec(PortId.class, port);
        }
    }
}

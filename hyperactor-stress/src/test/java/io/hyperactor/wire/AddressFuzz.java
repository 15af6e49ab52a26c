package io.hyperactor.wire;

import io.hyperactor.stress.Check;

/// What parses as an address has one text, which parses back to it; everything else is refused in
/// good order.
public final class AddressFuzz {
    /// So many characters an address has at most: it must fit into texts that have a bound.
    private static final int CHARS_MAX = 600;

    private AddressFuzz() {}

    /// One input of the fuzzer.
    public static void fuzzerTestOneInput(byte[] input) {
        var text = FuzzedTexts.text(input);
        try {
            check(Check.bounded(text.length(), () -> ChannelAddress.parse(text)));
        } catch (AddressSyntaxException e) {
            FuzzedTexts.checkRefusal(e, text);
        }
    }

    static void check(ChannelAddress address) {
        var canonical = address.toString();
        var again = ChannelAddress.parse(canonical);
        Check.same(canonical, again.toString(), "text of the parsed text");
        Check.that(canonical.length() <= CHARS_MAX, canonical.length() + " characters");
        Check.that(canonical.indexOf(',') < 0, "a comma in " + canonical);
        Check.same(0, address.compareTo(again), "order of equals");
        if (!(address instanceof ChannelAddress.Unix unix && unix.isUnnamed())) {
            Check.same(address, again, "the parsed text");
            Check.same(address.hashCode(), again.hashCode(), "hash code");
        }
        Check.same(
                address.dialAddress().toString(),
                ChannelAddress.parse(address.dialAddress().toString()).toString(),
                "dial side");
        FuzzedTexts.checkCodec(ChannelAddress.class, address);
    }
}

package io.hyperactor.channel;

/// What a server makes of the first bytes of a connection.
sealed interface Greeting {
    /// Good so far; there must be more.
    record Incomplete() implements Greeting {}

    /// The whole hello.
    record Good(Hello hello, int bytes) implements Greeting {}

    /// Not a hello that is understood here.
    record Refused(RejectCode code, String text) implements Greeting {}

    /// Judges as soon as a byte is wrong, not only when all are there.
    static Greeting of(byte[] bytes, int from, int end) {
        int there = end - from;
        for (int i = 0; i < Math.min(there, Integer.BYTES); i++) {
            if (bytes[from + i] != (byte) (Protocol.MAGIC >>> (24 - 8 * i))) {
                return new Refused(
                        RejectCode.NOT_THIS_PROTOCOL, "this is not the hello of this protocol");
            }
        }
        if (there > 4 && bytes[from + 4] != Protocol.VERSION) {
            int version = bytes[from + 4] & 0xff;
            return new Refused(
                    RejectCode.UNSUPPORTED_VERSION,
                    "version " + version + " is not spoken here, " + Protocol.VERSION + " is");
        }
        int rest = there > 5 ? bytes[from + 5] & 0xff : Hello.PLAIN_REST;
        if (rest < Hello.PLAIN_REST) {
            return new Refused(RejectCode.MALFORMED, "hello of the wrong length");
        }
        return there < Hello.PREFIX + rest
                ? new Incomplete()
                : new Good(Hello.decode(bytes, from + Hello.PREFIX, rest), Hello.PREFIX + rest);
    }
}

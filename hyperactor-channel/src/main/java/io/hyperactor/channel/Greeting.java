package io.hyperactor.channel;

/// What a server makes of the first bytes of a connection.
sealed interface Greeting {
    /// Good so far; there must be more.
    record Incomplete() implements Greeting {}

    /// The whole hello.
    record Welcome(Protocol.Hello hello) implements Greeting {}

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
        if (there > 5 && bytes[from + 5] != Protocol.HELLO_BYTES - Protocol.HELLO_PREFIX) {
            return new Refused(RejectCode.MALFORMED, "hello of the wrong length");
        }
        return there < Protocol.HELLO_BYTES
                ? new Incomplete()
                : new Welcome(Protocol.Hello.decode(bytes, from + Protocol.HELLO_PREFIX));
    }
}

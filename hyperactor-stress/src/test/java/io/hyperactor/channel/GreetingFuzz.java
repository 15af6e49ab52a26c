package io.hyperactor.channel;

import io.hyperactor.channel.Greeting.Good;
import io.hyperactor.channel.Greeting.Incomplete;
import io.hyperactor.channel.Greeting.Refused;
import io.hyperactor.stress.Check;

import java.nio.ByteBuffer;

/// A hello is judged the same however much of it is there: refused once is refused with more, and
/// good once is good with whatever follows. The same bytes are also tried as a welcome.
public final class GreetingFuzz {
    private static final int MARGIN = 3;

    private GreetingFuzz() {}

    /// One input of the fuzzer.
    public static void fuzzerTestOneInput(byte[] input) {
        byte[] bytes = new byte[MARGIN + input.length];
        System.arraycopy(input, 0, bytes, MARGIN, input.length);
        checkHello(bytes);
        Welcome welcome = Welcome.decode(bytes, MARGIN, input.length);
        if (welcome != null) {
            checkWelcome(welcome);
        }
    }

    private static void checkHello(byte[] bytes) {
        Greeting whole = Greeting.of(bytes, MARGIN, bytes.length);
        int most = Math.min(bytes.length, MARGIN + Hello.PREFIX + 256);
        for (int end = MARGIN; end < most; end++) {
            Greeting part = Greeting.of(bytes, MARGIN, end);
            if (!(part instanceof Incomplete)) {
                Check.same(part, whole, "judged with more bytes");
            }
        }
        switch (whole) {
            case Incomplete() ->
                    Check.that(bytes.length < MARGIN + Hello.PREFIX + 255, "never complete");
            case Good(Hello hello, int length) -> {
                Check.that(length <= bytes.length - MARGIN, "bytes that are not there");
                checkHello(hello);
            }
            case Refused(RejectCode code, String text) -> {
                ByteBuffer reject = Protocol.reject(code, text);
                Check.that(reject.remaining() <= 4 + Protocol.ANSWER_MAX, "a long reject");
            }
        }
    }

    private static void checkHello(Hello hello) {
        byte[] encoded = hello.encode().array();
        Check.that(
                Greeting.of(encoded, 0, encoded.length) instanceof Good(Hello again, int length)
                        && length == encoded.length
                        && (hello.features() == 0
                                ? plain(hello).equals(again)
                                : hello.equals(again)),
                "encoded and read again");
    }

    /// Without features nothing else is said.
    private static Hello plain(Hello hello) {
        return Hello.plain(
                        hello.session(), hello.bodyMax(), hello.windowBytes(), hello.windowFrames())
                .showing(hello.secret());
    }

    private static void checkWelcome(Welcome welcome) {
        Check.that(welcome.bodyMax() > 0, "longest body " + welcome.bodyMax());
        ByteBuffer encoded = ByteBuffer.allocate(Welcome.BYTES_MAX);
        welcome.put(encoded);
        int length = encoded.position() - Protocol.LENGTH_BYTES;
        Check.same(length, encoded.getInt(0), "length field");
        Welcome again = Welcome.decode(encoded.array(), Protocol.LENGTH_BYTES + 1, length - 1);
        Check.that(welcome.equals(again), "encoded and read again");
    }
}

package io.hyperactor.channel;

import io.hyperactor.stress.Check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// What a server may send, in any order and in any pieces: the dialler hears the same, nothing
/// before the welcome, and nothing after the end.
///
/// The first byte of an input is the seed of the pieces, the rest is the stream.
public final class AnswersFuzz {
    private static final int TEXT_MAX = Protocol.ANSWER_MAX;

    private AnswersFuzz() {}

    /// One input of the fuzzer.
    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length == 0) {
            return;
        }
        byte[] stream = Arrays.copyOfRange(input, 1, input.length);
        List<String> whole = new Dialler().hear(stream, input[0], 1 << 20);
        List<String> pieces = new Dialler().hear(stream, input[0], 1 + (input[0] & 15));
        Check.same(whole, pieces, "heard in pieces");
    }

    private static final class Dialler implements Answers.Listener {
        private final List<String> heard = new ArrayList<>();
        private boolean accepted;
        private boolean over;

        List<String> hear(byte[] stream, long seed, int most) {
            FrameSplitter splitter =
                    new FrameSplitter(
                            new Answers(this),
                            new BytePool(1 << 20),
                            ArrivingBytes.unbounded(),
                            Protocol.ANSWER_MAX,
                            false);
            new Pieces(seed).feed(splitter, stream, most, () -> over);
            return heard;
        }

        @Override
        public void accepted(Welcome welcome) {
            Check.that(!accepted && !over, "a welcome out of place");
            accepted = true;
            heard.add(welcome.toString());
        }

        @Override
        public String acknowledged(long sequence) {
            Check.that(accepted && !over, "an acknowledgement out of place");
            heard.add("ack " + sequence);
            return sequence < 0 ? "negative" : null;
        }

        @Override
        public String refused(long sequence, RejectCode code, String text) {
            Check.that(accepted && !over, "a refusal out of place");
            Check.that(text.length() <= TEXT_MAX, "a long text");
            heard.add("refused " + sequence + code + text);
            return null;
        }

        @Override
        public void over(CloseReason reason) {
            Check.that(!over, "over a second time");
            over = true;
            heard.add(reason.toString());
        }

        @Override
        public boolean listens() {
            return !over;
        }
    }
}

package io.hyperactor.system;

import io.hyperactor.DeliveryFailure;
import io.hyperactor.Protocols;
import io.hyperactor.Undeliverable;
import io.hyperactor.wire.ActorId;
import io.hyperactor.wire.MessageType;
import io.hyperactor.wire.PortId;
import io.hyperactor.wire.ProcId;
import io.hyperactor.wire.WireWriter;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;

/// News about a request that is not true, as envelopes: from docs/wire-format.md alone.
///
/// @param asker who has asked
/// @param number what news for the asker has to show
/// @param replyPort where the asker waits for the answer
/// @param asked who has not answered yet
record ForgedNews(ActorId asker, long number, long replyPort, ActorId asked) {
    private static final int PINNED = 1;
    private static final int REQUEST = 2;
    private static final int RETURN = 4;
    private static final int SENDER_PINNED = 8;
    private static final int FLAGS_AT = 2;
    private static final int NUMBERS_AT = 20;
    private static final int TTL = 63;

    // What these are called and hold is what their hashes come from.

    record Returned(
            Undeliverable.Outcome outcome, List<DeliveryFailure> failures, byte[] envelope) {}

    record RequestFailed(long replyPort, String failure) {}

    record Hold(ActorId actor, boolean wholeProc, boolean on) {}

    record ProcDied(ProcId proc, List<Asked> asked) {}

    record Asked(ActorId sender, long incarnation, long port) {}

    record InDoubt(ActorId destination, long port, long first, long last) {}

    record Handled(List<Mark> marks) {}

    record Mark(ActorId sender, long incarnation, ActorId destination, long handled) {}

    /// The number that a message of an actor tells those whom it is sent to.
    static long numberIn(byte[] message) {
        ByteBuffer in = ByteBuffer.wrap(message);
        int before = Integer.bitCount(in.getShort(FLAGS_AT) & (PINNED | REQUEST));
        return in.getLong(NUMBERS_AT + before * Long.BYTES);
    }

    /// All that may be said to the asker, in the name of `from`.
    List<byte[]> toAsker(ActorId from) {
        return List.of(
                word(from, asker, 1, returned(request(asked))),
                word(from, asker, 1, returned(request(from))), // as if that one had been asked
                word(from, asker, 1, returned(note(asked))),
                word(from, asker, 2, new RequestFailed(replyPort, "forged")),
                word(from, asker, 3, new Hold(asked, true, true)),
                word(from, asker, 4, new ProcDied(asked.proc(), List.of())),
                word(from, asker, 5, new InDoubt(asked, handler().handlerIndex(), 1, 9)));
    }

    /// What may be said to the host of who was asked.
    byte[] toHost(ActorId from) {
        Mark mark = new Mark(asker, number, asked, 9);
        return word(from, asker, 6, new Handled(List.of(mark)));
    }

    private static MessageType<Tally> handler() {
        return Protocols.of(Tally.class);
    }

    private byte[] request(ActorId of) {
        return message(REQUEST | SENDER_PINNED, List.of(replyPort, number), of);
    }

    private byte[] note(ActorId to) {
        return message(SENDER_PINNED, List.of(number), to);
    }

    private byte[] message(int flags, List<Long> numbers, ActorId to) {
        MessageType<Tally> type = handler();
        return envelope(flags, type.handlerIndex(), type.hash(), numbers, to, asker, _ -> {});
    }

    private static Returned returned(byte[] message) {
        return new Returned(
                Undeliverable.Outcome.NOT_DELIVERED,
                List.of(new DeliveryFailure(DeliveryFailure.Reason.ACTOR_FAILED, "forged")),
                message);
    }

    @SuppressWarnings("unchecked") // that is its class
    private <T> byte[] word(ActorId from, ActorId to, int port, T news) {
        MessageType<T> type = Protocols.of((Class<T>) news.getClass());
        return envelope(
                RETURN | PINNED,
                PortId.controlIndex(port),
                type.hash(),
                List.of(number),
                to,
                from,
                out -> type.write(out, news));
    }

    private static byte[] envelope(
            int flags,
            long port,
            long hash,
            List<Long> numbers,
            ActorId to,
            ActorId from,
            Consumer<WireWriter> payload) {
        WireWriter out = new WireWriter(256);
        out.writeByte(1);
        out.writeByte(TTL);
        out.writeShort(flags);
        out.writeLong(port);
        out.writeLong(hash);
        numbers.forEach(out::writeLong);
        for (ActorId id : List.of(to, from)) {
            byte[] text = id.toString().getBytes(StandardCharsets.UTF_8);
            out.writeShort(text.length);
            out.writeRaw(text, 0, text.length);
        }
        payload.accept(out);
        return out.toByteArray();
    }
}

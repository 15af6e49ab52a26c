package io.hyperactor;

import io.hyperactor.wire.MessageType;
import io.hyperactor.wire.WireWriter;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Optional;

/// An envelope in the process of its sender: the payload is still the object.
final class ObjectEnvelope extends Envelope {
    private static final int INITIAL_BYTES = 256;

    private final Object message;
    private final MessageType<Object> type;
    private final Origin origin;
    private final @Nullable OncePort<?> ask;

    /// When it was encoded last, for who waits for room; 0 before.
    private int encodedBytes;

    /// @param ask waits for the answer to this; null if nobody does
    @SuppressWarnings("unchecked")
    ObjectEnvelope(
            Origin origin,
            Address sender,
            Address destination,
            long port,
            long incarnation,
            long replyPort,
            boolean isReturn,
            Object message,
            MessageType<?> type,
            @Nullable OncePort<?> ask) {
        super(
                sender,
                origin.senderIncarnation(),
                destination,
                port,
                incarnation,
                replyPort,
                isReturn);
        this.origin = origin;
        this.message = message;
        this.type = (MessageType<Object>) type;
        this.ask = ask;
    }

    /// News about a message, which is itself never returned.
    ///
    /// @param port a control port of `to`
    /// @param incarnation which life of `to` must hear it; 0 for any
    static ObjectEnvelope news(
            Address from,
            Address to,
            long port,
            long incarnation,
            Object message,
            MessageType<?> type) {
        return new ObjectEnvelope(
                Origin.NOWHERE, from, to, port, incarnation, 0, true, message, type, null);
    }

    @Override
    public int ttl() {
        return ProcConfig.TTL;
    }

    @Override
    @Nullable OncePort<?> ask() {
        return ask;
    }

    @Override
    @Nullable Arrivals arrivals() {
        return null;
    }

    @Override
    int wireBytes() {
        return 0;
    }

    @Override
    boolean isPassing() {
        return false;
    }

    @Override
    long typeHash() {
        return type.hash();
    }

    @Override
    Object message(MessageType<?> expected) {
        return message;
    }

    @Override
    Origin origin(Proc proc, MessageType<?> type) {
        return origin;
    }

    @Override
    void giveBack(List<DeliveryFailure> failures, Undeliverable.Outcome outcome) {
        Undeliverable returned =
                new Undeliverable(sender(), destination(), Optional.of(message), failures, outcome);
        origin.returned(returned, replyPort());
    }

    @Override
    public void writeTo(WireWriter out) {
        int start = out.position();
        writeHeader(out, ProcConfig.TTL - 1, type.hash());
        type.write(out, message);
        encodedBytes = out.position() - start;
    }

    @Override
    public int lengthAtLeast() {
        return encodedBytes;
    }

    @Override
    byte[] toBytes() {
        WireWriter out = new WireWriter(INITIAL_BYTES);
        writeTo(out);
        return out.toByteArray();
    }
}

package io.hyperactor;

import io.hyperactor.wire.MessageType;
import io.hyperactor.wire.WireFormatException;
import io.hyperactor.wire.WireReader;
import io.hyperactor.wire.WireWriter;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.List;

/// An envelope that came over a channel. It borrows the channel's buffer: valid during the call
/// that brought it, copied by whoever needs it longer.
final class WireEnvelope extends Envelope {
    private static final int TTL_AT = 1;

    // Messages come in runs from one sender to one destination. Racy: only guesses.
    private static @Nullable Address lastDestination;
    private static @Nullable Address lastSender;

    private final byte[] buffer;
    private final int offset;
    private final int length;
    private final int payloadOffset; // from offset
    private final int ttl;
    private final long typeHash;
    private final Home home;
    private final boolean passing;
    private final @Nullable Arrivals arrivals;

    private WireEnvelope(
            Header header,
            byte[] buffer,
            int offset,
            int length,
            Home home,
            boolean passing,
            @Nullable Arrivals arrivals) {
        super(
                header.sender,
                header.senderIncarnation,
                header.destination,
                header.port,
                header.incarnation,
                header.replyPort,
                header.isReturn);
        this.buffer = buffer;
        this.offset = offset;
        this.length = length;
        this.payloadOffset = header.payloadOffset;
        this.ttl = header.ttl;
        this.typeHash = header.typeHash;
        this.home = home;
        this.passing = passing;
        this.arrivals = arrivals;
    }

    private record Header(
            Address sender,
            long senderIncarnation,
            Address destination,
            long port,
            long incarnation,
            long replyPort,
            boolean isReturn,
            int ttl,
            long typeHash,
            int payloadOffset) {}

    /// @param home takes what must go back to the sender
    /// @throws WireFormatException if the header is not one of an envelope of this version
    static WireEnvelope parse(byte[] buffer, int offset, int length, Home home) {
        return parse(buffer, offset, length, home, true, null);
    }

    /// The same for one that has just come by a link.
    ///
    /// @param arrivals where it may be collected with others; null if it is not to be
    static WireEnvelope arrived(
            byte[] buffer, int offset, int length, Home home, @Nullable Arrivals arrivals) {
        return parse(buffer, offset, length, home, true, arrivals);
    }

    private static WireEnvelope parse(
            byte[] buffer,
            int offset,
            int length,
            Home home,
            boolean passing,
            @Nullable Arrivals arrivals) {
        WireReader in = new WireReader(buffer, offset, length);
        int version = in.readByte() & 0xFF;
        if (version != VERSION) {
            throw new WireFormatException("envelope of version " + version, 0);
        }
        int ttl = in.readByte() & 0xFF;
        int flags = in.readShort();
        long port = in.readLong();
        long typeHash = in.readLong();
        long incarnation = (flags & PINNED) == 0 ? 0 : in.readLong();
        long replyPort = (flags & REQUEST) == 0 ? 0 : in.readLong();
        long senderIncarnation = (flags & SENDER_PINNED) == 0 ? 0 : in.readLong();
        Address destination = readAddress(in, lastDestination);
        Address sender = readAddress(in, lastSender);
        lastDestination = destination;
        lastSender = sender;
        return new WireEnvelope(
                new Header(
                        sender,
                        senderIncarnation,
                        destination,
                        port,
                        incarnation,
                        replyPort,
                        (flags & RETURN) != 0,
                        ttl,
                        typeHash,
                        length - in.remaining()),
                buffer,
                offset,
                length,
                home,
                passing,
                arrivals);
    }

    /// The same with bytes of its own, to be offered again until there is room.
    WireEnvelope kept() {
        byte[] bytes = toBytes();
        return parse(bytes, 0, bytes.length, home, false, null);
    }

    private static Address readAddress(WireReader in, @Nullable Address guess) {
        return Address.read(in, in.readShort() & 0xFFFF, guess);
    }

    @Override
    @Nullable OncePort<?> ask() {
        return null;
    }

    @Override
    public int ttl() {
        return ttl;
    }

    @Override
    int wireBytes() {
        return length;
    }

    @Override
    boolean isPassing() {
        return passing;
    }

    @Override
    @Nullable Arrivals arrivals() {
        return arrivals;
    }

    @Override
    long typeHash() {
        return typeHash;
    }

    @Override
    Object message(MessageType<?> type) {
        return type.readFully(
                new WireReader(buffer, offset + payloadOffset, length - payloadOffset));
    }

    @Override
    Origin origin(Proc proc, MessageType<?> type) {
        RemoteOrigin known = destinationAddress().origin();
        if (known != null && known.isOf(proc, this, type)) {
            return begun(known);
        }
        known = senderAddress().origin();
        if (known == null || !known.isOf(proc, this, type)) {
            known =
                    new RemoteOrigin(
                            proc, senderAddress(), senderIncarnation(), destinationAddress(), type);
        }
        senderAddress().countedBy(known);
        destinationAddress().countedBy(known);
        return begun(known);
    }

    private RemoteOrigin begun(RemoteOrigin origin) {
        if (replyPort() == 0) {
            origin.arrives();
        }
        return origin;
    }

    /// The same bytes with one hop less: nothing is decoded.
    @Override
    public void writeTo(WireWriter out) {
        out.writeByte(VERSION);
        out.writeByte(ttl - 1);
        out.writeRaw(buffer, offset + TTL_AT + 1, length - TTL_AT - 1);
    }

    @Override
    public int lengthAtLeast() {
        return length;
    }

    @Override
    byte[] toBytes() {
        return Arrays.copyOfRange(buffer, offset, offset + length);
    }

    /// What stands before the payload.
    byte[] header() {
        return Arrays.copyOfRange(buffer, offset, offset + payloadOffset);
    }

    /// What goes back. Without a long payload if it has to cross a channel: news is never much
    /// larger than [Returned#PAYLOAD_MAX_BYTES].
    private byte[] toReturn() {
        boolean whole =
                length - payloadOffset <= Returned.PAYLOAD_MAX_BYTES
                        || home.isHomeOf(sender().proc());
        return whole ? toBytes() : header();
    }

    @Override
    void giveBack(List<DeliveryFailure> failures, Undeliverable.Outcome outcome) {
        Returned returned = new Returned(outcome, failures, toReturn());
        returned.send(destinationAddress(), senderAddress(), senderIncarnation(), home);
    }
}

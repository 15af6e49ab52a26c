package io.hyperactor;

import io.hyperactor.channel.FrameBody;
import io.hyperactor.wire.ActorId;
import io.hyperactor.wire.MessageType;
import io.hyperactor.wire.PortId;
import io.hyperactor.wire.ProcId;
import io.hyperactor.wire.WireWriter;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// A message on its way between procs: who sent it, to which port, and the payload, either as the
/// object it still is or as the bytes it became. A relay looks at [#proc()] alone and copies the
/// bytes.
///
/// Layout on the wire: docs/wire-format.md, "Envelope".
public abstract sealed class Envelope implements FrameBody permits ObjectEnvelope, WireEnvelope {
    private static final long CONTROL = PortId.controlIndex(0);
    private static final long HANDLER = 1L << 63; // the higher of the two bits of CONTROL
    static final int VERSION = 1;
    static final int PINNED = 1;
    static final int REQUEST = 2;
    static final int RETURN = 4;
    static final int SENDER_PINNED = 8;

    private final Address sender;
    private final long senderIncarnation;
    private final Address destination;
    private final long port;
    private final long incarnation;
    private final long replyPort;
    private final int flags;

    Envelope(
            Address sender,
            long senderIncarnation,
            Address destination,
            long port,
            long incarnation,
            long replyPort,
            boolean isReturn) {
        this.sender = sender;
        this.senderIncarnation = senderIncarnation;
        this.destination = destination;
        this.port = port;
        this.incarnation = incarnation;
        this.replyPort = replyPort;
        this.flags =
                (incarnation == 0 ? 0 : PINNED)
                        | (replyPort == 0 ? 0 : REQUEST)
                        | (isReturn ? RETURN : 0)
                        | (senderIncarnation == 0 ? 0 : SENDER_PINNED);
    }

    /// Who sent it.
    public final ActorId sender() {
        return sender.id();
    }

    /// Where it goes.
    public final PortId destination() {
        return destination.id().port(port);
    }

    /// The proc it goes to: all that a relay needs.
    public final ProcId proc() {
        return destination.id().proc();
    }

    /// Whether it is a message for actors of this protocol.
    public final boolean isFor(MessageType<?> protocol) {
        return port == protocol.handlerIndex();
    }

    /// Ends its way here, since its sender may not send it.
    ///
    /// @param detail why, for the sender
    public final void forbid(String detail) {
        Counters.forbidden(this, "a sender who is not to send that");
        undeliverable(DeliveryFailure.Reason.FORBIDDEN, detail);
    }

    /// How many more channels it may cross.
    public abstract int ttl();

    /// Which type the payload has: [MessageType#hash()].
    abstract long typeHash();

    /// The payload, as an object of `type`, whose hash the caller has compared.
    ///
    /// @throws io.hyperactor.wire.WireFormatException if its bytes are not such an object
    abstract Object message(MessageType<?> type);

    /// Header and payload as bytes.
    abstract byte[] toBytes();

    /// Whoever must hear what became of this message, a `type`, inside `proc`.
    abstract Origin origin(Proc proc, MessageType<?> type);

    /// Ends this envelope's way: tells its sender, through the process's own object or by an
    /// envelope home. Never blocks. An envelope that itself brings bad news is only counted.
    final void undeliverable(DeliveryFailure.Reason reason, String detail) {
        undeliverable(reason, detail, Undeliverable.Outcome.NOT_DELIVERED);
    }

    final void undeliverable(
            DeliveryFailure.Reason reason, String detail, Undeliverable.Outcome outcome) {
        undeliverable(new DeliveryFailure(reason, detail), outcome);
    }

    final void undeliverable(DeliveryFailure failure, Undeliverable.Outcome outcome) {
        if (isReturn()) {
            if (isMissed(failure.reason())) {
                Counters.abandoned(this, failure);
            }
        } else {
            Counters.undelivered(failure);
            giveBack(List.of(failure), outcome);
        }
    }

    /// Whether somebody lacks news that got lost. Who is gone needs no word about places and procs.
    private boolean isMissed(DeliveryFailure.Reason reason) {
        if (port == ProcDied.PORT) {
            return reason == DeliveryFailure.Reason.QUEUE_FULL
                    || reason == DeliveryFailure.Reason.ACK_TIMED_OUT;
        }
        return port != Hold.PORT && port != HandledReports.PORT;
    }

    /// Whether who ends sees to it that it arrives, if it can. Who is gone already needs no word of
    /// another's end, nor of what was handled.
    final boolean isOwed() {
        return !isReturn() || (port != ProcDied.PORT && port != HandledReports.PORT);
    }

    abstract void giveBack(List<DeliveryFailure> failures, Undeliverable.Outcome outcome);

    /// Whether it just came over a channel, whose buffer it borrows: it must not be made to wait,
    /// for others are behind it.
    abstract boolean isPassing();

    /// Where it is collected with others that came with it; null if it goes on at once.
    abstract @Nullable Arrivals arrivals();

    /// Who waits for the answer, if that is somebody of this process who asked by this; else null.
    abstract @Nullable OncePort<?> ask();

    /// How many bytes it was on its way; 0 if it has not been encoded.
    abstract int wireBytes();

    final boolean isReturn() {
        return (flags & RETURN) != 0;
    }

    final Address senderAddress() {
        return sender;
    }

    /// Which life of the sender: news about this message is for no namesake. 0 if not known.
    final long senderIncarnation() {
        return senderIncarnation;
    }

    final Address destinationAddress() {
        return destination;
    }

    final long port() {
        return port;
    }

    /// Whether it goes to a port that was opened at run time, see [PortId].
    final boolean isForPort() {
        return port >= 0;
    }

    /// Whether it is a plain message for an actor: no request, no news.
    final boolean isTell() {
        return (port & CONTROL) == HANDLER && (flags & (REQUEST | RETURN)) == 0;
    }

    /// Whether the runtime takes it, see [PortId].
    final boolean isForControl() {
        return (port & CONTROL) == CONTROL;
    }

    final long incarnation() {
        return incarnation;
    }

    final long replyPort() {
        return replyPort;
    }

    final void writeHeader(WireWriter out, int ttl, long typeHash) {
        out.writeByte(VERSION);
        out.writeByte(ttl);
        out.writeShort(flags);
        out.writeLong(port);
        out.writeLong(typeHash);
        if (incarnation != 0) {
            out.writeLong(incarnation);
        }
        if (replyPort != 0) {
            out.writeLong(replyPort);
        }
        if (senderIncarnation != 0) {
            out.writeLong(senderIncarnation);
        }
        writeText(out, destination.text());
        writeText(out, sender.text());
    }

    private static void writeText(WireWriter out, byte[] text) {
        out.writeShort(text.length);
        out.writeRaw(text, 0, text.length);
    }

    @Override
    public final String toString() {
        return sender.id() + " > " + destination();
    }

    /// The message when it is known here without decoding anything of a type unknown here.
    final @Nullable Object decodeIfKnown() {
        MessageType<?> type = Protocols.byHash(typeHash());
        try {
            return type == null ? null : message(type);
        } catch (RuntimeException | Error undecodable) {
            if (!isOfOneMessage(undecodable)) {
                throw undecodable;
            }
            return null; // it is on its way back already; there is no second failure to report
        }
    }

    /// Whether what was thrown over a message, perhaps by its own classes, is about that message
    /// alone: not about the process, as a lack of memory is.
    static boolean isOfOneMessage(Throwable thrown) {
        return thrown instanceof RuntimeException
                || thrown instanceof LinkageError // a class is missing here, or fails to initialize
                || thrown instanceof AssertionError
                || thrown instanceof StackOverflowError;
    }
}

package io.hyperactor;

import io.hyperactor.wire.MessageType;
import io.hyperactor.wire.PortId;
import io.hyperactor.wire.WireFormatException;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// What goes back to the sender of an envelope that could not be delivered, on the control port
/// [#PORT] of the sender.
///
/// @param envelope the envelope, without its payload when the sender is in another process and that
///   is over [#PAYLOAD_MAX_BYTES], or there would be no frame so long
record Returned(Undeliverable.Outcome outcome, List<DeliveryFailure> failures, byte[] envelope) {
    static final int PAYLOAD_MAX_BYTES = 64 * 1024;
    private static final int OVERHEAD_BYTES = 512; // in memory, roughly

    /// The largest news about a message, with its two headers and some reasons.
    static final int MAX_BYTES = PAYLOAD_MAX_BYTES + 16 * 1024;

    static final long PORT = PortId.controlIndex(1);
    static final MessageType<Returned> TYPE = Protocols.of(Returned.class);

    /// Sends this home in the name of the actor that was not reached; later if there is no room.
    ///
    /// @param incarnation which life of `to` must hear it: no namesake; 0 if that is not known
    void send(Address from, Address to, long incarnation, Home home) {
        Counters.countReturned();
        Envelope news = ObjectEnvelope.news(from, to, PORT, incarnation, this, TYPE);
        home.send(news, envelope.length + OVERHEAD_BYTES);
    }

    /// The same news without the payload of its message; null if that has none, or it is no such
    /// news.
    static @Nullable ObjectEnvelope withoutPayload(Envelope news, Home home) {
        if (!news.isReturn() || news.port() != PORT || news.typeHash() != TYPE.hash()) {
            return null;
        }
        try {
            Returned whole = (Returned) news.message(TYPE);
            byte[] header = whole.header(home);
            if (header.length == whole.envelope.length) {
                return null;
            }
            return ObjectEnvelope.news(
                    news.senderAddress(),
                    news.destinationAddress(),
                    PORT,
                    news.incarnation(),
                    new Returned(whole.outcome, whole.failures, header),
                    TYPE);
        } catch (WireFormatException e) {
            return null; // whoever it is for would not make sense of it either
        }
    }

    private byte[] header(Home home) {
        return WireEnvelope.parse(envelope, 0, envelope.length, home).header();
    }

    /// Whether it is news as the runtime sends it. What only says that it is does not go where news
    /// waits for room.
    static boolean isNews(Envelope envelope) {
        return envelope.isReturn() && envelope.isForControl() && envelope.wireBytes() <= MAX_BYTES;
    }

    /// Has a router note that a plain message was not handled where it had passed it on to.
    ///
    /// @param news which brought this
    void note(Envelope news, Home home, Consumer<Envelope> givenBack) {
        if (outcome != Undeliverable.Outcome.NOT_DELIVERED) {
            return;
        }
        WireEnvelope original;
        try {
            original = WireEnvelope.parse(envelope, 0, envelope.length, home);
        } catch (WireFormatException e) {
            return; // whom it is for counts it
        }
        if (original.isTell()
                && original.destinationAddress().id().equals(news.sender())
                && original.sender().equals(news.destinationAddress().id())) {
            givenBack.accept(original);
        }
    }

    /// Tells the sender, an actor or client of this process; unless `news`, which brought this,
    /// comes from somebody else than whom the message was sent to, or the message is not the
    /// sender's, or it was another one who was asked what waits at its reply port.
    void arrive(InstanceCell sender, Envelope news) {
        WireEnvelope original;
        try {
            if (failures.isEmpty()) {
                throw new WireFormatException("it names no failure", 0);
            }
            original = WireEnvelope.parse(envelope, 0, envelope.length, sender.proc().home());
        } catch (WireFormatException e) {
            Counters.malformed("a returned message for " + sender.id(), e);
            return;
        }
        long replyPort = original.replyPort();
        if (!original.destinationAddress().id().equals(news.sender())
                || !original.sender().equals(sender.id())
                || (replyPort != 0 && !sender.isAsked(replyPort, news.sender()))) {
            Counters.forbidden(news, "somebody whom that message was not sent to");
            return;
        }
        Optional<Object> message = Optional.ofNullable(original.decodeIfKnown());
        sender.returned(
                new Undeliverable(sender.id(), original.destination(), message, failures, outcome),
                replyPort);
    }
}

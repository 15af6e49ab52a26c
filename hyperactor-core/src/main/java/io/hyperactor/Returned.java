package io.hyperactor;

import io.hyperactor.wire.MessageType;
import io.hyperactor.wire.PortId;
import io.hyperactor.wire.WireFormatException;

import java.util.List;
import java.util.Optional;

/// What goes back to the sender of an envelope that could not be delivered, on the control port
/// [#PORT] of the sender.
///
/// @param envelope the envelope, without its payload when that is over [#PAYLOAD_MAX_BYTES]
record Returned(Undeliverable.Outcome outcome, List<DeliveryFailure> failures, byte[] envelope) {
    static final int PAYLOAD_MAX_BYTES = 64 * 1024;
    private static final int OVERHEAD_BYTES = 512; // in memory, roughly
    static final long PORT = PortId.controlIndex(1);
    static final MessageType<Returned> TYPE = Protocols.of(Returned.class);

    /// Sends this home in the name of the actor that was not reached; later if there is no room.
    ///
    /// @param incarnation which life of `to` must hear it: no namesake; 0 if that is not known
    static void send(
            Returned returned, Address from, Address to, long incarnation, MailboxSender home) {
        Counters.RETURNED.increment();
        Envelope envelope = ObjectEnvelope.news(from, to, PORT, incarnation, returned, TYPE);
        ReturnQueue.shared().send(envelope, returned.envelope().length + OVERHEAD_BYTES, home);
    }

    /// Tells the sender, an actor or client of this process; unless `news`, which brought this,
    /// comes from somebody else than whom the message was sent to, or the message is not the
    /// sender's.
    void arrive(InstanceCell sender, Envelope news) {
        WireEnvelope original;
        try {
            original = WireEnvelope.parse(envelope, 0, envelope.length, sender.proc());
        } catch (WireFormatException e) {
            Counters.malformed("a returned message for " + sender.id(), e);
            return;
        }
        if (!original.destinationAddress().id().equals(news.sender())
                || !original.sender().equals(sender.id())) {
            Counters.forbidden(news, "somebody whom that message was not sent to");
            return;
        }
        Optional<Object> message = Optional.ofNullable(Envelope.decodeIfKnown(original));
        sender.returned(
                new Undeliverable(sender.id(), original.destination(), message, failures, outcome),
                original.replyPort());
    }
}

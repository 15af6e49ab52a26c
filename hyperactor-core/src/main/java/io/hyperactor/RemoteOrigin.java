package io.hyperactor;

import io.hyperactor.wire.ActorId;
import io.hyperactor.wire.MessageType;

/// A sender in another proc: what it must hear travels as an envelope, by the ordinary way.
///
/// It also counts which of its messages were dealt with. There is one for each destination, as long
/// as others do not get in the way.
final class RemoteOrigin extends HandledCount implements Origin {
    private final Proc proc;
    private final MessageType<?> type;

    /// @param proc where the message arrived and from where the news goes out
    /// @param sender who is told
    /// @param incarnation which life of the sender, 0 if it did not say
    /// @param reached the actor the message had been for
    /// @param type what the message was
    RemoteOrigin(
            Proc proc, Address sender, long incarnation, Address reached, MessageType<?> type) {
        super(proc.reportsTo(sender), sender, incarnation, reached);
        this.proc = proc;
        this.type = type;
    }

    @SuppressWarnings("ReferenceEquality") // quick, and a miss costs only an object
    boolean isOf(Proc at, Envelope envelope, MessageType<?> messageType) {
        return proc == at
                && sender() == envelope.senderAddress()
                && senderIncarnation() == envelope.senderIncarnation()
                && destination() == envelope.destinationAddress()
                && type == messageType;
    }

    @Override
    public ActorId id() {
        return sender().id();
    }

    @Override
    public void returned(Undeliverable undeliverable, long replyPort) {
        Object message = undeliverable.message().orElseThrow();
        Envelope original =
                new ObjectEnvelope(
                        this,
                        sender(),
                        destination(),
                        undeliverable.destination().index(),
                        0,
                        replyPort,
                        false,
                        message,
                        type,
                        null);
        byte[] bytes = original.toBytes(); // back to where it was when it arrived
        WireEnvelope.parse(bytes, 0, bytes.length, proc.home())
                .giveBack(undeliverable.failures(), undeliverable.outcome());
    }

    @Override
    public void replyFailed(long replyPort, String failure) {
        Envelope news =
                ObjectEnvelope.news(
                        destination(),
                        sender(),
                        RequestFailed.PORT,
                        senderIncarnation(),
                        new RequestFailed(replyPort, failure),
                        RequestFailed.TYPE);
        proc.home().send(news, RequestFailed.SIZE_BYTES);
    }
}

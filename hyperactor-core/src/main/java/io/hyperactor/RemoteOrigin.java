package io.hyperactor;

import io.hyperactor.wire.ActorId;
import io.hyperactor.wire.MessageType;

/// A sender in another proc: what it must hear travels as an envelope, by the ordinary way.
///
/// @param proc where the message arrived and from where the news goes out
/// @param sender who is told
/// @param incarnation which life of the sender, 0 if it did not say
/// @param reached the actor the message had been for
/// @param type what the message was
record RemoteOrigin(
        Proc proc, Address sender, long incarnation, Address reached, MessageType<?> type)
        implements Origin {
    @Override
    public ActorId id() {
        return sender.id();
    }

    @Override
    public void returned(Undeliverable undeliverable, long replyPort) {
        Object message = undeliverable.message().orElseThrow();
        Envelope original =
                new ObjectEnvelope(
                        this,
                        sender,
                        reached,
                        undeliverable.destination().index(),
                        0,
                        replyPort,
                        false,
                        message,
                        type,
                        ProcConfig.TTL);
        byte[] bytes = original.toBytes(); // back to where it was when it arrived
        WireEnvelope.parse(bytes, 0, bytes.length, proc)
                .giveBack(undeliverable.failures(), undeliverable.outcome());
    }

    @Override
    public void replyFailed(long replyPort, String failure) {
        Envelope news =
                ObjectEnvelope.news(
                        reached,
                        sender,
                        RequestFailed.PORT,
                        incarnation,
                        new RequestFailed(replyPort, failure),
                        RequestFailed.TYPE);
        ReturnQueue.shared().send(news, RequestFailed.SIZE_BYTES, proc);
    }
}

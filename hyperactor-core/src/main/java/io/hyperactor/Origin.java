package io.hyperactor;

import io.hyperactor.wire.ActorId;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.ProcId;

/// The sender of a message, as far as it must learn what became of it.
interface Origin {
    /// Nobody: for nodes that are not messages.
    Origin NOWHERE =
            new Origin() {
                @Override
                public ActorId id() {
                    return new ProcId(new ChannelAddress.Local(0), "nowhere").actor("nobody", 0);
                }

                @Override
                public long senderIncarnation() {
                    return 0;
                }

                @Override
                public void returned(Undeliverable undeliverable, long replyPort) {}

                @Override
                public void replyFailed(long replyPort, String failure) {}
            };

    /// Who it is.
    ActorId id();

    /// The number that news about its messages shows; 0 if that is not known. Who has not been sent
    /// anything by it does not know it.
    long senderIncarnation();

    /// A message of this sender came back; `replyPort` is its once-port if the message was a
    /// request, else 0. Any thread; does not block.
    void returned(Undeliverable undeliverable, long replyPort);

    /// The handler of this sender's request threw, or was killed, or its answer came back. Any
    /// thread; does not block.
    void replyFailed(long replyPort, String failure);
}

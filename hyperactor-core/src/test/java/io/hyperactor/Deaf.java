package io.hyperactor;

import io.hyperactor.wire.ActorId;

/// A sender that cannot be told anything.
///
/// @param fault is thrown by whoever tries
record Deaf(ActorId id, Error fault) implements Origin {
    @Override
    public long senderIncarnation() {
        return 0;
    }

    @Override
    public void returned(Undeliverable undeliverable, long replyPort) {
        throw fault;
    }

    @Override
    public void replyFailed(long replyPort, String failure) {
        throw fault;
    }
}

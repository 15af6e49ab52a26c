package io.hyperactor;

import io.hyperactor.wire.MessageType;

import java.util.List;

/// What the runtimes of procs tell each other about messages.
public final class NewsTypes {
    private NewsTypes() {}

    /// All of it, in the order of their ports.
    public static List<MessageType<?>> all() {
        return List.of(
                Returned.TYPE,
                RequestFailed.TYPE,
                Hold.TYPE,
                ProcDied.TYPE,
                InDoubt.TYPE,
                Handled.TYPE);
    }
}

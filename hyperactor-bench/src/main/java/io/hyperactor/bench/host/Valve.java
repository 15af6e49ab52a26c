package io.hyperactor.bench.host;

import io.hyperactor.Actor;
import io.hyperactor.ActorType;
import io.hyperactor.Context;
import io.hyperactor.OncePortRef;

/// Lets the [Slow] actor of the same proc take its time or not. While it is shut, that actor is rid
/// at once of what it has been flooded with.
public final class Valve implements Actor<Valve.Turn> {
    static final ActorType<Turn> TYPE = ActorType.of("valve", Turn.class, Valve::new);

    private static volatile boolean open;

    private Valve() {}

    /// Opens or shuts it. Replies once, with the same, when that is so.
    public record Turn(boolean open, OncePortRef<Boolean> replyTo) {}

    static boolean isOpen() {
        return open;
    }

    @Override
    public void receive(Context<Turn> cx, Turn message) {
        open = message.open;
        cx.send(message.replyTo, open);
    }
}

package io.hyperactor.host;

import io.hyperactor.Actor;
import io.hyperactor.ActorType;
import io.hyperactor.Context;
import io.hyperactor.Undeliverable;

/// Answers with its own id: shows that a proc can be reached and can reply.
public final class EchoActor implements Actor<EchoMessage> {
    /// Its name in a child that runs [ProcMain].
    public static final String NAME = "echo";

    /// To be spawned anywhere.
    public static final ActorType<EchoMessage> TYPE =
            ActorType.of(NAME, EchoMessage.class, EchoActor::new);

    private EchoActor() {}

    @Override
    public void receive(Context<EchoMessage> cx, EchoMessage message) {
        cx.send(message.replyTo(), cx.id());
    }

    /// An asker that has gone away is no reason to end.
    @Override
    public void undeliverable(Context<EchoMessage> cx, Undeliverable returned) {}
}

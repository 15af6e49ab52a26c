package io.hyperactor.examples;

import io.hyperactor.Actor;
import io.hyperactor.ActorType;
import io.hyperactor.Context;
import io.hyperactor.examples.CounterMessage.Add;
import io.hyperactor.examples.CounterMessage.Get;

/// Adds up what it is sent.
public final class Counter implements Actor<CounterMessage> {
    public static final ActorType<CounterMessage> TYPE =
            ActorType.of("counter", CounterMessage.class, Counter::new);

    private long total; // only receive() touches it

    @Override
    public void receive(Context<CounterMessage> cx, CounterMessage message) {
        switch (message) { // no default: a new message must not compile until it is handled
            case Add(long amount) -> total += amount;
            case Get(var replyTo) -> cx.send(replyTo, total);
        }
    }
}

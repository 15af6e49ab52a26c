package io.hyperactor.examples;

import io.hyperactor.Actor;
import io.hyperactor.ActorRef;
import io.hyperactor.ActorType;
import io.hyperactor.Context;
import io.hyperactor.PortRef;

/// Gets hungry, eats, puts the forks back, and thinks, until he has had his meals. Then he says so
/// and leaves.
final class Philosopher implements Actor<PhilosopherMessage> {
    static final ActorType.WithParams<Params, PhilosopherMessage> TYPE =
            ActorType.of("philosopher", PhilosopherMessage.class, Params.class, Philosopher::new);

    /// What a philosopher is spawned with.
    ///
    /// @param seat where he sits
    /// @param meals how many he will have, at least one
    /// @param waiter whom he asks for the forks
    /// @param full where he says that he has had them
    record Params(int seat, int meals, ActorRef<WaiterMessage> waiter, PortRef<Full> full) {}

    /// A philosopher has had enough.
    record Full(int seat, int meals) {}

    private final Params params;
    private int eaten;

    private Philosopher(Params params) {
        this.params = params;
    }

    @Override
    public void init(Context<PhilosopherMessage> cx) {
        cx.send(params.waiter(), new WaiterMessage.Hungry(params.seat(), cx.self()));
    }

    @Override
    public void receive(Context<PhilosopherMessage> cx, PhilosopherMessage message) {
        switch (message) {
            case PhilosopherMessage.Eat() -> eat(cx);
        }
    }

    private void eat(Context<PhilosopherMessage> cx) {
        eaten++;
        cx.send(params.waiter(), new WaiterMessage.Done(params.seat()));
        if (eaten < params.meals()) {
            cx.send(params.waiter(), new WaiterMessage.Hungry(params.seat(), cx.self()));
        } else {
            cx.send(params.full(), new Full(params.seat(), eaten));
            cx.stop("full");
        }
    }
}

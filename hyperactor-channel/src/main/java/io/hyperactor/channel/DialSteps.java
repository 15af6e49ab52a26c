package io.hyperactor.channel;

import io.hyperactor.channel.DialLife.Account;
import io.hyperactor.channel.DialLife.Effect;
import io.hyperactor.channel.DialLife.Event;

import java.util.ArrayDeque;

/// Takes the steps of one [DialLife], one after the other, and has carried out what they come to.
///
/// **Threads:** the loop's.
final class DialSteps {
    /// Whose life it is.
    interface Owner {
        /// How its frames and its connection are now.
        Account account();

        /// Does what a step came to. What happens meanwhile is the next step's.
        void carryOut(Effect effect);
    }

    private final Owner owner;
    private final ChannelContext context;
    private final DialLife.Limits limits;
    private final ArrayDeque<Event> events = new ArrayDeque<>();
    private DialLife life = DialLife.idle();
    private boolean underWay;

    DialSteps(Owner owner, ChannelContext context, DialLife.Limits limits) {
        this.owner = owner;
        this.context = context;
        this.limits = limits;
    }

    DialLife.Session session() {
        return life.session();
    }

    /// Do frames go out?
    boolean isOpen() {
        return life.phase() instanceof DialLife.Phase.Open;
    }

    /// Has something to be done about `event`, at the next [#take].
    void add(Event event) {
        events.add(event);
    }

    /// Are steps being taken? Then what is added is among them.
    boolean areUnderWay() {
        return underWay;
    }

    /// Forgets losses: they were of a connection that is no more.
    void forgetLosses() {
        events.removeIf(Event.Lost.class::isInstance);
    }

    /// Takes all steps that are due; without any a first one, for a frame.
    void take() {
        if (life.phase() instanceof DialLife.Phase.Idle && events.isEmpty()) {
            events.add(new Event.Wanted());
        }
        underWay = true;
        try {
            for (Event event = events.poll(); event != null; event = events.poll()) {
                DialLife.Step step =
                        life.step(
                                event,
                                context.clock().getAsLong(),
                                owner.account(),
                                limits,
                                context.random());
                life = step.next();
                step.effects().forEach(this::carryOut);
            }
        } finally {
            underWay = false;
        }
    }

    /// What fails unforeseen must not keep the life from what is left to do for it.
    private void carryOut(Effect effect) {
        try {
            owner.carryOut(effect);
        } catch (Throwable t) {
            context.report(new ChannelEvent.Fault(limits.address(), t));
            events.add(new Event.Lost(t));
        }
    }
}

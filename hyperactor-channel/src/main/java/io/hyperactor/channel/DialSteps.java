package io.hyperactor.channel;

import io.hyperactor.channel.DialLife.Account;
import io.hyperactor.channel.DialLife.Effect;
import io.hyperactor.channel.DialLife.Event;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.List;

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

        /// Calls [#take] again, soon. Needs no memory.
        void takeAgain();
    }

    private final Owner owner;
    private final ChannelContext context;
    private final DialLife.Limits limits;
    private final ArrayDeque<Event> events = new ArrayDeque<>();
    private DialLife life = DialLife.idle();
    private boolean underWay;

    /// What something failed with that was to be done, as long as the life does not know it.
    private @Nullable Throwable failure;

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
        failure = null;
        events.removeIf(Event.Lost.class::isInstance);
    }

    /// Takes all steps that are due; without any a first one, for a frame.
    ///
    /// @throws OutOfMemoryError if there was none for one of them; then the rest is taken later
    void take() {
        underWay = true;
        try {
            if (life.phase() instanceof DialLife.Phase.Idle && events.isEmpty()) {
                events.add(new Event.Wanted());
            }
            for (Event event = next(); event != null; event = next()) {
                take(event);
            }
        } catch (OutOfMemoryError e) {
            owner.takeAgain();
            throw e;
        } finally {
            underWay = false;
        }
    }

    private @Nullable Event next() {
        if (failure != null) {
            events.add(new Event.Lost(failure));
            failure = null;
        }
        return events.poll();
    }

    private void take(Event event) {
        DialLife.Step step = step(event);
        life = step.next();
        List<Effect> effects = step.effects();
        for (int i = 0; i < effects.size(); i++) { // without an iterator, which takes memory
            carryOut(effects.get(i));
        }
        if (failure instanceof OutOfMemoryError e) {
            throw e; // what is to be done for a failure may fail likewise, again and again
        }
    }

    private DialLife.Step step(Event event) {
        try {
            long now = context.clock().getAsLong();
            return life.step(event, now, owner.account(), limits, context.random());
        } catch (OutOfMemoryError e) {
            events.addFirst(event); // into the place that it has left
            throw e;
        }
    }

    /// What fails unforeseen must not keep the life from what is left to do for it.
    private void carryOut(Effect effect) {
        try {
            owner.carryOut(effect);
        } catch (OutOfMemoryError e) {
            failure = e;
        } catch (Throwable t) {
            failure = t;
            context.report(new ChannelEvent.Fault(limits.address(), t));
        }
    }
}

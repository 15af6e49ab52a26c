package io.hyperactor;

import io.hyperactor.wire.ActorId;

import org.jspecify.annotations.Nullable;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/// An actor as the runtime sees it: its life and its children.
///
/// Its life is a state machine that only its own activations step: `NEW → RUNNING → (DRAINING →)
/// CLOSING → CLOSED`. In CLOSING the mailbox is shut, what is left goes back and the children are
/// told to end; the activation that sees the last one gone ends the actor. [#abort] alone comes
/// from outside: it wins the terminal status first and leaves nothing for the activation to do but
/// to give back what it had taken.
///
/// A throw of the runtime's own code fails the actor as one of its own does. What had begun is lost
/// then, and the next activation goes on with the rest.
final class ActorCell<M> extends ActivatedCell<M> {
    private static final ActorStatus WITHDRAWN = new ActorStatus.Stopped("proc closed");

    /// Made in advance.
    private static final ActorStatus NO_MEMORY =
            new ActorStatus.Failed(new OutOfMemoryError("nor was there any to say what failed"));

    private static final VarHandle TERMINAL;

    static {
        try {
            TERMINAL =
                    MethodHandles.lookup()
                            .findVarHandle(ActorCell.class, "terminal", ActorStatus.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    // phases: bytes and not an enum, as an idle actor has to be small
    private static final byte NEW = 0;
    private static final byte RUNNING = 1;
    private static final byte DRAINING = 2;
    private static final byte CLOSING = 3;
    private static final byte CLOSED = 4;

    private final @Nullable ActorCell<?> parent;

    private volatile @Nullable ActorStatus terminal; // decided
    private volatile boolean announced; // once everybody has been told
    private volatile @Nullable CompletableFuture<ActorStatus> ended;

    // touched by activations only, but for status()
    private volatile byte phase = NEW;
    private @Nullable Actor<M> actor;
    private @Nullable Children children; // null if there are none
    private @Nullable ActorStatus ending; // stopped or failed: what will be, if nobody aborts it
    private boolean drains = true; // so do children, when they are told to end

    ActorCell(Proc proc, ActorId id, ActorType<M> type, @Nullable ActorCell<?> parent) {
        super(proc, id, type);
        this.parent = parent;
    }

    // ---- from outside

    @Nullable ActorCell<?> parent() {
        return parent;
    }

    @Override
    boolean acceptsMessages() {
        return terminal == null;
    }

    @Override
    ActorStatus status() {
        ActorStatus end = announcedEnd();
        if (end != null) {
            return end;
        }
        byte now = phase;
        if (terminal != null || now >= DRAINING) {
            return new ActorStatus.Stopping(
                    ending instanceof ActorStatus.Stopped stopped ? stopped.reason() : "");
        }
        if (now == NEW) {
            return new ActorStatus.Created();
        }
        return mailbox.isIdle() ? new ActorStatus.Idle() : new ActorStatus.Processing();
    }

    private @Nullable ActorStatus announcedEnd() {
        return announced ? terminal : null;
    }

    CompletableFuture<ActorStatus> ended() {
        CompletableFuture<ActorStatus> future = ended;
        return future != null ? future : makeEnded();
    }

    private synchronized CompletableFuture<ActorStatus> makeEnded() {
        CompletableFuture<ActorStatus> future = ended;
        if (future == null) {
            ended = future = new CompletableFuture<>();
            ActorStatus end = announcedEnd(); // after the future is visible: one of us completes it
            if (end != null) {
                future.complete(end);
            }
        }
        return future;
    }

    @Override
    DeliveryFailure.Reason endReason() {
        return terminal instanceof ActorStatus.Failed || ending instanceof ActorStatus.Failed
                ? DeliveryFailure.Reason.ACTOR_FAILED
                : DeliveryFailure.Reason.ACTOR_STOPPED;
    }

    @Override
    void cameBack(Undeliverable undeliverable) {
        Signal.CameBack back = new Signal.CameBack(undeliverable, answeredBy(undeliverable));
        if (signalsWaiting() >= ListenerQueue.WAITING_MAX) {
            Counters.abandoned(undeliverable, "it is behind");
            back.settle();
            return;
        }
        signal(back);
        if (terminal != null) { // after the push: who ended it saw the signal, or we see the end
            abandonSignals();
        }
    }

    /// Any thread: ends the actor and its descendants now, whatever they are doing, and tells of
    /// it, children first. False if it has ended otherwise. What throws on the way, most likely for
    /// want of memory, keeps back nothing else; but a descendant for which there is none lives on.
    boolean abort(String reason) {
        List<Aborted> all = new ArrayList<>(1); // parents first
        if (!cutDown(reason, all)) {
            return false;
        }
        for (int i = 0; i < all.size(); i++) { // not by recursion: generations have no bound
            all.get(i).cell.cutDownChildren(reason, all);
        }
        for (int i = all.size() - 1; i >= 0; i--) {
            Aborted each = all.get(i);
            each.cell.tellAborted(each);
        }
        return true;
    }

    /// What [#abort] has to tell.
    private record Aborted(ActorCell<?> cell, ActorStatus end, Signal.ChildEnded news) {}

    /// @param all is added to unless the actor has ended otherwise
    private boolean cutDown(String reason, List<Aborted> all) {
        ActorStatus end = new ActorStatus.Failed(new HyperactorException.Aborted(id(), reason));
        String why = id() + " aborted: " + reason;
        all.add(
                new Aborted(
                        this, end, new Signal.ChildEnded(this, new SupervisionEvent(id(), end))));
        cutOff();
        if (!TERMINAL.compareAndSet(this, null, end)) {
            all.removeLast();
            return false;
        }
        try {
            giveUp(why);
        } catch (Throwable t) {
            broke(t);
        }
        return true;
    }

    private void cutDownChildren(String reason, List<Aborted> all) {
        try {
            for (ActorCell<?> child : proc().instances().childrenOf(this)) {
                try {
                    boolean _ = child.cutDown(reason, all);
                } catch (Throwable t) { // its siblings all the same
                    broke(t);
                }
            }
        } catch (Throwable t) {
            broke(t);
        }
    }

    private void tellAborted(Aborted aborted) {
        try {
            publish(aborted.end, aborted.news);
        } catch (Throwable t) {
            broke(t);
        }
        actor = null; // if an activation runs it has its own reference, and does this once more
        interruptRunner();
    }

    private void giveUp(String why) {
        try {
            failRequestInHand(why);
        } finally {
            fence(why);
        }
    }

    private void broke(Throwable fault) {
        Dispatcher.fault("the end of an aborted actor threw", fault);
        proc().listeners().tellIfFatal(fault);
    }

    private void fence(String why) {
        giveBackAll(mailbox.fence(), why);
    }

    /// Never scheduled: only what was sent to its name meanwhile must go back.
    @Override
    boolean withdraw() {
        if (!TERMINAL.compareAndSet(this, null, WITHDRAWN)) {
            return false;
        }
        try {
            fence(id() + " was not started");
        } catch (Throwable t) {
            broke(t);
        }
        proc().instances().unregister(this, WITHDRAWN);
        announce();
        return true;
    }

    @SuppressWarnings("ReferenceEquality") // a marker
    boolean isWithdrawn() {
        return terminal == WITHDRAWN;
    }

    // ---- its own steps

    @Override
    boolean isNew() {
        return phase == NEW;
    }

    @Override
    boolean isClosed() {
        return phase >= CLOSING;
    }

    @Override
    Step step() {
        if (phase == NEW) {
            begin();
        }
        if (hasSignals()) {
            handleSignals();
        }
        byte now = phase;
        Mailbox.Node node = now >= CLOSING ? null : mailbox.poll();
        if (node != null) {
            handle(node, left(node));
            return Step.MESSAGE;
        }
        if (now == DRAINING) {
            phase = CLOSING;
        } else if (now == CLOSING) {
            close();
        } else if (now == CLOSED && children == null) {
            return end();
        } else {
            return Step.NONE;
        }
        return Step.OTHER;
    }

    @Override
    @Nullable Actor<M> behaviour() {
        return actor;
    }

    @Override
    void broken(Throwable fault) {
        if (terminal != null) {
            cutOff(); // there is nothing left to do
        }
        if (terminal == null && !(ending instanceof ActorStatus.Failed)) {
            fail(fault);
        } else {
            proc().listeners().tellIfFatal(fault);
        }
    }

    @Override
    void letGo() {
        actor = null;
    }

    private void begin() {
        phase = RUNNING;
        try {
            Actor<M> behaviour = type.create();
            actor = behaviour;
            behaviour.init(this);
        } catch (Throwable t) {
            fail(t);
        }
    }

    /// Does not throw, not even for want of memory.
    @Override
    void fail(Throwable cause) {
        proc().listeners().tellIfFatal(cause);
        try {
            endsBy(cause);
        } catch (OutOfMemoryError e) {
            if (!(ending instanceof ActorStatus.Failed)) {
                ending = NO_MEMORY;
            }
        }
        drains = false;
        phase = CLOSING;
    }

    @SuppressWarnings("ReferenceEquality") // a user's throwable may be hostile to equals()
    private void endsBy(Throwable cause) {
        if (!(ending instanceof ActorStatus.Failed(Throwable first))) {
            ending = new ActorStatus.Failed(cause);
        } else if (first != cause && ending != NO_MEMORY) { // nothing must suppress itself
            first.addSuppressed(cause);
        }
    }

    private void handleSignals() {
        Signal rest = takeSignals();
        try {
            while (rest != null) {
                Signal s = rest;
                rest = s.next;
                if (isCutOff()) {
                    abandon(s);
                } else {
                    handleSignal(s);
                }
            }
        } finally { // after a throw these are for the next activation
            while (rest != null) {
                Signal s = rest;
                rest = s.next;
                signal(s);
            }
        }
    }

    /// Once it has ended: nothing is told any more.
    private void abandonSignals() {
        for (Signal s = takeSignals(); s != null; s = s.next) {
            abandon(s);
        }
    }

    private static void abandon(Signal signal) {
        if (signal instanceof Signal.CameBack back) {
            Counters.abandoned(back.undeliverable);
            back.settle();
        }
    }

    /// Without a pattern switch, which would be linked anew in each process that ends.
    private void handleSignal(Signal signal) {
        if (signal instanceof Signal.Stop stop) {
            beginStop(stop);
        } else if (signal instanceof Signal.ChildEnded child) {
            childEnded(child);
        } else if (signal instanceof Signal.CameBack back) {
            if (tell(back.undeliverable)) {
                back.settle();
            } else {
                abandon(back);
            }
        }
    }

    /// False if it is too late for that.
    private boolean tell(Undeliverable undeliverable) {
        return phase < CLOSING && call(behaviour -> behaviour.undeliverable(this, undeliverable));
    }

    private void childEnded(Signal.ChildEnded ended) {
        ended.child.announce(); // it may be about to: but whoever sees this one's end sees its too
        if (children != null && children.ended(ended.child)) {
            children = null;
        }
        if (phase >= CLOSING) {
            return; // they end because this actor does
        }
        var _ =
                call(behaviour -> {
                    if (!behaviour.childEnded(this, ended.event)
                            && ended.event.status()
                                    instanceof ActorStatus.Failed(Throwable cause)) {
                        throw new HyperactorException.ChildFailed(ended.event, cause);
                    }
                });
    }

    private void beginStop(Signal.Stop stop) {
        if (phase == RUNNING) {
            ending = new ActorStatus.Stopped(stop.reason);
            mailbox.close();
            phase = DRAINING;
        }
        if (!stop.drain && drains) {
            drains = false;
            phase = CLOSING; // once more, if the children had been told to drain
        }
    }

    /// No more messages: gives back what is left and tells the children to end.
    private void close() {
        mailbox.close();
        for (Mailbox.Node n = mailbox.poll(); n != null; n = mailbox.poll()) {
            giveBack(
                    n,
                    endReason(),
                    id() + (ending instanceof ActorStatus.Failed ? " failed" : " stopped"));
        }
        if (children != null) {
            children.stop(drains);
        }
        phase = CLOSED;
    }

    /// The last step, unless the actor is aborted meanwhile.
    private Step end() {
        VarHandle.fullFence();
        if (isCutOff()) {
            return Step.OTHER;
        }
        var _ = call(behaviour -> behaviour.cleanup(this));
        actor = null; // once, and whoever still names the cell must not keep what the actor held
        ActorStatus end = Objects.requireNonNull(ending, "nothing else closes it");
        SupervisionEvent event =
                end instanceof ActorStatus.Failed(HyperactorException.ChildFailed child)
                        ? child.event()
                        : new SupervisionEvent(id(), end);
        Signal.ChildEnded news = new Signal.ChildEnded(this, event); // while a throw does no harm
        takeOff();
        if (!TERMINAL.compareAndSet(this, null, end)) {
            return Step.OTHER;
        }
        publish(end, news);
        return Step.END;
    }

    /// The name is free first, then the event is sent, then waiters learn of the end; each also if
    /// the former threw.
    private void publish(ActorStatus end, Signal.ChildEnded news) {
        try {
            proc().instances().unregister(this, end);
        } finally {
            try {
                endWaiting();
            } finally {
                try {
                    tellSupervisor(news);
                } finally {
                    announce();
                }
            }
        }
    }

    /// Ends what the actor waited for, and drops what it was to be told.
    private void endWaiting() {
        try {
            closePorts();
        } finally {
            abandonSignals();
        }
    }

    private void tellSupervisor(Signal.ChildEnded news) {
        if (parent != null) {
            parent.signal(news);
        } else {
            proc().listeners().rootEnded(news.event);
        }
    }

    private void announce() {
        announced = true;
        CompletableFuture<ActorStatus> waiters = ended;
        if (waiters != null) {
            waiters.complete(terminal);
        }
    }

    // ---- the actor's own view

    @Override
    public ActorRef<M> self() {
        return new ActorRef<>(this);
    }

    @Override
    public <C> ActorHandle<C> spawn(String name, ActorType<C> childType) {
        if (phase >= CLOSING) { // this is cleanup: nobody would end the child
            throw new HyperactorException.Ended(id());
        }
        Children all = children == null ? new Children() : children; // first: nothing begins yet
        ActorCell<C> child = proc().spawnChild(this, name, childType);
        if (isCutOff()) { // after it became known: either abort() sees the child or we see that
            child.abort("parent aborted");
            throw new HyperactorException.Ended(id());
        }
        try {
            all.add(child);
        } catch (Throwable t) { // nobody would end it
            boolean _ = child.withdraw();
            throw t;
        }
        children = all;
        child.schedule();
        return new ActorHandle<>(child);
    }

    @Override
    public List<ActorHandle<?>> children() {
        return children == null ? List.of() : children.handles();
    }

    @Override
    public void stop(String reason) {
        signal(new Signal.Stop(reason, true));
    }
}

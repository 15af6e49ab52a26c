package io.hyperactor;

import io.hyperactor.wire.ActorId;

import org.jspecify.annotations.Nullable;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/// An actor as the runtime sees it: mailbox, life, children.
///
/// Its life is a state machine that only its own activations step, one at a time: `NEW → RUNNING →
/// (DRAINING →) CLOSING → CLOSED`. In CLOSING the mailbox is shut, what is left goes back and the
/// children are told to end; the activation that sees the last one gone ends the actor. [#abort]
/// alone comes from outside: it wins the terminal status first and leaves nothing for the
/// activation to do but to give back what it had taken.
///
/// A throw of the runtime's own code fails the actor as one of its own does. What had begun is lost
/// then, and the next activation goes on with the rest.
final class ActorCell<M> extends MailboxCell<M> implements Context<M>, StuckWatch.Watched {
    private static final int BATCH = 64;
    private static final ActorStatus WITHDRAWN = new ActorStatus.Stopped("proc closed");

    /// Made in advance.
    private static final ActorStatus NO_MEMORY =
            new ActorStatus.Failed(new OutOfMemoryError("nor was there any to say what failed"));

    private static final VarHandle SIGNALS;
    private static final VarHandle TERMINAL;
    private static final VarHandle RUNNER;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            SIGNALS = lookup.findVarHandle(ActorCell.class, "signals", Signal.class);
            TERMINAL = lookup.findVarHandle(ActorCell.class, "terminal", ActorStatus.class);
            RUNNER = lookup.findVarHandle(ActorCell.class, "runner", Object.class);
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

    private volatile @Nullable Signal signals;
    private volatile @Nullable ActorStatus terminal; // decided
    private volatile boolean announced; // once everybody has been told
    private volatile boolean aborted;

    /// Whom abort() interrupts, see [#run()]; or the request that he handles, which knows him.
    private @Nullable Object runner;

    private volatile @Nullable CompletableFuture<ActorStatus> ended;

    // touched by activations only, but for status()
    private volatile byte phase = NEW;
    private @Nullable Actor<M> actor;
    private @Nullable Set<ActorCell<?>> children;
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

    /// Puts the activation on its executor.
    @Override
    void schedule() {
        if (!type.isBlocking() || !OwnThread.starts(id().name(), this)) {
            proc().execute(this);
        }
    }

    /// The same behind all work that waits.
    private void scheduleLater() {
        if (type.isBlocking()) {
            schedule();
        } else {
            proc().executeLater(this);
        }
    }

    @Override
    boolean isRunningHere() {
        return threadOf(RUNNER.getOpaque(this)) == Thread.currentThread();
    }

    @Override
    DeliveryFailure.Reason endReason() {
        return terminal instanceof ActorStatus.Failed || ending instanceof ActorStatus.Failed
                ? DeliveryFailure.Reason.ACTOR_FAILED
                : DeliveryFailure.Reason.ACTOR_STOPPED;
    }

    @Override
    void cameBack(Undeliverable undeliverable) {
        signal(new Signal.CameBack(undeliverable));
        if (terminal != null) { // after the push: who ended it saw the signal, or we see the end
            abandonSignals();
        }
    }

    /// Any thread: tells the actor something ahead of its messages.
    void signal(Signal signal) {
        Signal newest;
        do {
            newest = signals;
            signal.next = newest;
        } while (!SIGNALS.compareAndSet(this, newest, signal));
        if (mailbox.wake()) {
            schedule();
        }
    }

    /// Whether there are signals that the actor has not looked at.
    boolean hasNews() {
        return signals != null;
    }

    /// Any thread: ends the actor now, whatever it is doing. False if it has ended otherwise.
    boolean abort(String reason) {
        ActorStatus end = new ActorStatus.Failed(new HyperactorException.Aborted(id(), reason));
        aborted = true;
        if (!TERMINAL.compareAndSet(this, null, end)) {
            return false;
        }
        String why = id() + " aborted: " + reason;
        failRequestInHand(why);
        fence(why);
        proc().instances().childrenOf(this).forEach(child -> child.abort(reason));
        publish(end, new Signal.ChildEnded(this, new SupervisionEvent(id(), end)));
        actor = null; // if an activation runs it has its own reference, and does this once more
        interruptRunner();
        return true;
    }

    private void failRequestInHand(String why) {
        if (RUNNER.getVolatile(this) instanceof Mailbox.AskNode request && putDown(request)) {
            request.failed(why);
        }
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
        fence(id() + " was not started");
        proc().instances().unregister(this, WITHDRAWN);
        announce(WITHDRAWN);
        return true;
    }

    @SuppressWarnings("ReferenceEquality") // a marker
    boolean isWithdrawn() {
        return terminal == WITHDRAWN;
    }

    // ---- activations

    /// What becomes of an activation.
    private enum Turn {
        /// The actor sleeps or has ended. It may run elsewhere by now: nothing of it is ours.
        OVER,
        /// There is more to do, but others have a turn first.
        MORE,
        ABORTED
    }

    /// One activation, on a thread that [#abort] may interrupt while it is the `runner`.
    ///
    /// Nobody else may feel that interrupt. So an activation takes itself off, and only then looks
    /// whether the actor was aborted; if it was, it waits for the interrupt that may be on its way
    /// and swallows it. Likewise it looks after having put itself on and before it calls the
    /// behaviour: so either the interrupt comes, or the behaviour is not called. Between the two
    /// steps there is a full fence each time, often that of a mailbox operation that is due anyway.
    @Override
    public void run() {
        RUNNER.setOpaque(this, Thread.currentThread());
        if (phase == NEW || mailbox.hasTaken()) {
            VarHandle.fullFence(); // else taking signals or messages is one
        }
        Turn turn;
        try {
            turn = step();
        } catch (Throwable t) {
            turn = broken(t);
        }
        switch (turn) {
            case OVER -> {}
            case MORE -> scheduleLater();
            case ABORTED -> leaveAborted();
        }
    }

    @Override
    public long stuckAfterNanos() {
        return Proc.nanos(proc().config().stuckAfter());
    }

    @Override
    public void lasts(long nanos, Thread thread) {
        List<StackTraceElement> stack = List.of(thread.getStackTrace());
        if (threadOf(RUNNER.getVolatile(this)) == thread) { // else that is somebody else's
            proc().stuck(new StuckActor(id(), Duration.ofNanos(nanos), stack));
        }
    }

    private Turn step() {
        int budget = BATCH;
        int turn = proc().turn();
        while (!aborted) {
            if (phase == NEW) {
                begin();
            }
            if (hasNews()) {
                handleSignals();
            }
            byte now = phase;
            Mailbox.Node node = now >= CLOSING ? null : mailbox.poll();
            if (node != null) {
                handle(node, left(node));
                if (--budget == 0 || turn != proc().turn()) {
                    RUNNER.setVolatile(this, null);
                    return aborted ? Turn.ABORTED : Turn.MORE;
                }
            } else if (now == DRAINING) {
                phase = CLOSING;
            } else if (now == CLOSING) {
                close();
            } else if (now == CLOSED && children == null) {
                return end() ? Turn.OVER : Turn.ABORTED;
            } else if (idle()) {
                return Turn.OVER;
            }
        }
        return Turn.ABORTED;
    }

    /// The runtime's own code threw, most likely for want of memory.
    private Turn broken(Throwable fault) {
        Dispatcher.fault("an activation of an actor threw", fault);
        if (terminal == null && !(ending instanceof ActorStatus.Failed)) {
            fail(fault);
        } else {
            tellIfFatal(fault);
        }
        RUNNER.setVolatile(this, null);
        return terminal == null ? Turn.MORE : Turn.ABORTED;
    }

    /// False if something came meanwhile and this activation goes on.
    private boolean idle() {
        RUNNER.setOpaque(this, null);
        if (park() && (!hasNews() || !mailbox.wake())) {
            return true;
        }
        RUNNER.setOpaque(this, Thread.currentThread());
        return false;
    }

    private boolean park() {
        if (phase < CLOSING) {
            return mailbox.park(); // not once fenced: so abort() fences later and finds no runner
        }
        VarHandle.fullFence();
        return !aborted && mailbox.parkClosed();
    }

    private void leaveAborted() {
        RUNNER.setVolatile(this, null);
        actor = null;
        swallowInterrupt();
        for (Mailbox.Node n = mailbox.poll(); n != null; n = mailbox.poll()) {
            try {
                giveBack(n, DeliveryFailure.Reason.ACTOR_FAILED, id() + " aborted");
            } catch (Throwable t) { // the others come back all the same
                Dispatcher.fault("a message of an aborted actor did not come back", t);
                tellIfFatal(t);
            }
        }
    }

    private synchronized void interruptRunner() {
        Thread thread = threadOf(RUNNER.getVolatile(this));
        if (thread != null) {
            thread.interrupt();
        }
    }

    private static @Nullable Thread threadOf(@Nullable Object runner) {
        return runner instanceof Mailbox.AskNode request ? request.handler : (Thread) runner;
    }

    private synchronized void swallowInterrupt() {
        var _ = Thread.interrupted();
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

    @SuppressWarnings("unchecked")
    private void handle(Mailbox.Node node, boolean isRemote) {
        if (node instanceof Mailbox.AskNode request) {
            handleRequest(request);
            return;
        }
        Actor<M> behaviour = actor;
        if (behaviour == null || aborted) {
            giveBack(node, DeliveryFailure.Reason.ACTOR_FAILED, id().toString());
            return;
        }
        try {
            behaviour.receive(this, (M) node.message);
        } catch (Throwable t) {
            fail(t);
        }
        if (isRemote && node.origin instanceof RemoteOrigin origin) {
            origin.handled();
        }
    }

    /// A request is in hand while it is handled: whoever [puts it down][#putDown] tells its asker.
    @SuppressWarnings("unchecked")
    private void handleRequest(Mailbox.AskNode request) {
        request.handler = Thread.currentThread();
        RUNNER.setVolatile(this, request); // then looks: or abort() sees the request
        Actor<M> behaviour = actor;
        if (behaviour == null || aborted) {
            if (putDown(request)) {
                giveBack(request, DeliveryFailure.Reason.ACTOR_FAILED, id().toString());
            }
            return;
        }
        try {
            behaviour.receive(this, (M) request.message);
            RUNNER.setOpaque(this, request.handler);
        } catch (Throwable t) {
            fail(t);
            if (putDown(request)) {
                request.failed(id() + " failed: " + Texts.describe(t));
            }
        }
    }

    /// False if another did.
    private boolean putDown(Mailbox.AskNode request) {
        return RUNNER.compareAndSet(this, request, request.handler);
    }

    /// Does not throw, not even for want of memory.
    private void fail(Throwable cause) {
        tellIfFatal(cause);
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

    private void tellIfFatal(Throwable cause) {
        if (cause instanceof VirtualMachineError error && !(cause instanceof StackOverflowError)) {
            proc().fatal(error);
        }
    }

    private void handleSignals() {
        Signal newest = (Signal) SIGNALS.getAndSet(this, null);
        Signal oldest = null;
        while (newest != null) {
            Signal next = newest.next;
            newest.next = oldest;
            oldest = newest;
            newest = next;
        }
        Signal rest = oldest;
        try {
            while (rest != null) {
                Signal s = rest;
                rest = s.next;
                if (aborted) {
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
        Signal rest = (Signal) SIGNALS.getAndSet(this, null);
        for (Signal s = rest; s != null; s = s.next) {
            abandon(s);
        }
    }

    private static void abandon(Signal signal) {
        if (signal instanceof Signal.CameBack back) {
            Counters.abandoned(back.undeliverable);
        }
    }

    /// Without a pattern switch, which would be linked anew in each process that ends.
    private void handleSignal(Signal signal) {
        if (signal instanceof Signal.Stop stop) {
            beginStop(stop);
        } else if (signal instanceof Signal.ChildEnded child) {
            childEnded(child);
        } else if (signal instanceof Signal.CameBack back && !tell(back.undeliverable)) {
            abandon(back);
        }
    }

    /// False if it is too late for that.
    private boolean tell(Undeliverable undeliverable) {
        return phase < CLOSING && call(behaviour -> behaviour.undeliverable(this, undeliverable));
    }

    private interface Call<A> {
        void on(A behaviour) throws Exception;
    }

    /// False if there is no behaviour to call.
    private boolean call(Call<Actor<M>> call) {
        Actor<M> behaviour = actor;
        if (behaviour == null) {
            return false;
        }
        try {
            call.on(behaviour);
        } catch (Throwable t) {
            fail(t);
        }
        return true;
    }

    private void childEnded(Signal.ChildEnded ended) {
        Set<ActorCell<?>> known = children;
        if (known != null) {
            known.remove(ended.child);
            if (known.isEmpty()) {
                children = null;
            }
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
        stopChildren();
        phase = CLOSED;
    }

    private void stopChildren() {
        if (children != null) {
            String reason = drains ? "parent draining" : "parent stopping";
            children.forEach(c -> c.signal(new Signal.Stop(reason, drains)));
        }
    }

    /// False if the actor was aborted meanwhile.
    private boolean end() {
        VarHandle.fullFence();
        if (aborted) {
            return false;
        }
        var _ = call(behaviour -> behaviour.cleanup(this));
        actor = null; // once, and whoever still names the cell must not keep what the actor held
        ActorStatus end = Objects.requireNonNull(ending, "nothing else closes it");
        SupervisionEvent event =
                end instanceof ActorStatus.Failed(HyperactorException.ChildFailed child)
                        ? child.event()
                        : new SupervisionEvent(id(), end);
        Signal.ChildEnded news = new Signal.ChildEnded(this, event); // while a throw does no harm
        RUNNER.setOpaque(this, null);
        if (!TERMINAL.compareAndSet(this, null, end)) {
            return false;
        }
        publish(end, news);
        return true;
    }

    /// The name is free first, then the event is sent, then waiters learn of the end; each also if
    /// the former threw.
    private void publish(ActorStatus end, Signal.ChildEnded news) {
        try {
            proc().instances().unregister(this, end);
            closePorts();
            abandonSignals();
        } finally {
            try {
                tellSupervisor(news);
            } finally {
                announce(end);
            }
        }
    }

    private void tellSupervisor(Signal.ChildEnded news) {
        if (parent != null) {
            parent.signal(news);
        } else {
            proc().rootEnded(news.event);
        }
    }

    private void announce(ActorStatus end) {
        announced = true;
        CompletableFuture<ActorStatus> waiters = ended;
        if (waiters != null) {
            waiters.complete(end);
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
        ActorCell<C> child = proc().spawnChild(this, name, childType);
        if (aborted) { // after it became known: either abort() sees the child or we see the abort
            child.abort("parent aborted");
            throw new HyperactorException.Ended(id());
        }
        if (children == null) {
            children = new LinkedHashSet<>();
        }
        children.add(child);
        child.schedule();
        return new ActorHandle<>(child);
    }

    @Override
    public List<ActorHandle<?>> children() {
        List<ActorHandle<?>> handles = new ArrayList<>();
        if (children != null) {
            children.forEach(child -> handles.add(new ActorHandle<>(child)));
        }
        return handles;
    }

    @Override
    public void stop(String reason) {
        signal(new Signal.Stop(reason, true));
    }
}

package io.hyperactor;

import io.hyperactor.wire.ActorId;

import org.jspecify.annotations.Nullable;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.List;

/// A cell that runs: what it is sent and told is looked at by its activations, one at a time, each
/// on a worker of the dispatcher or on a thread of its own. What there is to do then is for whoever
/// extends this: its [steps][#step].
///
/// Another thread may [cut off][#cutOff] the cell and [interrupt][#interruptRunner] the activation
/// that runs. Nobody else may feel that interrupt. So an activation takes itself off, and only then
/// looks whether it was cut off; if it was, it waits for the interrupt that may be on its way and
/// swallows it. Likewise it looks after having put itself on and before it calls the behaviour: so
/// either the interrupt comes, or the behaviour is not called. Between the two steps there is a
/// full fence each time, often that of a mailbox operation that is due anyway.
abstract class ActivatedCell<M> extends MailboxCell<M> implements Context<M>, StuckWatch.Watched {
    private static final int BATCH = 64;
    private static final VarHandle SIGNALS;
    private static final VarHandle RUNNER;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            SIGNALS = lookup.findVarHandle(ActivatedCell.class, "signals", Signal.class);
            RUNNER = lookup.findVarHandle(ActivatedCell.class, "runner", Object.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /// What an activation has done last.
    enum Step {
        MESSAGE,
        OTHER,
        /// Nothing: there is nothing to do now.
        NONE,
        /// It was the last one.
        END
    }

    /// What becomes of an activation.
    private enum Turn {
        /// The actor sleeps or has ended. It may run elsewhere by now: nothing of it is ours.
        OVER,
        /// There is more to do, but others have a turn first.
        MORE,
        CUT_OFF
    }

    private volatile @Nullable Signal signals;

    /// Whom [#interruptRunner()] interrupts; or the request that he handles, which knows him.
    private @Nullable Object runner;

    private volatile boolean cutOff;

    ActivatedCell(Proc proc, ActorId id, ActorType<M> type) {
        super(proc, id, type);
    }

    // ---- what is done

    /// Handles one message, or does what else is to be done. Not called once cut off.
    abstract Step step();

    /// Whom messages are for; null if nobody handles them.
    abstract @Nullable Actor<M> behaviour();

    /// The behaviour threw. Does not throw.
    abstract void fail(Throwable cause);

    /// The runtime's own code threw in a step. Does not throw.
    abstract void broken(Throwable fault);

    /// It has been cut off, and needs its behaviour no more.
    abstract void letGo();

    /// Before its first step.
    abstract boolean isNew();

    /// It has closed its mailbox.
    abstract boolean isClosed();

    // ---- from outside

    /// Puts the activation on its executor.
    @Override
    final void schedule() {
        if (!type.isBlocking() || !OwnThread.starts(id().name(), this)) {
            proc().execute(this);
        }
    }

    /// The same when others have had a turn.
    private void scheduleLater() {
        if (type.isBlocking()) {
            schedule();
        } else {
            proc().executeLater(this);
        }
    }

    @Override
    final void hasten() {
        if (RUNNER.getOpaque(this) == null) {
            proc().hasten(this);
        }
    }

    @Override
    final boolean isRunningHere() {
        return threadOf(RUNNER.getOpaque(this)) == Thread.currentThread();
    }

    private static @Nullable Thread threadOf(@Nullable Object runner) {
        return runner instanceof Mailbox.AskNode request ? request.handler : (Thread) runner;
    }

    /// Any thread: tells the actor something ahead of its messages.
    final void signal(Signal signal) {
        Signal newest;
        do {
            newest = signals;
            signal.next = newest;
            signal.depth = newest == null ? 1 : newest.depth + 1;
        } while (!SIGNALS.compareAndSet(this, newest, signal));
        if (mailbox.wake()) {
            schedule();
        }
    }

    /// Whether there are signals that the actor has not looked at.
    final boolean hasSignals() {
        return signals != null;
    }

    /// How many they are, roughly.
    final int signalsWaiting() {
        Signal newest = signals;
        return newest == null ? 0 : newest.depth;
    }

    /// What it was told, oldest first; the others follow.
    final @Nullable Signal takeSignals() {
        Signal newest = (Signal) SIGNALS.getAndSet(this, null);
        Signal oldest = null;
        while (newest != null) {
            Signal next = newest.next;
            newest.next = oldest;
            oldest = newest;
            newest = next;
        }
        return oldest;
    }

    /// Any thread: there are to be no more steps.
    final void cutOff() {
        cutOff = true;
    }

    final boolean isCutOff() {
        return cutOff;
    }

    /// Any thread, once cut off.
    final synchronized void interruptRunner() {
        Thread thread = threadOf(RUNNER.getVolatile(this));
        if (thread != null) {
            thread.interrupt();
        }
    }

    private synchronized void swallowInterrupt() {
        var _ = Thread.interrupted();
    }

    @Override
    public final long stuckAfterNanos() {
        return Proc.nanos(proc().config().stuckAfter());
    }

    @Override
    public final void lasts(long nanos, Thread thread) {
        List<StackTraceElement> stack = List.of(thread.getStackTrace());
        if (threadOf(RUNNER.getVolatile(this)) == thread) { // else that is somebody else's
            proc().listeners().stuck(new StuckActor(id(), Duration.ofNanos(nanos), stack));
        }
    }

    // ---- an activation

    @Override
    public final void run() {
        RUNNER.setOpaque(this, Thread.currentThread());
        if (isNew() || mailbox.hasTaken()) {
            VarHandle.fullFence(); // else taking signals or messages is one
        }
        Turn turn;
        try {
            turn = steps();
        } catch (Throwable t) {
            Dispatcher.fault("an activation of an actor threw", t);
            broken(t);
            turn = stepAside();
        }
        switch (turn) {
            case OVER -> {}
            case MORE -> scheduleLater();
            case CUT_OFF -> {
                RUNNER.setVolatile(this, null);
                swallowInterrupt();
                letGo();
                giveBackTaken();
            }
        }
    }

    private Turn steps() {
        int budget = BATCH;
        int turn = proc().turn();
        long most = type.isBlocking() ? Dispatcher.ENDLESS : proc().batchNanos();
        long began = most == Dispatcher.ENDLESS ? 0 : System.nanoTime();
        while (!cutOff) {
            Step step = step();
            if (step == Step.MESSAGE) {
                boolean isOver =
                        --budget == 0
                                || turn != proc().turn()
                                || (most < Dispatcher.ENDLESS && System.nanoTime() - began >= most);
                if (isOver) {
                    return stepAside();
                }
            } else if (step == Step.END || (step == Step.NONE && idle())) {
                return Turn.OVER;
            }
        }
        return Turn.CUT_OFF;
    }

    private Turn stepAside() {
        RUNNER.setVolatile(this, null);
        return cutOff ? Turn.CUT_OFF : Turn.MORE;
    }

    /// False if something came meanwhile and this activation goes on.
    private boolean idle() {
        RUNNER.setOpaque(this, null);
        if (park() && (!hasSignals() || !mailbox.wake())) {
            return true;
        }
        RUNNER.setOpaque(this, Thread.currentThread());
        return false;
    }

    private boolean park() {
        if (!isClosed()) {
            return mailbox.park(); // not once fenced: who cuts off fences later, finds no runner
        }
        VarHandle.fullFence();
        return !cutOff && mailbox.parkClosed();
    }

    /// In its last step, before that is published.
    final void takeOff() {
        RUNNER.setOpaque(this, null);
    }

    // ---- calls of the behaviour

    interface Call<A> {
        void on(A behaviour) throws Exception;
    }

    /// False if there is no behaviour to call.
    final boolean call(Call<Actor<M>> call) {
        Actor<M> behaviour = behaviour();
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

    /// Has the behaviour handle a message, or gives it back.
    @SuppressWarnings("unchecked")
    final void handle(Mailbox.Node node, boolean isRemote) {
        if (node instanceof Mailbox.AskNode request) {
            handleRequest(request);
            return;
        }
        Actor<M> behaviour = behaviour();
        if (behaviour == null || cutOff) {
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
        RUNNER.setVolatile(this, request); // then looks: or who cuts it off sees the request
        Actor<M> behaviour = behaviour();
        if (behaviour == null || cutOff) {
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

    private void giveBackTaken() {
        for (Mailbox.Node n = mailbox.poll(); n != null; n = mailbox.poll()) {
            giveBackAnyway(n, DeliveryFailure.Reason.ACTOR_FAILED, "aborted");
        }
    }

    /// False if another did.
    private boolean putDown(Mailbox.AskNode request) {
        return RUNNER.compareAndSet(this, request, request.handler);
    }

    /// Any thread: the request in hand, if it is its answer that came back, and still waited for.
    final Mailbox.@Nullable AskNode answeredBy(Undeliverable undeliverable) {
        return undeliverable.failure().reason() != DeliveryFailure.Reason.PORT_GONE
                        && RUNNER.getVolatile(this) instanceof Mailbox.AskNode request
                        && request.isAnsweredAt(undeliverable.destination())
                ? request
                : null;
    }

    /// Any thread: tells whoever asked what is in hand.
    final void failRequestInHand(String why) {
        if (RUNNER.getVolatile(this) instanceof Mailbox.AskNode request && putDown(request)) {
            request.failed(why);
        }
    }
}

package io.hyperactor;

import io.hyperactor.wire.ActorId;
import io.hyperactor.wire.MessageType;

import org.jspecify.annotations.Nullable;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/// An actor as the runtime sees it: mailbox, life, children.
///
/// Its life is a state machine that only its own activations step, one at a time: `NEW → RUNNING →
/// (DRAINING →) CLOSING → ENDED`. In CLOSING the mailbox is shut and the children have been told to
/// end; the activation that sees the last one gone ends the actor. [#abort] alone comes from
/// outside: it wins the terminal status first and leaves nothing for the activation to do but to
/// give back what it had taken.
final class ActorCell<M> extends InstanceCell implements Context<M>, Runnable {
    private static final int BATCH = 64;
    private static final VarHandle SIGNALS;
    private static final VarHandle TERMINAL;
    private static final VarHandle RUNNER;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            SIGNALS = lookup.findVarHandle(ActorCell.class, "signals", Signal.class);
            TERMINAL = lookup.findVarHandle(ActorCell.class, "terminal", ActorStatus.class);
            RUNNER = lookup.findVarHandle(ActorCell.class, "runner", Thread.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private enum Phase {
        NEW,
        RUNNING,
        DRAINING,
        CLOSING
    }

    private final ActorType<M> type;
    private final @Nullable ActorCell<?> parent;
    private final Mailbox mailbox = new Mailbox(true);

    private volatile @Nullable Signal signals;
    private volatile @Nullable ActorStatus terminal;
    private volatile boolean aborted;
    private volatile boolean published; // whoever waits from now on finds the end
    private @Nullable Thread runner; // opaque: read by abort() only
    private volatile @Nullable CompletableFuture<ActorStatus> ended;

    // touched by activations only, but for status()
    private volatile Phase phase = Phase.NEW;
    private @Nullable Actor<M> actor;
    private @Nullable Set<ActorCell<?>> children;
    private @Nullable Throwable failure;
    private String stopReason = "";

    ActorCell(Proc proc, ActorId id, ActorType<M> type, @Nullable ActorCell<?> parent) {
        super(proc, id);
        this.type = type;
        this.parent = parent;
    }

    // ---- from outside

    MessageType<M> protocol() {
        return type.protocol();
    }

    @Nullable ActorCell<?> parent() {
        return parent;
    }

    @Override
    boolean acceptsMessages() {
        return terminal == null;
    }

    int queued() {
        return mailbox.depth();
    }

    @Override
    ActorStatus status() {
        ActorStatus end = terminal;
        if (end != null) {
            return end;
        }
        return switch (phase) {
            case NEW -> new ActorStatus.Created();
            case RUNNING ->
                    mailbox.isIdle() ? new ActorStatus.Idle() : new ActorStatus.Processing();
            case DRAINING, CLOSING -> new ActorStatus.Stopping(stopReason);
        };
    }

    CompletableFuture<ActorStatus> ended() {
        CompletableFuture<ActorStatus> future = ended;
        return future != null ? future : makeEnded();
    }

    private synchronized CompletableFuture<ActorStatus> makeEnded() {
        CompletableFuture<ActorStatus> future = ended;
        if (future == null) {
            ended = future = new CompletableFuture<>();
            ActorStatus end =
                    terminal; // read after the future is visible: so one of us completes it
            if (end != null && published) {
                future.complete(end);
            }
        }
        return future;
    }

    /// Puts the activation on its executor.
    void schedule() {
        if (type.isBlocking()) {
            Thread.ofVirtual().name(id().name()).start(this);
        } else {
            proc().execute(this);
        }
    }

    /// A message from an instance of this process. Waits for room.
    void tell(Object message, Origin origin, long replyPort) {
        Mailbox.Node node = node(message, origin, replyPort);
        Mailbox.Push push = mailbox.push(node, limit());
        if (push == Mailbox.Push.QUEUED) {
            return;
        }
        if (push == Mailbox.Push.FULL && !isRunningHere()) {
            push = proc().awaitRoom(() -> mailbox.push(node, limit()), p -> p != Mailbox.Push.FULL);
        }
        afterPush(node, push);
    }

    private static Mailbox.Node node(Object message, Origin origin, long replyPort) {
        return replyPort == 0
                ? new Mailbox.Node(message, origin)
                : new Mailbox.AskNode(message, origin, replyPort);
    }

    private void afterPush(Mailbox.Node node, Mailbox.Push push) {
        switch (push) {
            case QUEUED -> {}
            case WAS_IDLE -> schedule();
            case FULL -> giveBack(node, DeliveryFailure.Reason.QUEUE_FULL, id().toString());
            case CLOSED -> giveBack(node, endReason(), id() + " " + status());
        }
    }

    private boolean isRunningHere() {
        return RUNNER.getOpaque(this) == Thread.currentThread();
    }

    private int limit() {
        return proc().config().mailboxMaxMessages();
    }

    private DeliveryFailure.Reason endReason() {
        return terminal instanceof ActorStatus.Failed || failure != null
                ? DeliveryFailure.Reason.ACTOR_FAILED
                : DeliveryFailure.Reason.ACTOR_STOPPED;
    }

    private void giveBack(Mailbox.Node node, DeliveryFailure.Reason reason, String detail) {
        node.origin.returned(
                new Undeliverable(
                        node.origin.id(),
                        id().port(type.protocol().handlerIndex()),
                        java.util.Optional.of(node.message),
                        List.of(new DeliveryFailure(reason, detail)),
                        Undeliverable.Outcome.NOT_DELIVERED),
                node.replyPort());
    }

    @Override
    boolean acceptMessage(Envelope envelope) {
        MessageType<M> protocol = type.protocol();
        if (envelope.port() != protocol.handlerIndex()) {
            envelope.undeliverable(
                    DeliveryFailure.Reason.HANDLER_NOT_BOUND, id() + " handles " + protocol.name());
            return true;
        }
        if (envelope.typeHash() != protocol.hash()) {
            envelope.undeliverable(
                    DeliveryFailure.Reason.PROTOCOL_MISMATCH, id() + " handles " + protocol.name());
            return true;
        }
        if (mailbox.isFull(limit())) {
            return false;
        }
        Object message = decode(envelope, protocol);
        if (message != null) {
            var node = node(message, envelope.origin(proc(), protocol), envelope.replyPort());
            afterPush(node, mailbox.push(node, Integer.MAX_VALUE)); // room was seen; races are few
        }
        return true;
    }

    @Override
    void cameBack(Undeliverable undeliverable) {
        signal(new Signal.CameBack(undeliverable));
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

    /// Any thread: ends the actor now, whatever it is doing.
    void abort(String reason) {
        ActorStatus end = new ActorStatus.Failed(new HyperactorException.Aborted(id(), reason));
        aborted = true;
        if (!TERMINAL.compareAndSet(this, null, end)) {
            return;
        }
        for (Mailbox.Node n = mailbox.fence(); n != null; n = Mailbox.after(n)) {
            giveBack(n, DeliveryFailure.Reason.ACTOR_FAILED, id() + " aborted: " + reason);
        }
        proc().childrenOf(this).forEach(child -> child.abort(reason));
        publish(end, new SupervisionEvent(id(), end));
        interruptRunner();
    }

    private synchronized void interruptRunner() {
        if (RUNNER.getVolatile(this) instanceof Thread thread) {
            thread.interrupt();
        }
    }

    /// After an activation: an interrupt meant for it must not reach the next one.
    private synchronized void clearInterrupt() {
        var _ = Thread.interrupted();
    }

    // ---- activations

    @Override
    public void run() {
        RUNNER.setOpaque(this, Thread.currentThread());
        boolean again = step();
        if (aborted) {
            leaveAborted();
        } else if (again) {
            proc().executeLater(this);
        }
    }

    /// Runs until there is nothing to do. True: there is more, but others have a turn first.
    private boolean step() {
        int budget = BATCH;
        while (!aborted) {
            if (phase == Phase.NEW) {
                begin();
            }
            if (signals != null) {
                handleSignals();
            }
            Phase now = phase;
            Mailbox.Node node = now == Phase.CLOSING ? null : mailbox.poll();
            if (node != null) {
                handle(node);
                if (--budget == 0) {
                    RUNNER.setOpaque(this, null);
                    return true;
                }
            } else if (now == Phase.DRAINING) {
                close();
            } else if (now == Phase.CLOSING && children == null) {
                end();
                return false;
            } else if (idle()) {
                return false;
            }
        }
        return false;
    }

    /// False if something came meanwhile and this activation goes on.
    private boolean idle() {
        RUNNER.setOpaque(this, null);
        if (mailbox.park() && (signals == null || !mailbox.wake())) {
            return true;
        }
        RUNNER.setOpaque(this, Thread.currentThread());
        return false;
    }

    private void leaveAborted() {
        RUNNER.setVolatile(this, null);
        clearInterrupt();
        for (Mailbox.Node n = mailbox.poll(); n != null; n = mailbox.poll()) {
            giveBack(n, DeliveryFailure.Reason.ACTOR_FAILED, id() + " aborted");
        }
    }

    private void begin() {
        phase = Phase.RUNNING;
        try {
            actor = type.create();
            actor.init(this);
        } catch (Throwable t) {
            fail(t);
        }
    }

    @SuppressWarnings("unchecked")
    private void handle(Mailbox.Node node) {
        Actor<M> behaviour = actor;
        if (behaviour == null) {
            giveBack(node, DeliveryFailure.Reason.ACTOR_FAILED, id().toString());
            return;
        }
        try {
            behaviour.receive(this, (M) node.message);
        } catch (Throwable t) {
            if (node.replyPort() != 0) {
                node.origin.replyFailed(node.replyPort(), id() + " failed: " + Texts.describe(t));
            }
            fail(t);
        }
    }

    private void fail(Throwable cause) {
        if (cause instanceof VirtualMachineError error && !(cause instanceof StackOverflowError)) {
            proc().fatal(error);
        }
        Throwable first = failure;
        if (first == null) {
            failure = cause;
        } else if (!first.equals(cause)) { // a throwable must not suppress itself
            first.addSuppressed(cause);
        }
        close();
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
        for (Signal s = oldest; s != null && !aborted; s = s.next) {
            handleSignal(s);
        }
    }

    private void handleSignal(Signal signal) {
        switch (signal) {
            case Signal.Stop stop -> beginStop(stop);
            case Signal.ChildEnded child -> childEnded(child);
            case Signal.CameBack back -> {
                if (phase != Phase.CLOSING) {
                    call(behaviour -> behaviour.undeliverable(this, back.undeliverable));
                }
            }
        }
    }

    private interface Call<A> {
        void on(A behaviour) throws Exception;
    }

    private void call(Call<Actor<M>> call) {
        Actor<M> behaviour = actor;
        if (behaviour != null) {
            try {
                call.on(behaviour);
            } catch (Throwable t) {
                fail(t);
            }
        }
    }

    private void childEnded(Signal.ChildEnded ended) {
        Set<ActorCell<?>> known = children;
        if (known != null) {
            known.remove(ended.child);
            if (known.isEmpty()) {
                children = null;
            }
        }
        if (phase == Phase.CLOSING) {
            return; // they end because this actor does
        }
        call(behaviour -> {
            if (!behaviour.childEnded(this, ended.event)
                    && ended.event.status() instanceof ActorStatus.Failed(Throwable cause)) {
                throw new HyperactorException.ChildFailed(ended.event, cause);
            }
        });
    }

    private void beginStop(Signal.Stop stop) {
        if (phase == Phase.RUNNING) {
            stopReason = stop.reason;
            mailbox.close();
            phase = Phase.DRAINING;
        }
        if (phase == Phase.DRAINING && !stop.drain) {
            close();
        }
    }

    /// No more messages: gives back what is left and tells the children to end.
    private void close() {
        if (phase == Phase.CLOSING) {
            return;
        }
        phase = Phase.CLOSING;
        mailbox.close();
        for (Mailbox.Node n = mailbox.poll(); n != null; n = mailbox.poll()) {
            giveBack(n, endReason(), id() + (failure == null ? " stopped" : " failed"));
        }
        if (children != null) {
            String reason = failure == null ? "parent draining" : "parent stopping";
            children.forEach(c -> c.signal(new Signal.Stop(reason, failure == null)));
        }
    }

    private void end() {
        call(behaviour -> behaviour.cleanup(this));
        Throwable cause = failure;
        ActorStatus end =
                cause == null ? new ActorStatus.Stopped(stopReason) : new ActorStatus.Failed(cause);
        RUNNER.setOpaque(this, null);
        if (TERMINAL.compareAndSet(this, null, end)) {
            SupervisionEvent event =
                    cause instanceof HyperactorException.ChildFailed child
                            ? child.event()
                            : new SupervisionEvent(id(), end);
            publish(end, event);
        }
    }

    /// The name is free first, then the event is sent, then waiters learn of the end.
    private void publish(ActorStatus end, SupervisionEvent event) {
        proc().unregister(this, end);
        closePorts();
        if (parent != null) {
            parent.signal(new Signal.ChildEnded(this, event));
        } else {
            proc().rootEnded(event);
        }
        published = true;
        CompletableFuture<ActorStatus> waiters = ended;
        if (waiters != null) {
            waiters.complete(end);
        }
    }

    // ---- the actor's own view

    @Override
    public ActorRef<M> self() {
        return new ActorRef<>(address(), type.protocol(), incarnation());
    }

    @Override
    public <C> ActorHandle<C> spawn(String name, ActorType<C> childType) {
        ActorCell<C> child = proc().spawnChild(this, name, childType);
        if (children == null) {
            children = new LinkedHashSet<>();
        }
        children.add(child);
        child.schedule();
        if (aborted) { // too late to be among those that ended with this actor
            child.abort("parent aborted");
        }
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

package io.hyperactor;

import io.hyperactor.channel.Admission;
import io.hyperactor.channel.Secret;
import io.hyperactor.wire.ActorId;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.ProcId;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// One actor runtime: a named set of actors and clients, and the way out for everything that is not
/// among them. A process may hold several.
///
/// **Threads:** any, for all methods. **Closing:** whoever made it closes it; a closed proc takes
/// no new actors and its names stand for nothing.
public final class Proc implements MailboxSender, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Proc.class);

    /// How a proc ended.
    ///
    /// @param stopped root actors that ended in time, in good order or as failures of their own
    /// @param aborted root actors that did not and were forced
    public record Destroyed(List<ActorId> stopped, List<ActorId> aborted) {
        public Destroyed {
            stopped = List.copyOf(stopped);
            aborted = List.copyOf(aborted);
        }
    }

    private final ProcId id;
    private final ProcConfig config;
    private final MailboxSender forwarder;
    private final Dispatcher dispatcher;
    private final Home home;
    private final Replies replies;
    private final Instances instances;
    private final HeldBytes heldBytes;
    private final Holds holds;
    private final Lines lines = new Lines();
    private final AtomicInteger pids = new AtomicInteger();
    private final List<AutoCloseable> owned = new CopyOnWriteArrayList<>();
    private final ProcListeners listeners;
    private final ProcEnd end;
    private @Nullable HandledReports reports; // set before anybody sees the proc

    private Proc(ProcId id, ProcConfig config, MailboxSender forwarder, OwnProcess process) {
        this.id = id;
        this.config = config;
        this.heldBytes = new HeldBytes(config.mailboxesMaxBytes());
        this.forwarder = forwarder;
        this.dispatcher = process.dispatcher();
        this.home = new Home(this, process);
        this.holds = new Holds(process.clockwork()::nanoTime);
        this.replies = new Replies(dispatcher);
        this.instances = new Instances(id);
        this.listeners = new ProcListeners(id);
        this.end = new ProcEnd(this, instances);
    }

    /// A proc of this identity that sends everything not for itself through `forwarder`, which it
    /// does not close. Serve it with [MailboxServer] to make it reachable.
    public static Proc configured(ProcId id, MailboxSender forwarder) {
        return configured(id, forwarder, ProcConfig.defaults());
    }

    /// Like [#configured(ProcId, MailboxSender)], with other bounds.
    public static Proc configured(ProcId id, MailboxSender forwarder, ProcConfig config) {
        return configured(id, forwarder, config, OwnProcess.shared());
    }

    static Proc configured(
            ProcId id, MailboxSender forwarder, ProcConfig config, OwnProcess process) {
        Proc proc = new Proc(id, config, forwarder, process);
        HandledReports reports = proc.reportTo(forwarder, id.address());
        proc.owned.add(reports::report);
        return proc;
    }

    /// From now on it tells by way of `out` what it has handled.
    ///
    /// @param except what senders at that address sent is counted by nobody
    private HandledReports reportTo(MailboxSender out, @Nullable ChannelAddress except) {
        HandledReports made = new HandledReports(id, new Home(out, home.process()), except);
        reports = made;
        return made;
    }

    /// A proc of this identity that sends everything not for itself to `address` over one channel
    /// of its own, which is dialled when the first message goes out, and again when it has ended.
    ///
    /// @param secret what it shows there
    public static Proc forwarding(
            ProcId id, ChannelAddress address, Secret secret, ProcConfig config) {
        return forwarding(id, address, secret, config, OwnProcess.shared());
    }

    static Proc forwarding(
            ProcId id,
            ChannelAddress address,
            Secret secret,
            ProcConfig config,
            OwnProcess process) {
        DialRouter out = DialRouter.through(config.channels(), address, secret, process);
        Proc proc = new Proc(id, config, out, process);
        HandledReports reports = proc.reportTo(out, null);
        out.returnTo(proc);
        proc.owned.add(reports::report); // when what it serves is closed, and nothing more comes
        proc.owned.add(proc.end::flushAgain);
        proc.owned.add(reports::report); // what went back first and waited for room is on its way
        proc.owned.add(out);
        return proc;
    }

    /// A proc that stands alone: it serves `address` to all whom the transport lets in, takes the
    /// bound address as its identity, and dials whomever it sends to.
    ///
    /// @throws io.hyperactor.channel.ChannelException if the address can not be served
    public static Proc direct(ChannelAddress address, String name) {
        return direct(address, name, ProcConfig.defaults());
    }

    /// Like [#direct(ChannelAddress, String)], with other bounds.
    public static Proc direct(ChannelAddress address, String name, ProcConfig config) {
        return direct(address, name, config, OwnProcess.shared());
    }

    static Proc direct(ChannelAddress address, String name, ProcConfig config, OwnProcess process) {
        DialRouter router = DialRouter.in(process, config.channels());
        MailboxServer server = MailboxServer.bind(config, address, Admission.open(), process);
        Proc proc = new Proc(new ProcId(server.address(), name), config, router, process);
        HandledReports reports = proc.reportTo(router, server.address());
        router.returnTo(proc);
        router.owns(server.address());
        server.serve(proc, router);
        proc.owned.add(server);
        proc.owned.add(reports::report);
        proc.owned.add(proc.end::flushAgain);
        proc.owned.add(reports::report);
        proc.owned.add(router);
        return proc;
    }

    /// A proc without a way out: messages for elsewhere come back.
    public static Proc local(String name) {
        return local(name, OwnProcess.shared());
    }

    static Proc local(String name, OwnProcess process) {
        ProcId id = new ProcId(new ChannelAddress.Local(0), name);
        return new Proc(id, ProcConfig.defaults(), new Unroutable(), process);
    }

    /// Has [#close()] close `part` too, before what was handed over earlier: a server of this proc.
    public void closes(AutoCloseable part) {
        owned.addFirst(part);
    }

    /// Its identity.
    public ProcId id() {
        return id;
    }

    /// Its bounds.
    public ProcConfig config() {
        return config;
    }

    // ---- actors and clients

    /// Spawns a root actor. Returns at once; the actor's `init` runs in its first activation.
    ///
    /// @throws HyperactorException.NameTaken if a live root actor or client has the name
    /// @throws HyperactorException.ProcClosed if the proc is stopping
    public <M> ActorHandle<M> spawn(String name, ActorType<M> type) {
        ActorCell<M> cell =
                instances.register(new ActorCell<>(this, id.actor(name, 0), type, null));
        cell.schedule();
        return new ActorHandle<>(cell);
    }

    /// Attaches a client: a named sender and owner of ports for plain threads.
    ///
    /// @throws HyperactorException.NameTaken if a live root actor or client has the name
    public Client client(String name) {
        return instances.register(new Client(this, id.actor(name, 0)));
    }

    <M> ActorCell<M> spawnChild(ActorCell<?> parent, String name, ActorType<M> type) {
        ActorId child = id.actor(name, pids.incrementAndGet() & Integer.MAX_VALUE);
        return instances.register(new ActorCell<>(this, child, type, parent));
    }

    Instances instances() {
        return instances;
    }

    @Nullable InstanceCell find(ActorId actor) {
        return instances.find(actor);
    }

    /// The ids of the live actors, in no order. Clients are not among them.
    public List<ActorId> actors() {
        List<ActorId> ids = new ArrayList<>();
        for (ActorCell<?> actor : instances.actors()) {
            ids.add(actor.id());
        }
        return ids;
    }

    /// How many messages wait in the mailboxes of its actors, roughly.
    public long queuedMessages() {
        long sum = 0;
        for (ActorCell<?> actor : instances.actors()) {
            sum += actor.queued();
        }
        return sum;
    }

    /// How many bytes of messages from other procs wait in its mailboxes and ports, roughly: of
    /// each as many whole steps of 4 KiB as it holds. At most [ProcConfig#mailboxesMaxBytes].
    public long queuedBytes() {
        return heldBytes.sum();
    }

    HeldBytes heldBytes() {
        return heldBytes;
    }

    /// What is told of a message for which there are too many bytes already.
    String fullOfBytes() {
        return id + " has " + heldBytes.sum() + " bytes waiting in all";
    }

    /// See [Dispatcher#turn()].
    int turn() {
        return dispatcher.turn();
    }

    /// See [Dispatcher#batchNanos()].
    long batchNanos() {
        return dispatcher.batchNanos();
    }

    void execute(Runnable activation) {
        dispatcher.execute(activation);
    }

    void executeLater(Runnable activation) {
        dispatcher.requeue(activation);
    }

    /// See [Dispatcher#hasten].
    void hasten(Runnable activation) {
        dispatcher.hasten(activation);
    }

    /// Where news goes that this proc has for others.
    Home home() {
        return home;
    }

    Clockwork clockwork() {
        return home.process().clockwork();
    }

    /// Who completes the futures of requests of this proc.
    Replies replies() {
        return replies;
    }

    // ---- supervision

    /// Told of the end of each root actor, and thereby of each failure that no parent handled. The
    /// default logs failures. On a thread of the runtime: must not block.
    public void supervise(Consumer<SupervisionEvent> listener) {
        listeners.supervisor = listener;
    }

    /// Told of errors of the virtual machine itself, such as a lack of memory, that an actor ran
    /// into. The default logs.
    public void onFatal(Consumer<Error> listener) {
        listeners.onFatal = listener;
    }

    /// Told of each actor that has not come back from one thing for [ProcConfig#stuckAfter()], and
    /// again each time that it has been away for twice as long. The default logs a warning. On a
    /// thread of its own.
    public void onStuck(Consumer<StuckActor> listener) {
        listeners.onStuck = listener;
    }

    /// Completes with the first unhandled failure of an actor of this proc.
    public CompletableFuture<SupervisionEvent> failed() {
        return listeners.failed.copy();
    }

    /// Those whom it tells.
    ProcListeners listeners() {
        return listeners;
    }

    // ---- messages

    /// Sends on behalf of an instance of this proc; waits for room, and while it is asked to hold
    /// back, for [ProcConfig#sendWait()] in all. What is held for longer is tried all the same.
    ///
    /// @param heedsHolds false for an answer: who asks bounds how many come, and the one that
    ///   answers is there for others too
    /// @param patience nanoseconds; who has less than [ProcConfig#sendWait()] has no use for what
    ///   goes later
    void route(Envelope envelope, boolean heedsHolds, long patience) {
        if (!(heedsHolds && holdsBack(envelope)) && offer(envelope)) {
            return;
        }
        boolean taken =
                awaitRoom(
                        heedsHolds ? envelope.destinationAddress().id() : id,
                        patience,
                        () -> !(heedsHolds && holdsBack(envelope)) && offer(envelope),
                        done -> done);
        if (!taken && (patience < nanos(config.sendWait()) || !offer(envelope))) {
            envelope.undeliverable(
                    DeliveryFailure.Reason.QUEUE_FULL, envelope.destination().toString());
        }
    }

    private boolean holdsBack(Envelope envelope) {
        return !holds.isEmpty() && holds.holds(envelope);
    }

    @Override
    public boolean isHomeOf(ProcId proc) {
        return proc.equals(id);
    }

    /// Tries again and again until it is done or patience ends, after all who wait at the same
    /// place already, such as an actor, off the dispatcher's books.
    <T> T awaitRoom(Object at, long patience, Supplier<T> attempt, Predicate<T> done) {
        Dispatcher.blocking();
        long nanos = Math.min(patience, nanos(config.sendWait()));
        return lines.await(at, nanos, attempt, done);
    }

    @Override
    public boolean offer(Envelope envelope) {
        Address to = envelope.destinationAddress();
        InstanceCell known = to.holderIn(this);
        return known != null ? known.accept(envelope) : offerByMap(envelope, to);
    }

    private boolean offerByMap(Envelope envelope, Address to) {
        ActorId actor = to.id();
        if (!actor.proc().equals(id)) {
            return forwarder.offer(envelope);
        }
        InstanceCell target = instances.find(actor);
        to.heldBy(target);
        if (target != null) {
            return target.accept(envelope);
        }
        if (envelope.isReturn() && heard(envelope)) {
            return true;
        }
        ActorStatus ended = instances.endOf(actor);
        envelope.undeliverable(
                envelope.isForPort() ? DeliveryFailure.Reason.PORT_GONE : reason(ended),
                ended == null ? actor.toString() : actor + " " + ended);
        return true;
    }

    /// Why an actor takes no messages.
    private static DeliveryFailure.Reason reason(@Nullable ActorStatus end) {
        return switch (end) {
            case ActorStatus.Failed _ -> DeliveryFailure.Reason.ACTOR_FAILED;
            case null -> DeliveryFailure.Reason.ACTOR_NOT_EXIST;
            default -> DeliveryFailure.Reason.ACTOR_STOPPED;
        };
    }

    /// Where it tells what it has handled of `sender`; null if nobody is told.
    @Nullable HandledReports reportsTo(Address sender) {
        return reports != null && reports.areFor(sender) ? reports : null;
    }

    /// News for all in this proc, by way of one of them who may be gone.
    ///
    /// @return false if it is something else
    boolean heard(Envelope envelope) {
        if (envelope.port() == Hold.PORT && envelope.typeHash() == Hold.TYPE.hash()) {
            News.read(envelope, Hold.TYPE, News.SHORT_MAX_BYTES, hold -> hear(hold, envelope));
            return true;
        }
        if (envelope.port() == ProcDied.PORT && envelope.typeHash() == ProcDied.TYPE.hash()) {
            News.read(envelope, ProcDied.TYPE, ProcDied.MAX_BYTES, died -> hear(died, envelope));
            return true;
        }
        return false;
    }

    private void hear(Hold hold, Envelope news) {
        if (hold.isOf(news.sender())) {
            holds.apply(hold);
        } else {
            Counters.forbidden(news, "somebody whom it is not about");
        }
    }

    private void hear(ProcDied died, Envelope news) {
        if (died.proc().equals(news.sender().proc()) && !died.proc().equals(id)) {
            unanswered(died::concerns, DeliveryFailure.Reason.PROC_DIED, "");
        } else {
            Counters.forbidden(news, "somebody whom it is not about");
        }
    }

    /// Fails such open asks of whoever is in here: there will be no answer.
    void unanswered(Predicate<OncePort<?>> asks, DeliveryFailure.Reason reason, String detail) {
        instances.all().forEach(instance -> instance.unanswered(asks, reason, detail));
    }

    /// Whether it was asked to send nothing somewhere, for the moment.
    boolean holdsBack() {
        return !holds.isEmpty();
    }

    @Override
    public CompletableFuture<Void> flush() {
        CompletableFuture<Void> returns = home.drained();
        return returns.isDone() ? forwarder.flush() : returns.thenCompose(_ -> forwarder.flush());
    }

    // ---- the end

    /// Ends the proc from inside or outside, in the background: drains its actors within `grace`,
    /// aborts the rest, then flushes what goes out. Calling again gives the same end.
    public CompletableFuture<Destroyed> stop(Duration grace, String reason) {
        end.begin(grace, reason);
        return ended();
    }

    /// Completes when the proc has been ended by [#stop] or [#destroyAndWait].
    public CompletableFuture<Destroyed> ended() {
        return end.over().copy();
    }

    /// Ends all actors and waits for it: each root actor is asked to drain; those that have not
    /// ended within `timeout`, all together, are aborted; zero aborts at once. Then outgoing
    /// messages are flushed, at most [ProcConfig#flushTimeout()] long. Clients are left alone.
    ///
    /// **Order:** root actors drain at the same time, each after its children.
    ///
    /// @return which ended and which were forced, of the first call if there were several
    public Destroyed destroyAndWait(Duration timeout, String reason) throws InterruptedException {
        Dispatcher.blocking();
        try {
            return stop(timeout, reason).get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("end of " + id, e.getCause());
        }
    }

    /// As much as a long can hold: an endless wait is no mistake.
    static long nanos(Duration duration) {
        return TimeUnit.NANOSECONDS.convert(duration);
    }

    /// Drains for at most [ProcConfig#flushTimeout()], then closes clients, whatever this proc
    /// serves and, after what came until then and goes back has arrived, whatever it dials. May be
    /// called twice.
    @Override
    public void close() {
        try {
            destroyAndWait(config.flushTimeout(), "proc closed");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the drain goes on; only nobody waits for it
        } catch (IllegalStateException e) {
            LOG.error("while closing {}", id, e); // what it serves must be closed all the same
        }
        for (InstanceCell cell : instances.all()) {
            if (cell instanceof Client client) {
                client.close();
            }
        }
        owned.forEach(Proc::closeQuietly);
    }

    private static void closeQuietly(AutoCloseable part) {
        try {
            part.close();
        } catch (Exception e) {
            LOG.warn("while closing {}", part, e);
        }
    }

    @Override
    public String toString() {
        return id.toString();
    }
}

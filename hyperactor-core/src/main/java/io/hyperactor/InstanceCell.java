package io.hyperactor;

import io.hyperactor.wire.ActorId;
import io.hyperactor.wire.MessageType;
import io.hyperactor.wire.PortId;
import io.hyperactor.wire.WireFormatException;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// The runtime's object for an actor or a client: identity, open ports, sending.
abstract class InstanceCell implements Instance, Origin {
    private static final Duration SPAWN_TIMEOUT = Duration.ofSeconds(30);

    /// What others may send it besides messages. Made when it is first needed, for most actors do
    /// without.
    private static final class Contacts {
        /// What news about its messages must show. Unlike its incarnation it is in no ref, so only
        /// those know it whom it has sent something, and the hosts on the way.
        final long asSender; // never 0

        final AtomicLong opened = new AtomicLong(); // the first port is 1: 0 stands for none
        final Map<Long, PortCell<?>> open = new ConcurrentHashMap<>();

        Contacts(long asSender) {
            this.asSender = asSender;
        }
    }

    private final Proc proc;
    private final ActorId id;
    private final long incarnation; // never 0
    private volatile @Nullable Address address;
    private volatile @Nullable Contacts contacts;

    InstanceCell(Proc proc, ActorId id) {
        this.proc = proc;
        this.id = id;
        this.incarnation = proc.clockwork().random() | 1;
    }

    @Override
    public final ActorId id() {
        return id;
    }

    @Override
    public final Proc proc() {
        return proc;
    }

    /// Which life of its name it is: in its refs.
    final long incarnation() {
        return incarnation;
    }

    @Override
    public final long senderIncarnation() {
        return contacts().asSender;
    }

    final Address address() {
        Address known = address;
        if (known == null) {
            address = known = Address.of(id);
        }
        return known;
    }

    abstract ActorStatus status();

    /// Whether its end has not been decided; [#status()] tells of the end a little later.
    abstract boolean acceptsMessages();

    /// Takes back an instance that its maker was not given. False if it has ended otherwise.
    abstract boolean withdraw();

    // ---- sending

    @Override
    public final <T> void send(ActorRef<T> to, T message) {
        send(to, message, null, Long.MAX_VALUE);
    }

    /// @param ask waits for the answer; null if there is to be none
    /// @param patience nanoseconds to wait for room at most, if that is less than what always holds
    private <T> void send(ActorRef<T> to, T message, @Nullable OncePort<?> ask, long patience) {
        long replyPort = ask == null ? 0 : ask.index();
        ActorCell<?> local = to.resolve(proc);
        if (local != null) {
            local.tell(message, this, replyPort, patience);
        } else {
            proc.route(
                    new ObjectEnvelope(
                            this,
                            address(),
                            to.address(),
                            to.type().handlerIndex(),
                            to.incarnation(),
                            replyPort,
                            false,
                            message,
                            to.type(),
                            ask),
                    true,
                    patience);
        }
    }

    @Override
    public final <T> void send(PortRef<T> to, T message) {
        sendToPort(to, message);
    }

    @Override
    public final <T> void send(OncePortRef<T> to, T message) {
        sendToPort(to, message);
    }

    private <T> void sendToPort(AnyPortRef<T> to, T message) {
        PortCell<T> local = to.localIn(proc);
        if (local != null) {
            DeliveryFailure.Reason refused = local.accept(message, 0, null);
            if (refused != null) {
                returned(notDelivered(to.id(), message, refused, to.id().toString()), 0);
            }
            return;
        }
        MessageType<T> type = to.type();
        if (type == null) {
            throw new IllegalStateException(
                    "port " + to.id() + " was opened without a type and never sent anywhere");
        }
        proc.route(
                new ObjectEnvelope(
                        this,
                        address(),
                        to.owner(),
                        to.index(),
                        to.incarnation(),
                        0,
                        false,
                        message,
                        type,
                        null),
                !(to instanceof OncePortRef),
                Long.MAX_VALUE);
    }

    @Override
    public final <T, R> R ask(ActorRef<T> to, Function<OncePortRef<R>, T> request, Duration timeout)
            throws InterruptedException {
        long began = System.nanoTime();
        try (OncePort<R> answer = openOncePort()) {
            answer.asks(to);
            send(to, request.apply(answer.ref()), answer, Proc.nanos(timeout));
            return answer.receive(timeout, began, to.id());
        }
    }

    @Override
    public final <T, R> CompletableFuture<R> request(
            ActorRef<T> to, Function<OncePortRef<R>, T> request, Duration timeout) {
        OncePort<R> answer = openOnce(null, proc.replies());
        answer.limit(timeout, to.id());
        answer.asks(to);
        send(to, request.apply(answer.ref()), answer, Proc.nanos(timeout));
        return answer.value();
    }

    @Override
    public final <T> ActorRef<T> spawn(
            ActorRef<ProcAgentMessage> agent, String name, ActorType<T> type)
            throws InterruptedException {
        ProcAgentMessage.Spawned answer =
                ask(
                        agent,
                        replyTo ->
                                new ProcAgentMessage.Spawn(
                                        type.name(), name, type.encodedParams(), replyTo),
                        SPAWN_TIMEOUT);
        return switch (answer) {
            case ProcAgentMessage.Refused(String why) ->
                    throw new HyperactorException.SpawnRefused(name, agent.id(), why);
            case ProcAgentMessage.Started(ActorId actor, long hash, long pinned) -> {
                if (hash != type.protocol().hash()) {
                    throw new HyperactorException.SpawnRefused(
                            name, agent.id(), "its '" + type.name() + "' speaks another protocol");
                }
                yield ActorRef.pinned(actor, type.protocol(), pinned);
            }
        };
    }

    // ---- ports

    @Override
    public final <T> Port<T> openPort(Class<T> type) {
        Contacts known = contacts();
        long index = known.opened.incrementAndGet();
        return register(
                known,
                new Port<>(this, index, Protocols.of(type), proc.config(), proc.heldBytes()));
    }

    @Override
    public final <T> OncePort<T> openOncePort() {
        return openOnce(null, null);
    }

    @Override
    public final <T> OncePort<T> openOncePort(Class<T> type) {
        return openOnce(Protocols.of(type), null);
    }

    private <T> OncePort<T> openOnce(@Nullable MessageType<T> type, @Nullable Replies replies) {
        Contacts known = contacts();
        long index = known.opened.incrementAndGet();
        return register(known, new OncePort<>(this, index, type, replies));
    }

    private <P extends PortCell<?>> P register(Contacts known, P port) {
        known.open.put(port.index(), port);
        if (!acceptsMessages()) { // seen after the put: so the closing owner or we close it
            port.fail(new AskException.AskerEnded(id));
        }
        return port;
    }

    /// False if the port is not open any more.
    final boolean forget(PortCell<?> port) {
        return contacts().open.remove(port.index(), port);
    }

    private Contacts contacts() {
        Contacts known = contacts;
        return known != null ? known : makeContacts();
    }

    private synchronized Contacts makeContacts() {
        Contacts known = contacts;
        if (known == null) {
            contacts = known = new Contacts(proc.clockwork().secret() | 1);
        }
        return known;
    }

    /// The owner has ended, and says so in [#acceptsMessages()].
    final void closePorts() {
        Contacts known = contacts;
        if (known != null) {
            known.open.values().forEach(port -> port.fail(new AskException.AskerEnded(id)));
        }
    }

    /// Fails such open asks: there will be no answer.
    final void unanswered(
            Predicate<OncePort<?>> asks, DeliveryFailure.Reason reason, String detail) {
        Contacts known = contacts;
        if (known == null) {
            return;
        }
        for (PortCell<?> port : known.open.values()) {
            if (port instanceof OncePort<?> ask && asks.test(ask)) {
                ask.unanswered(reason, detail);
            }
        }
    }

    // ---- arriving envelopes

    /// Takes an envelope for this instance, or returns it. False: no room now, nothing was done.
    final boolean accept(Envelope envelope) {
        if (envelope.isForControl()) {
            acceptControl(envelope);
            return true;
        }
        boolean isForPort = envelope.isForPort();
        if (envelope.incarnation() != 0 && envelope.incarnation() != incarnation) {
            envelope.undeliverable(
                    isForPort
                            ? DeliveryFailure.Reason.PORT_GONE
                            : DeliveryFailure.Reason.ACTOR_RESTARTED,
                    id.toString());
            return true;
        }
        if (isForPort) {
            acceptAtPort(envelope);
            return true;
        }
        return acceptMessage(envelope);
    }

    abstract boolean acceptMessage(Envelope envelope);

    private void acceptControl(Envelope envelope) {
        if (!proc.heard(envelope)) { // else it was for all in this proc
            acceptNews(envelope);
        }
    }

    /// Only from those who know what its envelopes say.
    private void acceptNews(Envelope envelope) {
        Contacts known = contacts;
        if (known == null || envelope.incarnation() != known.asSender) {
            envelope.undeliverable(
                    DeliveryFailure.Reason.ACTOR_RESTARTED, "no news about a message of " + id);
        } else if (isNews(envelope, Returned.PORT, Returned.TYPE)) {
            News.read(
                    envelope,
                    Returned.TYPE,
                    Returned.MAX_BYTES,
                    returned -> returned.arrive(this, envelope));
        } else if (isNews(envelope, RequestFailed.PORT, RequestFailed.TYPE)) {
            News.read(
                    envelope,
                    RequestFailed.TYPE,
                    News.SHORT_MAX_BYTES,
                    failed -> hear(failed, envelope));
        } else if (isNews(envelope, InDoubt.PORT, InDoubt.TYPE)) {
            News.read(
                    envelope,
                    InDoubt.TYPE,
                    News.SHORT_MAX_BYTES,
                    inDoubt -> hear(inDoubt, envelope));
        } else {
            envelope.undeliverable(
                    DeliveryFailure.Reason.PORT_NEVER_ALLOCATED, "no such control port");
        }
    }

    private void hear(RequestFailed failed, Envelope news) {
        if (isAsked(failed.replyPort(), news.sender())) {
            replyFailed(failed.replyPort(), failed.failure());
        } else {
            Counters.forbidden(news, "somebody who was not asked");
        }
    }

    private void hear(InDoubt inDoubt, Envelope news) {
        if (inDoubt.destination().equals(news.sender())) {
            cameBack(inDoubt.undeliverable(id));
        } else {
            Counters.forbidden(news, "somebody whom nothing was sent to");
        }
    }

    private static boolean isNews(Envelope envelope, long port, MessageType<?> type) {
        return envelope.port() == port && envelope.typeHash() == type.hash();
    }

    /// Whether `actor` is whom the request was sent to that waits at that port, if one still does.
    final boolean isAsked(long replyPort, ActorId actor) {
        Contacts known = contacts;
        PortCell<?> port = known == null ? null : known.open.get(replyPort);
        ActorRef<?> asked = port instanceof OncePort<?> answer ? answer.asked() : null;
        return asked == null ? port == null : asked.id().equals(actor);
    }

    @SuppressWarnings("unchecked")
    private void acceptAtPort(Envelope envelope) {
        long index = envelope.port();
        Contacts known = contacts;
        var port = known == null ? null : (PortCell<Object>) known.open.get(index);
        if (port == null) {
            boolean existed = known != null && index > 0 && index <= known.opened.get();
            envelope.undeliverable(
                    existed
                            ? DeliveryFailure.Reason.PORT_GONE
                            : DeliveryFailure.Reason.PORT_NEVER_ALLOCATED,
                    envelope.destination().toString());
            return;
        }
        MessageType<Object> type = port.type();
        if (type == null || type.hash() != envelope.typeHash()) {
            notAnAnswer(envelope);
            envelope.undeliverable(
                    DeliveryFailure.Reason.PROTOCOL_MISMATCH,
                    envelope.destination()
                            + (type == null ? " has no type yet" : " takes " + type.name()));
            return;
        }
        int bytes = envelope.wireBytes();
        if (port.isFullFor(bytes)) {
            envelope.undeliverable(
                    DeliveryFailure.Reason.QUEUE_FULL, envelope.destination().toString());
            return;
        }
        Object message = decode(envelope, type);
        if (message == null) {
            notAnAnswer(envelope);
            return;
        }
        DeliveryFailure.Reason refused = port.accept(message, bytes, envelope.arrivals());
        if (refused != null) {
            envelope.undeliverable(refused, envelope.destination().toString());
        }
    }

    /// What came to a port cannot be read. Who was asked there has answered, so nobody waits on.
    private void notAnAnswer(Envelope envelope) {
        if (isAsked(envelope.port(), envelope.sender())) {
            replyFailed(
                    envelope.port(),
                    "the answer of " + envelope.sender() + " can not be read here");
        }
    }

    /// The payload, or null after having returned an envelope that does not hold what it says.
    static @Nullable Object decode(Envelope envelope, MessageType<?> type) {
        try {
            return envelope.message(type);
        } catch (RuntimeException | Error e) { // also of what the message's own classes throw
            if (!Envelope.isOfOneMessage(e)) {
                throw e;
            }
            envelope.undeliverable(
                    DeliveryFailure.Reason.PROTOCOL_MISMATCH,
                    type.name()
                            + ": "
                            + (e instanceof WireFormatException
                                    ? e.getMessage()
                                    : Texts.describe(e)));
            return null;
        }
    }

    // ---- news about sent messages

    @Override
    public final void returned(Undeliverable undeliverable, long replyPort) {
        if (!failRequest(replyPort, () -> new AskException.Undelivered(undeliverable))) {
            cameBack(undeliverable);
        }
    }

    final Undeliverable notDelivered(
            PortId to, Object message, DeliveryFailure.Reason reason, String detail) {
        DeliveryFailure failure = new DeliveryFailure(reason, detail);
        Counters.undelivered(failure);
        return new Undeliverable(
                id,
                to,
                Optional.of(message),
                List.of(failure),
                Undeliverable.Outcome.NOT_DELIVERED);
    }

    /// A plain message of this instance came back.
    abstract void cameBack(Undeliverable undeliverable);

    @Override
    public final void replyFailed(long replyPort, String failure) {
        failRequest(replyPort, () -> new AskException.HandlerFailed(failure));
    }

    private boolean failRequest(long replyPort, Supplier<AskException> cause) {
        Contacts known = contacts;
        PortCell<?> port = replyPort == 0 || known == null ? null : known.open.get(replyPort);
        if (port != null) {
            port.fail(cause.get());
        }
        return replyPort != 0; // a request whose asker has given up needs nobody else to know
    }
}

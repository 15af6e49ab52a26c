package io.hyperactor;

import io.hyperactor.wire.ActorId;
import io.hyperactor.wire.MessageType;
import io.hyperactor.wire.ProcId;
import io.hyperactor.wire.WireReader;
import io.hyperactor.wire.WireWriter;

import org.jspecify.annotations.Nullable;

import java.util.function.Function;
import java.util.function.Supplier;

/// What an actor is spawned from: a stable name, a protocol, and how to make a fresh behaviour.
///
/// The name is what crosses processes, never a class and never an instance: a proc spawns only the
/// types that it was started with ([ActorTypes]).
///
/// @param <M> the protocol
public final class ActorType<M> implements ActorDefinition<M> {
    private static final int PARAMS_INITIAL_BYTES = 64;

    private final String name;
    private final MessageType<M> protocol;
    private final Supplier<? extends Actor<M>> factory;
    private final byte[] params;
    private final boolean blocking;
    private final @Nullable Guard<M> guard;

    /// What an actor takes from whom in other procs.
    @FunctionalInterface
    interface Guard<M> {
        /// Whether it takes this.
        ///
        /// @param own the actor's proc
        boolean takes(ProcId own, ActorId sender, M message);
    }

    private ActorType(
            String name,
            MessageType<M> protocol,
            Supplier<? extends Actor<M>> factory,
            byte[] params,
            boolean blocking,
            @Nullable Guard<M> guard) {
        this.name = name;
        this.protocol = protocol;
        this.factory = factory;
        this.params = params;
        this.blocking = blocking;
        this.guard = guard;
    }

    /// A type of actors without parameters.
    ///
    /// @param name stable and unique among the types of a program
    /// @param protocol a sealed interface of records, or one record
    /// @param factory makes a fresh behaviour; called once per actor, in its own first activation
    /// @throws io.hyperactor.wire.WireException if a part of the protocol has no codec
    public static <M> ActorType<M> of(
            String name, Class<M> protocol, Supplier<? extends Actor<M>> factory) {
        return new ActorType<>(name, Protocols.of(protocol), factory, new byte[0], false, null);
    }

    /// A type of actors that are made from a record of parameters.
    public static <P, M> WithParams<P, M> of(
            String name,
            Class<M> protocol,
            Class<P> params,
            Function<P, ? extends Actor<M>> factory) {
        return new WithParams<>(name, Protocols.of(protocol), Protocols.of(params), factory, false);
    }

    /// The same type for actors whose handlers block often or long: each activation runs on a
    /// virtual thread, so any number of them may block at once without costing a platform thread.
    public ActorType<M> blocking() {
        return new ActorType<>(name, protocol, factory, params, true, guard);
    }

    /// The same type for actors that do not take everything from everybody: what they do not goes
    /// back as `FORBIDDEN` before they see it.
    ActorType<M> guarded(Guard<M> by) {
        return new ActorType<>(name, protocol, factory, params, blocking, by);
    }

    boolean takes(ProcId own, ActorId sender, Object message) {
        return guard == null || guard.takes(own, sender, cast(message));
    }

    @SuppressWarnings("unchecked") // it was decoded as one
    private M cast(Object message) {
        return (M) message;
    }

    @Override
    public String name() {
        return name;
    }

    /// The protocol, with its codec.
    public MessageType<M> protocol() {
        return protocol;
    }

    boolean isBlocking() {
        return blocking;
    }

    Actor<M> create() {
        return factory.get();
    }

    byte[] encodedParams() {
        return params.clone();
    }

    @Override
    public ActorType<M> bind(byte[] encodedParams) {
        if (encodedParams.length != 0) {
            throw new IllegalArgumentException("actor type '" + name + "' takes no parameters");
        }
        return this;
    }

    @Override
    public String toString() {
        return name;
    }

    /// A type of actors that need a record of parameters to be spawned.
    ///
    /// @param <P> the parameters
    /// @param <M> the protocol
    public static final class WithParams<P, M> implements ActorDefinition<M> {
        private final String name;
        private final MessageType<M> protocol;
        private final MessageType<P> paramsType;
        private final Function<P, ? extends Actor<M>> factory;
        private final boolean blocking;

        private WithParams(
                String name,
                MessageType<M> protocol,
                MessageType<P> paramsType,
                Function<P, ? extends Actor<M>> factory,
                boolean blocking) {
            this.name = name;
            this.protocol = protocol;
            this.paramsType = paramsType;
            this.factory = factory;
            this.blocking = blocking;
        }

        /// The type with its parameters filled in, ready to be spawned here or in another proc.
        public ActorType<M> with(P params) {
            WireWriter out = new WireWriter(PARAMS_INITIAL_BYTES);
            paramsType.write(out, params);
            return new ActorType<>(
                    name, protocol, () -> factory.apply(params), out.toByteArray(), blocking, null);
        }

        /// See [ActorType#blocking()].
        public WithParams<P, M> blocking() {
            return new WithParams<>(name, protocol, paramsType, factory, true);
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public ActorType<M> bind(byte[] encodedParams) {
            return with(
                    paramsType.readFully(new WireReader(encodedParams, 0, encodedParams.length)));
        }

        @Override
        public String toString() {
            return name;
        }
    }
}

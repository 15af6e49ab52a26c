package io.hyperactor;

import io.hyperactor.wire.ActorId;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/// Somebody who can send: an actor while it handles a message, or a client that a plain thread
/// drives.
///
/// **Delivery:** a message is delivered at most once, and in the order it was sent, per sender and
/// destination. If it can't be delivered it comes back. When the destination's queue is full a send
/// waits for room, at most [ProcConfig#sendWait()], and then the message comes back too.
public interface Instance {
    /// Who this is.
    ActorId id();

    /// The proc this lives in.
    Proc proc();

    /// Sends a message to an actor.
    <T> void send(ActorRef<T> to, T message);

    /// Sends a message to a port.
    <T> void send(PortRef<T> to, T message);

    /// Sends the one message to a once-port.
    <T> void send(OncePortRef<T> to, T message);

    /// Sends a request and waits for the answer. In an actor this blocks the actor, no other.
    /// Waiting for room counts: with it too it takes no longer than `timeout`.
    ///
    /// @param request makes the message from the once-port where the answer is to go
    /// @throws AskException if there is none: no time left, not delivered, or the handler threw
    <T, R> R ask(ActorRef<T> to, Function<OncePortRef<R>, T> request, Duration timeout)
            throws InterruptedException;

    /// Like [#ask] without waiting for the answer, only for room. Completes with the answer, or
    /// exceptionally with an [AskException], on a thread of the dispatcher.
    <T, R> CompletableFuture<R> request(
            ActorRef<T> to, Function<OncePortRef<R>, T> request, Duration timeout);

    /// Opens a port for messages of `type`. Whoever opened it closes it.
    <T> Port<T> openPort(Class<T> type);

    /// Opens a port for one message. Its type is learnt from the first message that the ref becomes
    /// part of; in the same proc none is needed.
    <T> OncePort<T> openOncePort();

    /// Opens a port for one message of `type`.
    <T> OncePort<T> openOncePort(Class<T> type);

    /// Spawns an actor in the proc of `agent`, which may be another process, and waits until its
    /// proc has it. The actor's parent is that proc.
    ///
    /// @throws HyperactorException.SpawnRefused if the proc does not know the type, the name is
    ///   taken, or the proc is stopping
    /// @throws AskException if the agent did not answer
    <T> ActorRef<T> spawn(ActorRef<ProcAgentMessage> agent, String name, ActorType<T> type)
            throws InterruptedException;
}

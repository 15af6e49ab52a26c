package io.hyperactor;

import io.hyperactor.wire.ActorId;
import io.hyperactor.wire.MessageType;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A port that takes one message. Closed by the first message, by [#close()], or by the end of its
/// owner.
///
/// **Threads:** any.
///
/// @param <M> what it takes
public final class OncePort<M> extends PortCell<M> implements AutoCloseable {
    private final CompletableFuture<M> value = new CompletableFuture<>();

    OncePort(InstanceCell owner, long index, @Nullable MessageType<M> type) {
        super(owner, index, type);
    }

    /// The name to hand out. Equal at each call.
    public OncePortRef<M> ref() {
        return new OncePortRef<>(this);
    }

    /// Waits for the message.
    ///
    /// @throws AskException if the request that carried this port came back or its handler threw,
    ///   or nothing arrived in time
    public M receive(Duration timeout) throws InterruptedException {
        return receive(timeout, owner().id());
    }

    M receive(Duration timeout, ActorId asked) throws InterruptedException {
        try {
            if (!value.isDone() && !Polling.until(value::isDone)) {
                Dispatcher.blocking();
                return value.get(Proc.nanos(timeout), TimeUnit.NANOSECONDS);
            }
            return value.get();
        } catch (TimeoutException e) {
            throw new AskException.TimedOut(asked, timeout);
        } catch (ExecutionException e) {
            throw (AskException) e.getCause();
        }
    }

    /// Completes with the message, or exceptionally with an [AskException]; with the same result
    /// for everybody. Its continuations run on a thread of the runtime's choosing and must not
    /// block.
    public CompletableFuture<M> future() {
        return value.copy();
    }

    CompletableFuture<M> value() {
        return value;
    }

    @Override
    DeliveryFailure.@Nullable Reason accept(M message) {
        owner().forget(this);
        return value.complete(message) ? null : DeliveryFailure.Reason.PORT_GONE;
    }

    @Override
    void fail(AskException cause) {
        owner().forget(this);
        value.completeExceptionally(cause);
    }

    /// Gives the port up: a later message comes back to its sender. Waiters are told.
    @Override
    public void close() {
        if (!value.isDone()) { // an exception for nobody would cost more than the rest of an ask
            fail(new AskException.AskerEnded(owner().id()));
        }
    }
}

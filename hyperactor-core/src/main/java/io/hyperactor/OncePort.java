package io.hyperactor;

import io.hyperactor.wire.ActorId;
import io.hyperactor.wire.MessageType;
import io.hyperactor.wire.ProcId;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
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
    private @Nullable ActorRef<?> asked; // written before the request is sent
    private volatile @Nullable MailboxClient way; // that the request has gone, if over a link

    /// Where the value is completed; null if that is where the message comes.
    private final @Nullable Replies replies;

    // of a port with replies, until the value is completed
    private volatile boolean ended;
    private volatile Timers.@Nullable Timer limit;
    private @Nullable M message;
    private @Nullable AskException failure;
    private @Nullable OncePort<?> next;

    OncePort(InstanceCell owner, long index, @Nullable MessageType<M> type) {
        this(owner, index, type, null);
    }

    OncePort(
            InstanceCell owner,
            long index,
            @Nullable MessageType<M> type,
            @Nullable Replies replies) {
        super(owner, index, type);
        this.replies = replies;
    }

    /// The name to hand out. Equal at each call.
    public OncePortRef<M> ref() {
        return new OncePortRef<>(this);
    }

    /// Waits for the message. What becomes of a message that carries [#ref()], and was sent by
    /// whoever opened this port, is not told here but to that one: for an answer there is
    /// [Instance#ask].
    ///
    /// @throws AskException.TimedOut if nothing arrived in time
    /// @throws AskException.AskerEnded if this port was closed, or its owner ended
    public M receive(Duration timeout) throws InterruptedException {
        return receive(timeout, System.nanoTime(), owner().id());
    }

    /// @param began when the time began to run
    M receive(Duration timeout, long began, ActorId asked) throws InterruptedException {
        try {
            if (!value.isDone() && !Polling.until(value::isDone)) {
                Dispatcher.blocking();
                long past = System.nanoTime() - began;
                return value.get(Proc.nanos(timeout) - past, TimeUnit.NANOSECONDS);
            }
            return value.get();
        } catch (TimeoutException e) {
            throw new AskException.TimedOut(asked, timeout);
        } catch (ExecutionException e) {
            throw (AskException) e.getCause();
        }
    }

    /// Completes with the message, or exceptionally with an [AskException]; with the same result
    /// for everybody. It is completed on a thread of the dispatcher, never on an event loop's: what
    /// depends on it may send, and wait.
    public CompletableFuture<M> future() {
        return replies != null || value.isDone()
                ? value.copy()
                // not thenApplyAsync, which passes an exception on where it comes
                : value.whenCompleteAsync((_, _) -> {}, owner().proc()::execute);
    }

    /// It is for the answer of `actor`.
    void asks(ActorRef<?> actor) {
        asked = actor;
    }

    @Nullable ActorRef<?> asked() {
        return asked;
    }

    /// Whether it waits for an answer of somebody in that proc.
    boolean isOfProc(ProcId proc) {
        ActorRef<?> to = asked;
        return to != null && to.id().proc().equals(proc);
    }

    /// The request goes over that link; null if it did not take it.
    void goesBy(@Nullable MailboxClient link) {
        way = link;
    }

    /// Whether no answer comes if that link is gone.
    @SuppressWarnings("ReferenceEquality") // that very one
    boolean hasGoneBy(MailboxClient link) {
        return way == link;
    }

    CompletableFuture<M> value() {
        return value;
    }

    /// Fails after `timeout`, as a request of `asked`.
    void limit(Duration timeout, ActorId asked) {
        Timers.Timer timer =
                owner().proc()
                        .clockwork()
                        .after(timeout, () -> fail(new AskException.TimedOut(asked, timeout)));
        limit = timer;
        if (ended) {
            timer.cancel();
        }
    }

    @Override
    DeliveryFailure.@Nullable Reason accept(M message, int wireBytes, @Nullable Arrivals arrivals) {
        boolean isOpen = owner().forget(this);
        if (replies == null) {
            isOpen = value.complete(message);
        } else if (isOpen) {
            this.message = message;
            end(replies, arrivals);
        }
        return isOpen ? null : DeliveryFailure.Reason.PORT_GONE;
    }

    @Override
    void fail(AskException cause) {
        boolean isOpen = owner().forget(this);
        if (replies == null) {
            value.completeExceptionally(cause);
        } else if (isOpen) {
            failure = cause;
            end(replies, null);
        }
    }

    /// No answer comes any more to what was asked, which may have been handled.
    void unanswered(DeliveryFailure.Reason reason, String detail) {
        ActorRef<?> to = asked;
        if (to != null) {
            String where = to.id().proc() + (detail.isEmpty() ? "" : ": " + detail);
            fail(
                    new AskException.Undelivered(
                            new Undeliverable(
                                    owner().id(),
                                    to.id().port(to.type().handlerIndex()),
                                    Optional.empty(),
                                    List.of(new DeliveryFailure(reason, where)),
                                    Undeliverable.Outcome.UNKNOWN)));
        }
    }

    private void end(Replies completion, @Nullable Arrivals arrivals) {
        ended = true;
        Timers.Timer timer = limit;
        if (timer != null) {
            timer.cancel();
        }
        if (completion.put(this)) {
            if (arrivals == null) {
                completion.wake();
            } else {
                arrivals.add(completion);
            }
        }
    }

    /// Completes the value, as was put off.
    @SuppressWarnings("NullAway") // without a failure there is a message
    void complete() {
        if (failure == null) {
            value.complete(message);
        } else {
            value.completeExceptionally(failure);
        }
    }

    /// Says which port comes after this one. Returns which did.
    @Nullable OncePort<?> chain(@Nullable OncePort<?> port) {
        OncePort<?> before = next;
        next = port;
        return before;
    }

    /// Gives the port up: a later message comes back to its sender. Waiters are told.
    @Override
    public void close() {
        if (!value.isDone()) { // an exception for nobody would cost more than the rest of an ask
            fail(new AskException.AskerEnded(owner().id()));
        }
    }
}

package io.hyperactor.host;

import io.hyperactor.ActorRef;
import io.hyperactor.Client;
import io.hyperactor.wire.ActorId;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// The first answer of an actor of a proc that has begun, by which it is ready.
final class FirstAnswer {
    private static final Logger LOG = LoggerFactory.getLogger(FirstAnswer.class);
    private static final Duration ASK_MAX = Duration.ofSeconds(1);
    private static final long PAUSE_MILLIS = 20;

    private FirstAnswer() {}

    /// Asks again and again: the actor may not even be there at first.
    ///
    /// @param actor its name; it speaks [EchoMessage]
    /// @param began when its time began, by [System#nanoTime()]
    /// @param limit how long it has; zero for ever
    /// @throws ReadyProcException if there is none in time, or the proc ends before
    static void await(Client client, String actor, ProcHandle<?> proc, long began, Duration limit)
            throws InterruptedException {
        await(client, actor, proc, began, limit, ASK_MAX);
    }

    /// @param askMax how long it waits before it asks again
    static void await(
            Client client,
            String actor,
            ProcHandle<?> proc,
            long began,
            Duration limit,
            Duration askMax)
            throws InterruptedException {
        ActorRef<EchoMessage> ref =
                ActorRef.attest(proc.procId().actor(actor, 0), EchoMessage.class);
        CompletableFuture<ExitReport> end = proc.report();
        long limitNanos = limit.isZero() ? Long.MAX_VALUE : Durations.nanos(limit);
        while (true) {
            long left = limitNanos - (System.nanoTime() - began);
            if (left <= 0) {
                throw new ReadyProcException.Silent(actor, limit);
            }
            Duration oneTry = Duration.ofNanos(Math.min(left, askMax.toNanos()));
            if (answers(client, ref, oneTry, end)) {
                return;
            }
            pause(end);
        }
    }

    /// Whether it does in time, or before the end.
    private static boolean answers(
            Client client, ActorRef<EchoMessage> ref, Duration limit, CompletableFuture<?> end)
            throws InterruptedException {
        CompletableFuture<ActorId> answer = client.request(ref, EchoMessage::new, limit);
        try {
            var _ = CompletableFuture.anyOf(answer, end).get();
            return answer.isDone() && !answer.isCompletedExceptionally();
        } catch (ExecutionException e) {
            LOG.debug("{} does not answer yet: {}", ref, e.getMessage());
            return false;
        } finally {
            boolean _ = answer.cancel(false); // if it is still awaited
        }
    }

    private static void pause(CompletableFuture<ExitReport> end) throws InterruptedException {
        try {
            ExitReport report = end.get(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
            throw new ReadyProcException.Ready(new ReadyException.Terminal(report));
        } catch (TimeoutException e) {
            LOG.trace("it lives");
        } catch (ExecutionException e) {
            throw new IllegalStateException("never completed exceptionally", e);
        }
    }
}

package io.hyperactor.system;

import io.hyperactor.Actor;
import io.hyperactor.ActorHandle;
import io.hyperactor.ActorRef;
import io.hyperactor.ActorType;
import io.hyperactor.AskException;
import io.hyperactor.Blob;
import io.hyperactor.Context;
import io.hyperactor.Counters;
import io.hyperactor.OncePortRef;
import io.hyperactor.Port;
import io.hyperactor.PortRef;
import io.hyperactor.SupervisionEvent;
import io.hyperactor.Undeliverable;

import org.jspecify.annotations.Nullable;

import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/// Does what a test asks of it, in a process of its own.
final class Worker implements Actor<Task> {
    static final ActorType<Task> TYPE = ActorType.of("worker", Task.class, Worker::new);

    /// What becomes of a [Task.Ask] that went well.
    static final String ANSWERED = "answered";

    private @Nullable OncePortRef<String> childEnd;
    private long back;

    private Worker() {}

    @Override
    public void receive(Context<Task> cx, Task message) throws Exception {
        switch (message) {
            case Task.Reverse(var text, var replyTo) ->
                    cx.send(replyTo, new StringBuilder(text).reverse().toString());
            case Task.Fail(var why, _) -> throw new IllegalStateException(why);
            case Task.Break(var how, _) -> how.happen();
            case Task.Block(var begun, _) -> {
                cx.send(begun, "begun");
                new CountDownLatch(1).await();
            }
            case Task.Quit(var replyTo) -> {
                cx.send(replyTo, "quits");
                cx.stop("as asked");
            }
            case Task.ClosePort(var replyTo) -> cx.send(replyTo, closedPort(cx));
            case Task.AskInTurn(var others, var limit, var replyTo) ->
                    cx.send(replyTo, askInTurn(cx, others, limit));
            case Task.MakeGarbage(var millis, var kept, var replyTo) ->
                    cx.send(replyTo, Garbage.make(Duration.ofMillis(millis), kept));
            case Task.StartSleeper(var replyTo) ->
                    cx.send(replyTo, new ProcessBuilder("sleep", "1000").start().pid());
            case Task.StartDetachedSleeper(var replyTo) -> // setsid becomes the program
                    cx.send(replyTo, new ProcessBuilder("setsid", "sleep", "1000").start().pid());
            case Task.SpawnFailingChild(var replyTo) -> {
                childEnd = replyTo;
                ActorHandle<Task> child = cx.spawn("child", TYPE);
                cx.send(child.ref(), new Task.Fail("child's play", replyTo));
            }
            case Task.Offer(var length, var replyTo) ->
                    cx.send(
                            replyTo,
                            cx.spawn("blob", Blob.of(() -> new MadeBytes(length), Patience.LIMIT))
                                    .ref());
            case Task.Read(var blob, var replyTo) -> {
                try (InputStream in = Blob.open(cx, blob, Patience.LIMIT)) {
                    cx.send(replyTo, MadeBytes.checksum(in));
                }
            }
            case Task.Tell(var whom) -> cx.send(whom, new Tally.Note(1, 1, new byte[8]));
            case Task.Ask(var whom, var replyTo) -> {
                var _ =
                        cx.request(whom, Tally.Count::new, Patience.LIMIT)
                                .whenComplete((_, e) ->
                                        cx.send(replyTo, e == null ? ANSWERED : e.toString()));
            }
            case Task.CountNews(var replyTo) ->
                    cx.send(replyTo, new Task.News(back, Counters.forbidden()));
        }
    }

    private static PortRef<String> closedPort(Context<Task> cx) {
        try (Port<String> port = cx.openPort(String.class)) {
            return port.ref();
        }
    }

    private static String askInTurn(Context<Task> cx, List<ActorRef<Task>> others, long limitMillis)
            throws InterruptedException {
        if (others.isEmpty()) {
            return ANSWERED;
        }
        List<ActorRef<Task>> rest = others.subList(1, others.size());
        try {
            return cx.ask(
                    others.getFirst(),
                    (OncePortRef<String> replyTo) -> new Task.AskInTurn(rest, limitMillis, replyTo),
                    Duration.ofMillis(limitMillis));
        } catch (AskException e) {
            return e.getClass().getSimpleName();
        }
    }

    @Override
    public boolean childEnded(Context<Task> cx, SupervisionEvent event) {
        if (childEnd != null) {
            cx.send(childEnd, event.actor().name() + " " + event.status());
        }
        return true;
    }

    /// An asker that has gone away is no reason to end.
    @Override
    public void undeliverable(Context<Task> cx, Undeliverable returned) {
        back++;
    }
}

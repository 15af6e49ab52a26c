package io.hyperactor;

import io.hyperactor.wire.ActorId;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/// Somebody who sends, and notes what becomes of it.
final class SimClient {
    private final RouteWorld world;
    private final SimRuntime process;
    private final Client client;
    private final Post post;
    private final Map<ActorId, Long> streams = new HashMap<>();

    SimClient(RouteWorld world, SimRuntime process, Proc proc, Post post) {
        this.world = world;
        this.process = process;
        this.post = post;
        this.client = proc.client("c");
        client.onUndeliverable(this::returned);
    }

    ActorId id() {
        return client.id();
    }

    String name() {
        return client.id().proc().name();
    }

    SimRuntime process() {
        return process;
    }

    /// Until then it may not have heard what had come.
    long stalledUntil() {
        return process.stalledUntil();
    }

    long incarnation() {
        return client.senderIncarnation();
    }

    /// Whether it is not who it says it is.
    boolean isImpostor() {
        return process.name.equals("impostor");
    }

    boolean isDead() {
        return process.isDead();
    }

    private Letter letter(ActorId to, boolean isAsk, int padding, Duration limit) {
        long stream = streams.computeIfAbsent(to, _ -> post.newStream());
        return post.written(
                stream,
                this,
                to,
                isAsk,
                padding >= RouteWorld.FRAME_MAX_BYTES,
                world.sim.now() + limit.toNanos());
    }

    void tell(ActorId to, int padding) {
        Letter letter = letter(to, false, padding, Duration.ZERO);
        client.send(ActorRef.attest(to, Note.class), new Note.Tell(letter.id, new byte[padding]));
    }

    /// Something that fails who handles it.
    void bomb(ActorId to, boolean asks, Duration limit) {
        Letter letter = letter(to, asks, 0, limit);
        ActorRef<Note> ref = ActorRef.attest(to, Note.class);
        if (asks) {
            CompletableFuture<Long> answer =
                    client.request(ref, _ -> new Note.Bomb(letter.id), limit);
            var _ = answer.whenComplete((number, failure) -> answered(letter, number, failure));
        } else {
            client.send(ref, new Note.Bomb(letter.id));
        }
    }

    void ask(ActorId to, int padding, Duration limit) {
        Letter letter = letter(to, true, padding, limit);
        CompletableFuture<Long> answer =
                client.request(
                        ActorRef.attest(to, Note.class),
                        replyTo -> new Note.Ask(letter.id, new byte[padding], replyTo),
                        limit);
        var _ = answer.whenComplete((number, failure) -> answered(letter, number, failure));
    }

    private void answered(Letter letter, @Nullable Long number, @Nullable Throwable failure) {
        if (process.isDead()) {
            return;
        }
        Letter.Answer answer =
                switch (failure) {
                    case null ->
                            new Letter.Answer(Letter.Answer.Kind.ANSWERED, null, world.sim.now());
                    case AskException.Undelivered undelivered ->
                            new Letter.Answer(
                                    Letter.Answer.Kind.CAME_BACK,
                                    back(undelivered.undeliverable()),
                                    world.sim.now());
                    case AskException.HandlerFailed _ ->
                            new Letter.Answer(
                                    Letter.Answer.Kind.HANDLER_FAILED, null, world.sim.now());
                    case AskException.TimedOut _ ->
                            new Letter.Answer(Letter.Answer.Kind.TIMED_OUT, null, world.sim.now());
                    default ->
                            new Letter.Answer(
                                    Letter.Answer.Kind.ASKER_ENDED, null, world.sim.now());
                };
        post.answered(letter, answer, number == null || number == letter.id);
    }

    private Letter.Back back(Undeliverable undeliverable) {
        return new Letter.Back(
                undeliverable.outcome(), undeliverable.failure().reason(), world.sim.now());
    }

    private void returned(Undeliverable undeliverable) {
        if (process.isDead()) {
            return;
        }
        if (undeliverable.numbers().isPresent()) {
            post.inDoubt(this, undeliverable.destination().actor(), undeliverable.numbers().get());
        } else {
            Note note = (Note) undeliverable.message().orElseThrow();
            post.returned(note.id(), back(undeliverable));
        }
    }

    @Override
    public String toString() {
        return name();
    }
}

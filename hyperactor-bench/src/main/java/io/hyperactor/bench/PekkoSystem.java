package io.hyperactor.bench;

import com.typesafe.config.ConfigFactory;

import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.RecipientRef;
import org.apache.pekko.actor.typed.SpawnProtocol;
import org.apache.pekko.actor.typed.javadsl.AskPattern;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;

/// An actor system of Pekko's as it comes, only silent.
public final class PekkoSystem implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(50);
    private static final String SILENT = "pekko.loglevel = OFF\npekko.stdout-loglevel = OFF\n";

    private final ActorSystem<SpawnProtocol.Command> system;

    /// Starts one.
    ///
    /// @param configuration what is not Pekko's default; may be empty
    public PekkoSystem(String configuration) {
        system = start(SpawnProtocol.create(), configuration);
    }

    /// Starts one that is not closed.
    ///
    /// @param guardian the parent of all actors
    /// @param configuration what is not Pekko's default; may be empty
    public static <T> ActorSystem<T> start(Behavior<T> guardian, String configuration) {
        return ActorSystem.create(
                guardian,
                "bench",
                ConfigFactory.parseString(SILENT + configuration)
                        .withFallback(ConfigFactory.load()));
    }

    /// The system itself.
    public ActorSystem<?> system() {
        return system;
    }

    /// Spawns a child of the guardian and waits for it.
    public <T> ActorRef<T> spawn(String name, Behavior<T> behavior)
            throws InterruptedException, ExecutionException {
        CompletionStage<ActorRef<T>> spawned =
                ask(
                        system,
                        replyTo ->
                                new SpawnProtocol.Spawn<>(behavior, name, Props.empty(), replyTo));
        return spawned.toCompletableFuture().get();
    }

    /// Asks an actor.
    public <Q, A> CompletionStage<A> ask(RecipientRef<Q> actor, Function<ActorRef<A>, Q> request) {
        return AskPattern.ask(actor, request::apply, PATIENCE, system.scheduler());
    }

    /// Ends it and waits for that.
    @Override
    public void close() {
        system.terminate();
        system.getWhenTerminated().toCompletableFuture().join();
    }
}

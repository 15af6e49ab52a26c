package io.hyperactor.bench.local;

import com.typesafe.config.ConfigFactory;

import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.SpawnProtocol;
import org.apache.pekko.actor.typed.javadsl.AskPattern;

import java.time.Duration;
import java.util.concurrent.ExecutionException;

/// An actor system of Pekko's as it comes, only silent.
final class PekkoSystem implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ActorSystem<SpawnProtocol.Command> system =
            ActorSystem.create(
                    SpawnProtocol.create(),
                    "bench",
                    ConfigFactory.parseString("pekko.loglevel = OFF, pekko.stdout-loglevel = OFF")
                            .withFallback(ConfigFactory.load()));

    <T> ActorRef<T> spawn(String name, Behavior<T> behavior)
            throws InterruptedException, ExecutionException {
        return AskPattern.<SpawnProtocol.Command, ActorRef<T>>ask(
                        system,
                        replyTo ->
                                new SpawnProtocol.Spawn<>(behavior, name, Props.empty(), replyTo),
                        PATIENCE,
                        system.scheduler())
                .toCompletableFuture()
                .get();
    }

    @Override
    public void close() {
        system.terminate();
        system.getWhenTerminated().toCompletableFuture().join();
    }
}

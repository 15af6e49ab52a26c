package io.hyperactor.bench.remote;

import io.hyperactor.bench.PekkoSystem;

import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/// An actor system in another process, as seen from this one.
public final class PekkoNode {
    /// What the other process runs.
    public static final Class<?> PROGRAM = PekkoSink.class;

    private static final String WATCHES_OTHERS =
            "pekko.remote.use-unsafe-remote-features-outside-cluster = on\n";
    private static final int PAYLOAD_BYTES = 64;

    private final PekkoSystem system;
    private final ActorRef<PekkoTraffic> sink;

    /// @param address what the other process told
    public PekkoNode(PekkoSystem system, String address) {
        this.system = system;
        this.sink = ActorRefResolver.get(system.system()).resolveActorRef(address);
    }

    /// A system that may watch actors in other processes without being one of a cluster.
    public static PekkoSystem watching() {
        return Artery.start(WATCHES_OTHERS);
    }

    /// Asks its actor and waits for the answer.
    public void ask() {
        system.<PekkoTraffic, PekkoTraffic>ask(
                        sink,
                        replyTo ->
                                new PekkoTraffic.Request(
                                        0, Traffic.payload(PAYLOAD_BYTES), replyTo))
                .toCompletableFuture()
                .join();
    }

    /// Completes when its actor is known to be gone.
    public CompletableFuture<Boolean> watch() throws InterruptedException, ExecutionException {
        CompletableFuture<Boolean> gone = new CompletableFuture<>();
        Behavior<String> watcher =
                Behaviors.setup(context -> {
                    context.watch(sink);
                    return Behaviors.receive(String.class)
                            .onSignal(
                                    Terminated.class,
                                    _ -> {
                                        gone.complete(true);
                                        return Behaviors.stopped();
                                    })
                            .build();
                });
        var _ = system.spawn("watcher-" + System.nanoTime(), watcher);
        return gone;
    }
}

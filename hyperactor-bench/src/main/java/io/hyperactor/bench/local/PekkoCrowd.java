package io.hyperactor.bench.local;

import io.hyperactor.bench.PekkoSystem;

import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// Many actors of Pekko's with one behaviour, all children of one parent.
///
/// @param parent ends them all when it gets a message
record PekkoCrowd<M>(ActorRef<String> parent, List<ActorRef<M>> refs) {
    PekkoCrowd {
        refs = List.copyOf(refs);
    }

    static <M> PekkoCrowd<M> of(PekkoSystem system, String name, int count, Behavior<M> behavior)
            throws Exception {
        return of(system, name, count, behavior, DispatcherSelector.defaultDispatcher());
    }

    static <M> PekkoCrowd<M> of(
            PekkoSystem system,
            String name,
            int count,
            Behavior<M> behavior,
            DispatcherSelector dispatcher)
            throws Exception {
        CompletableFuture<List<ActorRef<M>>> spawned = new CompletableFuture<>();
        Behavior<String> parent =
                Behaviors.setup(context -> {
                    List<ActorRef<M>> all = new ArrayList<>(count);
                    for (int i = 0; i < count; i++) {
                        all.add(context.spawn(behavior, name + "-" + i, dispatcher));
                    }
                    spawned.complete(all);
                    return Behaviors.receive(String.class)
                            .onAnyMessage(_ -> Behaviors.stopped())
                            .build();
                });
        return new PekkoCrowd<>(system.spawn(name, parent), spawned.get());
    }

    void end() {
        parent.tell("end");
    }
}

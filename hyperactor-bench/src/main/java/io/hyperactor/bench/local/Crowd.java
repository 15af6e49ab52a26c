package io.hyperactor.bench.local;

import io.hyperactor.ActorHandle;
import io.hyperactor.ActorRef;
import io.hyperactor.ActorType;
import io.hyperactor.Proc;

import java.util.ArrayList;
import java.util.List;

/// Many actors of one type.
final class Crowd {
    private Crowd() {}

    /// Spawns them under names that start with `name`.
    static <M> List<ActorHandle<M>> of(Proc proc, String name, int count, ActorType<M> type) {
        List<ActorHandle<M>> crowd = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            crowd.add(proc.spawn(name + "-" + i, type));
        }
        return crowd;
    }

    static <M> List<ActorRef<M>> refs(List<ActorHandle<M>> crowd) {
        return crowd.stream().map(ActorHandle::ref).toList();
    }

    /// Stops them and waits for the last.
    static <M> void end(List<ActorHandle<M>> crowd) {
        crowd.forEach(actor -> actor.stop("round over"));
        crowd.forEach(actor -> actor.ended().join());
    }
}

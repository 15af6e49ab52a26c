package io.hyperactor;

import io.hyperactor.wire.ActorId;
import io.hyperactor.wire.ProcId;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The actors and clients of a proc, each under an id of its own, and how those that ended last
/// have ended.
///
/// **Threads:** any.
final class Instances {
    private final ProcId proc;
    private final Map<ActorId, InstanceCell> live = new ConcurrentHashMap<>();
    private final Tombstones tombstones = new Tombstones();
    private volatile boolean closed;

    Instances(ProcId proc) {
        this.proc = proc;
    }

    /// @throws HyperactorException.NameTaken if a live one has the id
    /// @throws HyperactorException.ProcClosed after [#close()]
    <C extends InstanceCell> C register(C cell) {
        if (!closed) {
            if (live.putIfAbsent(cell.id(), cell) != null) {
                throw new HyperactorException.NameTaken(cell.id());
            }
            // since we looked, the end may have missed it; or seen and ended it, which is as well
            if (!closed || !cell.withdraw()) {
                return cell;
            }
        }
        throw new HyperactorException.ProcClosed(proc);
    }

    /// Takes no more. Whoever is not seen afterwards is withdrawn by [#register].
    void close() {
        closed = true;
    }

    @SuppressWarnings("ReferenceEquality") // this very one, not a namesake
    void unregister(InstanceCell cell, ActorStatus status) {
        if (live.get(cell.id()) == cell) {
            try {
                tombstones.put(cell.id(), status); // first: at no moment has it never existed
            } finally {
                live.remove(cell.id(), cell);
            }
        }
    }

    @Nullable InstanceCell find(ActorId actor) {
        return live.get(actor);
    }

    /// How an actor ended that had this id; null if that is not known.
    @Nullable ActorStatus endOf(ActorId actor) {
        return tombstones.get(actor);
    }

    /// A view, in no order.
    Collection<InstanceCell> all() {
        return live.values();
    }

    /// In no order.
    List<ActorCell<?>> actors() {
        List<ActorCell<?>> actors = new ArrayList<>();
        for (InstanceCell cell : live.values()) {
            if (cell instanceof ActorCell<?> actor) {
                actors.add(actor);
            }
        }
        return actors;
    }

    /// @param parent null for that of the root actors
    List<ActorCell<?>> childrenOf(@Nullable ActorCell<?> parent) {
        List<ActorCell<?>> children = new ArrayList<>();
        for (InstanceCell cell : live.values()) {
            if (cell instanceof ActorCell<?> actor && actor.parent() == parent) {
                children.add(actor);
            }
        }
        return children;
    }
}

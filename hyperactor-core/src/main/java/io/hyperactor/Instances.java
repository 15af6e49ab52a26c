package io.hyperactor;

import io.hyperactor.wire.ActorId;
import io.hyperactor.wire.ProcId;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The actors and clients of a proc, each under an id of its own, and how those that ended last
/// have ended.
///
/// **Threads:** any.
final class Instances {
    private static final int FEW = 4;

    private final ProcId proc;
    private final Map<ActorId, InstanceCell> live = new ConcurrentHashMap<>();
    private final Map<ActorCell<?>, Set<ActorCell<?>>> children = new ConcurrentHashMap<>();
    private final Tombstones tombstones = new Tombstones();
    private volatile boolean closed;

    Instances(ProcId proc) {
        this.proc = proc;
    }

    /// @throws HyperactorException.NameTaken if a live one has the id
    /// @throws HyperactorException.ProcClosed after [#close()]
    <C extends InstanceCell> C register(C cell) {
        if (!closed) {
            if (!enter(cell)) {
                throw new HyperactorException.NameTaken(cell.id());
            }
            // since we looked, the end may have missed it; or seen and ended it, which is as well
            if (!closed || !cell.withdraw()) {
                return cell;
            }
        }
        throw new HyperactorException.ProcClosed(proc);
    }

    /// First among all: from then on it can be ended, which makes it nobody's child again.
    private boolean enter(InstanceCell cell) {
        if (live.putIfAbsent(cell.id(), cell) != null) {
            return false;
        }
        if (cell instanceof ActorCell<?> actor && actor.parent() != null) {
            boolean entered = false;
            try {
                children.compute(actor.parent(), (_, known) -> with(known, actor));
                entered = true;
            } finally {
                if (!entered) {
                    live.remove(cell.id(), cell);
                }
            }
            leaveParentIfEnded(actor);
        }
        return true;
    }

    @SuppressWarnings("ReferenceEquality") // this very one, not a namesake
    private void leaveParentIfEnded(ActorCell<?> actor) {
        if (live.get(actor.id()) != actor) {
            leaveParent(actor);
        }
    }

    private static Set<ActorCell<?>> with(@Nullable Set<ActorCell<?>> known, ActorCell<?> child) {
        Set<ActorCell<?>> all = known == null ? new HashSet<>(FEW) : known;
        all.add(child);
        return all;
    }

    private void leaveParent(ActorCell<?> child) {
        if (child.parent() != null) {
            children.computeIfPresent(
                    child.parent(),
                    (_, all) -> {
                        all.remove(child);
                        return all.isEmpty() ? null : all;
                    });
        }
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
                if (cell instanceof ActorCell<?> actor) {
                    children.remove(actor); // by now it has none, or they could not leave it
                    leaveParent(actor);
                }
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

    /// In no order: takes as long as there are actors.
    List<ActorCell<?>> roots() {
        List<ActorCell<?>> roots = actors();
        roots.removeIf(actor -> actor.parent() != null);
        return roots;
    }

    /// In no order.
    List<ActorCell<?>> childrenOf(ActorCell<?> parent) {
        List<ActorCell<?>> found = new ArrayList<>();
        children.computeIfPresent(
                parent,
                (_, all) -> {
                    found.addAll(all);
                    return all;
                });
        return found;
    }
}

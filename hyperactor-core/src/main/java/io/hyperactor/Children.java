package io.hyperactor;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// The children of an actor that it has not heard the end of, the oldest first.
///
/// **Threads:** its activations.
final class Children {
    private final Set<ActorCell<?>> alive = new LinkedHashSet<>();

    void add(ActorCell<?> child) {
        alive.add(child);
    }

    /// Takes no memory.
    ///
    /// @return whether it was the last one
    boolean ended(ActorCell<?> child) {
        alive.remove(child);
        return alive.isEmpty();
    }

    /// Tells them to end. May be told again.
    ///
    /// @param drain whether they handle first what they have accepted
    void stop(boolean drain) {
        String reason = drain ? "parent draining" : "parent stopping";
        alive.forEach(child -> child.signal(new Signal.Stop(reason, drain)));
    }

    List<ActorHandle<?>> handles() {
        return alive.stream().<ActorHandle<?>>map(ActorHandle::new).toList();
    }
}

package io.hyperactor.host;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The procs of a host that ended last, one of each name.
///
/// **Threads:** one at a time.
final class Endings {
    private final Map<String, EndedProc> byName = new LinkedHashMap<>(); // the oldest first

    void add(EndedProc proc) {
        byName.remove(proc.name());
        byName.put(proc.name(), proc);
        if (byName.size() > EndedProc.REMEMBERED_MAX) {
            byName.remove(byName.keySet().iterator().next());
        }
    }

    Optional<EndedProc> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /// The newest first.
    List<EndedProc> list() {
        return List.copyOf(byName.values()).reversed();
    }
}

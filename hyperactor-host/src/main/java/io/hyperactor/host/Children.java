package io.hyperactor.host;

import io.hyperactor.wire.ProcId;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/// The procs of a [ProcessProcManager] that hold a name, by their ids.
///
/// **Threads:** any; event loops and virtual threads meet here, so there is no monitor.
final class Children<A> {
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<ProcId, ProcessProcHandle<A>> handles = new LinkedHashMap<>();

    /// Takes the name for this one. False if another has it.
    boolean add(ProcessProcHandle<A> handle) {
        lock.lock();
        try {
            return handles.putIfAbsent(handle.procId(), handle) == null;
        } finally {
            lock.unlock();
        }
    }

    /// Frees the name, if it is this one's.
    void remove(ProcessProcHandle<A> handle) {
        lock.lock();
        try {
            handles.remove(handle.procId(), handle);
        } finally {
            lock.unlock();
        }
    }

    /// Who has this id.
    @Nullable ProcessProcHandle<A> get(ProcId id) {
        lock.lock();
        try {
            return handles.get(id);
        } finally {
            lock.unlock();
        }
    }

    /// Those there are now, the oldest first.
    List<ProcessProcHandle<A>> all() {
        lock.lock();
        try {
            return List.copyOf(handles.values());
        } finally {
            lock.unlock();
        }
    }
}

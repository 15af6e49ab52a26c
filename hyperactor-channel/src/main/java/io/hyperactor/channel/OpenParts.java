package io.hyperactor.channel;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/// Links or servers that are open, in the order they were opened in: so they are closed, the same
/// in each run.
///
/// **Threads:** any; event loops and virtual threads meet here, so there is no monitor.
final class OpenParts {
    private final ReentrantLock lock = new ReentrantLock();
    private final Set<Closing> parts = new LinkedHashSet<>();

    void add(Closing part) {
        lock.lock();
        try {
            parts.add(part);
        } finally {
            lock.unlock();
        }
    }

    void remove(Object part) {
        lock.lock();
        try {
            parts.remove(part);
        } finally {
            lock.unlock();
        }
    }

    /// Those there are now.
    List<Closing> all() {
        lock.lock();
        try {
            return List.copyOf(parts);
        } finally {
            lock.unlock();
        }
    }

    boolean isEmpty() {
        lock.lock();
        try {
            return parts.isEmpty();
        } finally {
            lock.unlock();
        }
    }
}

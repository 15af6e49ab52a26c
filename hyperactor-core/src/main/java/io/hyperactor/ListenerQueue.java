package io.hyperactor;

import org.jspecify.annotations.Nullable;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/// What has come back to a client, for its listener: one call at a time, in the order in which it
/// came, on the dispatcher. Where it comes is often an event loop, on which the listener could not
/// wait for room that the same loop is to make. Bounded: what goes beyond is lost, and counted.
///
/// **Threads:** any.
final class ListenerQueue implements Runnable {
    static final int WAITING_MAX = 65_536;
    private static final int GO_CALLS = 256; // then others have a turn

    private final Proc proc;
    private final Queue<Undeliverable> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger count = new AtomicInteger(); // of those and the one being told
    private volatile @Nullable Consumer<Undeliverable> listener;

    ListenerQueue(Proc proc) {
        this.proc = proc;
    }

    void tell(Consumer<Undeliverable> listener) {
        this.listener = listener;
    }

    void add(Undeliverable undeliverable) {
        if (listener == null) {
            Counters.ignored(undeliverable);
            return;
        }
        if (count.get() >= WAITING_MAX) {
            Counters.abandoned(undeliverable, "its listener is behind");
            return;
        }
        waiting.add(undeliverable);
        if (count.getAndIncrement() == 0) {
            proc.execute(this);
        }
    }

    @Override
    public void run() {
        boolean isLast = false;
        try {
            for (int i = 0; i < GO_CALLS && !isLast; i++) {
                try {
                    tellNext();
                } finally { // whatever it threw
                    isLast = count.decrementAndGet() == 0;
                }
            }
        } finally {
            if (!isLast) {
                proc.executeLater(this);
            }
        }
    }

    private void tellNext() {
        Undeliverable next = waiting.poll();
        Consumer<Undeliverable> told = listener;
        if (next != null && told != null) {
            proc.listeners().callOut("listener for returned messages", () -> told.accept(next));
        }
    }
}

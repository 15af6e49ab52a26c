package io.hyperactor;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/// Completes futures of requests on the dispatcher: one activation for all whose answers have come
/// by then. What depends on a future runs in there, and should it block, another worker goes on
/// with the others.
///
/// **Threads:** any.
final class Replies implements Runnable {
    private final Dispatcher dispatcher;
    private final Supplier<Row> rows;
    private final AtomicReference<@Nullable OncePort<?>> newest = new AtomicReference<>();

    Replies(Dispatcher dispatcher) {
        this(dispatcher, () -> new Row(dispatcher));
    }

    /// @param rows makes what holds the answers of one activation
    Replies(Dispatcher dispatcher, Supplier<Row> rows) {
        this.dispatcher = dispatcher;
        this.rows = rows;
    }

    /// Has the future of `port`, which knows its answer, completed.
    ///
    /// @return whether the caller must call [#wake]; else somebody does already
    boolean put(OncePort<?> port) {
        OncePort<?> top;
        do {
            top = newest.get();
            port.chain(top);
        } while (!newest.compareAndSet(top, port));
        return top == null;
    }

    /// Completes them soon.
    void wake() {
        dispatcher.execute(this);
    }

    @Override
    public void run() {
        Row row;
        try {
            row = rows.get();
        } catch (OutOfMemoryError e) { // whoever comes now relies on this activation
            dispatcher.requeue(this);
            return;
        }
        OncePort<?> rest = newest.getAndSet(null);
        while (rest != null) {
            OncePort<?> next = rest.chain(row.next);
            row.next = rest;
            rest = next;
        }
        row.run();
    }

    /// Answers of one activation, oldest first.
    static final class Row implements Runnable {
        private final Dispatcher dispatcher;
        private @Nullable OncePort<?> next;

        Row(Dispatcher dispatcher) {
            this.dispatcher = dispatcher;
        }

        @Override
        public void run() {
            OncePort<?> port = next;
            while (port != null) {
                next = port.chain(null);
                boolean isLast = next == null;
                if (!isLast) {
                    dispatcher.execute(this); // lest a future that blocks keeps the others waiting
                }
                port.complete();
                if (isLast || !dispatcher.takeBack(this)) {
                    return;
                }
                port = next;
            }
        }
    }
}

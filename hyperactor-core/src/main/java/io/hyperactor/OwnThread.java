package io.hyperactor;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;

/// Runs a task on a virtual thread of its own, if there is memory for one.
///
/// That such a thread can not be started does not mean that it does not run: its scheduler may have
/// taken it before it failed to start a carrier for it. So whoever claims the task first runs it.
final class OwnThread implements Runnable {
    private final Runnable task;
    private final AtomicBoolean claimed = new AtomicBoolean();

    private OwnThread(Runnable task) {
        this.task = task;
    }

    /// False if `task` does not run and never will.
    static boolean starts(String name, Runnable task) {
        return starts(OwnThread::start, name, task);
    }

    private static void start(String name, Runnable task) {
        Thread.ofVirtual().name(name).start(task);
    }

    /// The same with what starts a thread.
    static boolean starts(BiConsumer<String, Runnable> starter, String name, Runnable task) {
        @Nullable OwnThread own = null;
        try {
            own = new OwnThread(task);
            starter.accept(name, own);
            return true;
        } catch (OutOfMemoryError | RejectedExecutionException e) {
            return own != null && !own.claims();
        }
    }

    private boolean claims() {
        return claimed.compareAndSet(false, true);
    }

    @Override
    public void run() {
        if (claims()) {
            task.run();
        }
    }
}

package io.hyperactor.host;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// A launcher that is opened in the background, for that takes a tenth of a second. If it cannot be
/// opened, for lack of threads or memory, whoever needs it next tries again.
///
/// **Threads:** any.
final class OpenLauncher implements AutoCloseable {
    private final Supplier<ProcLauncher> opener;
    private final Consumer<Runnable> threads;
    private final ReentrantLock lock = new ReentrantLock();
    private CompletableFuture<ProcLauncher> launcher; // guarded by lock, as the next
    private boolean closed;

    /// @param opener opens it
    OpenLauncher(Supplier<ProcLauncher> opener) {
        this(opener, task -> Thread.ofPlatform().name("hyperactor-launcher").start(task));
    }

    /// @param threads starts a thread that runs what it is given
    OpenLauncher(Supplier<ProcLauncher> opener, Consumer<Runnable> threads) {
        this.opener = opener;
        this.threads = threads;
        this.launcher = open();
    }

    private CompletableFuture<ProcLauncher> open() {
        CompletableFuture<ProcLauncher> opened = new CompletableFuture<>();
        try {
            threads.accept(() -> complete(opened));
        } catch (Throwable e) {
            opened.completeExceptionally(e);
        }
        return opened;
    }

    private void complete(CompletableFuture<ProcLauncher> opened) {
        try {
            opened.complete(opener.get());
        } catch (Throwable e) {
            opened.completeExceptionally(e);
        }
    }

    /// Waits for it.
    ///
    /// @throws CompletionException if it cannot be opened, with the reason
    /// @throws IllegalStateException if this is closed
    ProcLauncher get() {
        CompletableFuture<ProcLauncher> current;
        lock.lock();
        try {
            if (closed) {
                throw new IllegalStateException("the launcher is closed");
            }
            if (launcher.isCompletedExceptionally()) {
                launcher = open();
            }
            current = launcher;
        } finally {
            lock.unlock();
        }
        return current.join();
    }

    /// Closes it if it could be opened.
    @Override
    public void close() {
        CompletableFuture<ProcLauncher> last;
        lock.lock();
        try {
            closed = true;
            last = launcher;
        } finally {
            lock.unlock();
        }
        try {
            last.join().close();
        } catch (CompletionException e) {
            // there is none
        }
    }
}

package io.hyperactor.host;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// Looks at files for who can not wait as long as a file system may take, such as one of another
/// machine that is gone. A thread that waits for one can not be freed, and a virtual one would keep
/// its carrier: so these are a few daemons, and what finds none of them free waits or is refused.
final class FileThreads {
    private static final int THREADS_MAX = 16;
    private static final int WAITING_MAX = 1024;

    private final Executor threads;

    /// As many as there may be for one purpose.
    FileThreads() {
        var daemons =
                new ThreadPoolExecutor(
                        THREADS_MAX,
                        THREADS_MAX,
                        1,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(WAITING_MAX),
                        Thread.ofPlatform().daemon().name("hyperactor-files").factory());
        daemons.allowCoreThreadTimeOut(true);
        threads = daemons;
    }

    /// Does `work` on one of them.
    ///
    /// @throws RejectedExecutionException if very much waits already
    <T> CompletableFuture<T> beside(Supplier<T> work) {
        return CompletableFuture.supplyAsync(work, threads);
    }

    /// Begins `work` on one of them.
    ///
    /// @throws RejectedExecutionException if very much waits already
    void execute(Runnable work) {
        threads.execute(work);
    }
}

package io.hyperactor.host;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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
        this(Thread.ofPlatform().daemon().name("hyperactor-files").factory());
    }

    FileThreads(ThreadFactory factory) {
        var daemons =
                new ThreadPoolExecutor(
                        THREADS_MAX,
                        THREADS_MAX,
                        1,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(WAITING_MAX),
                        factory);
        daemons.allowCoreThreadTimeOut(true);
        threads = daemons;
    }

    /// Does `work` on one of them.
    ///
    /// @throws RejectedExecutionException if very much waits already
    <T> CompletableFuture<T> beside(Supplier<T> work) {
        return CompletableFuture.supplyAsync(work, threads);
    }

    /// Does `work` on one of them, some time.
    ///
    /// @throws RejectedExecutionException if very much waits already
    void execute(Runnable work) {
        threads.execute(work);
    }

    /// Begins to look on one of them.
    ///
    /// @throws IOException if very much waits already, or there is no thread for it; then `look` is
    ///   cancelled
    void begin(FutureTask<?> look) throws IOException {
        try {
            threads.execute(look);
        } catch (RejectedExecutionException e) {
            boolean _ = look.cancel(false);
            throw new IOException("too many wait for file systems that do not answer", e);
        } catch (OutOfMemoryError e) { // also if there can be no thread
            boolean _ = look.cancel(false); // first: others may wait for it
            throw new IOException(Errno.text(lack(e)), e);
        }
    }

    private static int lack(OutOfMemoryError e) {
        return String.valueOf(e.getMessage()).contains("thread") ? Errno.EAGAIN : Errno.ENOMEM;
    }

    /// What a look has found, if it does so in time, whoever interrupts.
    ///
    /// @throws IOException that of the look, or that it lasts longer
    static <T> T found(Future<T> look, Duration limit) throws IOException {
        return Threads.uninterruptibly(limit, nanos -> found(look, nanos));
    }

    private static <T> T found(Future<T> look, long nanos)
            throws InterruptedException, IOException {
        try {
            return look.get(nanos, TimeUnit.NANOSECONDS);
        } catch (TimeoutException | CancellationException e) {
            throw new IOException("the file system does not answer", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException known ? known : new IOException(e.getCause());
        }
    }
}

package io.hyperactor.host;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/// Looks at files for who can not wait as long as a file system may take, such as one of another
/// machine that is gone. A thread that waits for one can not be freed, and a virtual one would keep
/// its carrier: so these are a few daemons for the whole process, and what finds none of them free
/// waits or is refused.
final class FileThreads {
    private static final int THREADS_MAX = 16;
    private static final int WAITING_MAX = 1024;

    private static final Executor THREADS = newThreads();

    private FileThreads() {}

    private static Executor newThreads() {
        var threads =
                new ThreadPoolExecutor(
                        THREADS_MAX,
                        THREADS_MAX,
                        1,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(WAITING_MAX),
                        Thread.ofPlatform().daemon().name("hyperactor-files").factory());
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    /// Does `work` on one of them.
    ///
    /// @throws RejectedExecutionException if very much waits already
    static <T> CompletableFuture<T> beside(Supplier<T> work) {
        return CompletableFuture.supplyAsync(work, THREADS);
    }

    /// Does `work` on one of them and waits for it, whoever interrupts.
    ///
    /// @throws IOException what it throws, or that it has not come to an end in time
    static <T> T within(Duration limit, Callable<T> work) throws IOException {
        var done = new FutureTask<T>(work);
        try {
            THREADS.execute(done);
        } catch (RejectedExecutionException e) {
            throw new IOException("too many wait for file systems that do not answer", e);
        }
        return Threads.uninterruptibly(limit, nanos -> result(done, nanos));
    }

    private static <T> T result(Future<T> done, long nanos)
            throws InterruptedException, IOException {
        try {
            return done.get(nanos, TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            boolean _ = done.cancel(false); // if it has not begun
            throw new IOException("the file system does not answer", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException known ? known : new IOException(e.getCause());
        }
    }
}

package io.hyperactor.host;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/// Ends many procs, so many at a time.
final class InFlight {
    private static final Logger LOG = LoggerFactory.getLogger(InFlight.class);

    private InFlight() {}

    interface Ending<T> {
        Object end(T proc) throws InterruptedException;
    }

    /// A proc that had ended before counts as ok. If the caller is interrupted the endings go on.
    static <T> TerminateSummary all(
            Collection<T> procs, int maxInFlight, Ending<T> ending, Function<T, Object> name)
            throws InterruptedException {
        int threads = Math.max(1, Math.min(maxInFlight, procs.size()));
        ExecutorService pool = Executors.newFixedThreadPool(threads, Thread.ofVirtual().factory());
        try {
            List<Future<Boolean>> results = new ArrayList<>();
            for (T proc : procs) {
                Callable<Boolean> one = () -> ended(proc, ending, name);
                results.add(pool.submit(one));
            }
            int ok = 0;
            for (Future<Boolean> result : results) {
                ok += result.get() ? 1 : 0;
            }
            return new TerminateSummary(procs.size(), ok, procs.size() - ok);
        } catch (ExecutionException e) {
            throw new IllegalStateException("an ending reports its failure", e);
        } finally {
            pool.shutdown();
        }
    }

    private static <T> boolean ended(T proc, Ending<T> ending, Function<T, Object> name)
            throws InterruptedException {
        try {
            var _ = ending.end(proc);
            return true;
        } catch (TerminateException.AlreadyTerminated before) {
            return true;
        } catch (RuntimeException e) {
            LOG.warn("could not end {}", name.apply(proc), e);
            return false;
        }
    }
}

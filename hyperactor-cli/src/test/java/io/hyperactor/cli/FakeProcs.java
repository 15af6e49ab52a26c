package io.hyperactor.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/// Counts words in this process, with procs that can be told to misbehave.
final class FakeProcs implements CountingProc.Launcher {
    /// What is wrong with a proc.
    enum Fault {
        NONE,
        /// It is never launched.
        NOT_LAUNCHED,
        /// It dies at its first chunk.
        DIES,
        /// It takes chunks and fails to answer them.
        FAILS
    }

    final List<FakeProc> launched = new ArrayList<>();
    private final Map<String, Fault> faults = new ConcurrentHashMap<>();
    private final Fault others;
    private boolean closed; // guarded by launched
    private final AtomicInteger pids = new AtomicInteger(1000);

    FakeProcs(Fault others) {
        this.others = others;
    }

    FakeProcs fault(String name, Fault fault) {
        faults.put(name, fault);
        return this;
    }

    @Override
    public CountingProc launch(String name) {
        Fault fault = faults.getOrDefault(name, others);
        if (fault == Fault.NOT_LAUNCHED) {
            throw new CliException.Failed("cannot launch " + name + ": no room");
        }
        var proc = new FakeProc(pids.incrementAndGet(), fault);
        synchronized (launched) {
            launched.add(proc);
            if (closed) {
                proc.close();
            }
        }
        return proc;
    }

    @Override
    public void close() {
        synchronized (launched) {
            closed = true;
            launched.forEach(FakeProc::close);
        }
    }

    static final class FakeProc implements CountingProc {
        final ExecutorService thread = Executors.newSingleThreadExecutor();
        final CompletableFuture<String> ended = new CompletableFuture<>();
        private final long pid;
        private final Fault fault;

        private void close() {
            kill();
            thread.close();
        }

        private FakeProc(long pid, Fault fault) {
            this.pid = pid;
            this.fault = fault;
        }

        @Override
        public long pid() {
            return pid;
        }

        @Override
        public CompletableFuture<Long> count(Chunk chunk) {
            if (fault == Fault.DIES) {
                killFromOutside();
            }
            var answer = new CompletableFuture<Long>();
            thread.execute(() -> {
                if (fault == Fault.NONE && !ended.isDone()) {
                    answer.complete(WordRule.UTF8.count(chunk.text(), chunk.insideWord()));
                } else {
                    answer.completeExceptionally(new IllegalStateException("no answer"));
                }
            });
            return answer;
        }

        @Override
        public CompletableFuture<String> ended() {
            return ended;
        }

        @Override
        public void killFromOutside() {
            ended.complete("killed by signal 9 (SIGKILL)");
        }

        @Override
        public void kill() {
            killFromOutside();
        }

        @Override
        public String stop() {
            ended.complete("exited with status 0");
            return ended.join();
        }
    }
}

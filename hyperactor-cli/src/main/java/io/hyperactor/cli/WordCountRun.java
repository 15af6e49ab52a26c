package io.hyperactor.cli;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Counts words with a number of procs: launches them, keeps each supplied with chunks, gives the
/// work of one that dies to a fresh one, and stops them in the end.
///
/// One thread decides; what happens elsewhere reaches it as an [Event].
final class WordCountRun {
    /// How many chunks a proc has to do at a time. Bounds the memory held here and in the proc.
    static final int WINDOW = 64;

    /// A JVM that starts keeps a processor busy: all at once would make each of them late.
    private static final int LAUNCHES_AT_ONCE = 8;

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /// What the thread that decides is told.
    private sealed interface Event {
        record Launched(String name, CountingProc proc) implements Event {}

        record NotLaunched(String name, Throwable why) implements Event {}

        record Counted(String name, Chunk chunk, long words) implements Event {}

        record Unanswered(String name, Chunk chunk, Throwable why) implements Event {}

        record Ended(String name, String exit) implements Event {}
    }

    /// @param procs how many
    /// @param killOne whether to kill one half-way
    record Plan(int procs, boolean killOne) {}

    /// Hears how far the work is.
    interface Progress {
        void update(long bytesDone, long words);
    }

    private final Plan plan;
    private final CountingProc.Launcher launcher;
    private final long totalBytes;
    private final Progress progress;
    private final ChunkLedger ledger;
    // holds at most an answer per unfinished chunk, and two events per proc
    private final BlockingQueue<Event> inbox = new LinkedBlockingQueue<>();
    private final Semaphore launches = new Semaphore(LAUNCHES_AT_ONCE);
    private final Map<String, Worker> workers = new LinkedHashMap<>();
    private int named;
    private int launching;
    private boolean killed;
    private long bytesGiven;
    private long bytesDone;
    private long words;
    private Duration elapsed = Duration.ZERO;

    WordCountRun(
            Plan plan,
            CountingProc.Launcher launcher,
            Supplier<@Nullable Chunk> chunks,
            long totalBytes,
            Progress progress) {
        this.plan = plan;
        this.launcher = launcher;
        this.totalBytes = totalBytes;
        this.progress = progress;
        this.ledger = new ChunkLedger(chunks, WINDOW);
    }

    /// Launches the procs and counts everything.
    ///
    /// @throws CliException.Failed if a proc cannot be launched, or too many die
    void count() throws InterruptedException {
        for (int i = 0; i < plan.procs(); i++) {
            launch();
        }
        awaitLaunches();
        long start = System.nanoTime();
        while (giveOut()) {
            handle(nextEvent());
        }
        elapsed = Duration.ofNanos(System.nanoTime() - start);
        awaitLaunches();
        if (plan.killOne() && !killed) { // there was nothing to count
            Worker any = workers.values().iterator().next();
            killFromOutside(any);
            while (!any.hasEnded()) {
                handle(nextEvent());
            }
        }
    }

    private void awaitLaunches() throws InterruptedException {
        while (launching > 0) {
            handle(nextEvent());
        }
    }

    /// Sends what can be sent; returns whether there is still something to wait for.
    private boolean giveOut() {
        for (var next = ledger.next(); next != null; next = ledger.next()) {
            Worker worker = worker(next.worker());
            bytesGiven += next.chunk().text().length;
            if (plan.killOne() && !killed && bytesGiven * 2 >= totalBytes) {
                killFromOutside(worker); // before it gets this chunk, so it leaves work behind
            }
            send(worker, next.chunk());
        }
        return !ledger.finished();
    }

    private void send(Worker worker, Chunk chunk) {
        worker.sent(System.nanoTime());
        var _ =
                worker.proc()
                        .count(chunk)
                        .whenComplete(
                                (words, why) -> inbox.add(outcome(worker, chunk, words, why)));
    }

    private static Event outcome(
            Worker worker, Chunk chunk, Long words, @Nullable Throwable failure) {
        return failure == null
                ? new Event.Counted(worker.name(), chunk, words)
                : new Event.Unanswered(worker.name(), chunk, failure);
    }

    private Event nextEvent() throws InterruptedException {
        Event event = inbox.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        if (event == null) {
            throw new CliException.Failed(
                    "nothing has happened for " + Quantity.duration(PATIENCE));
        }
        return event;
    }

    private void handle(Event event) {
        switch (event) {
            case Event.Launched(var name, var proc) -> launched(name, proc);
            case Event.NotLaunched(_, CliException.Failed why) -> throw why;
            case Event.NotLaunched(var name, var why) ->
                    throw new CliException.Failed("cannot launch " + name + ": " + why, why);
            case Event.Counted(var name, var chunk, var count) -> counted(name, chunk, count);
            case Event.Unanswered(var name, var chunk, var why) -> unanswered(name, chunk, why);
            case Event.Ended(var name, var exit) -> ended(worker(name), exit);
        }
    }

    private String launch() {
        String name = "worker-" + ++named;
        launching++;
        ledger.add(name);
        workers.put(name, new Worker(name));
        Thread.ofVirtual().name("launch-" + name).start(() -> inbox.add(launch(name)));
        return name;
    }

    private Event launch(String name) {
        try {
            launches.acquire();
            try {
                return new Event.Launched(name, launcher.launch(name));
            } finally {
                launches.release();
            }
        } catch (RuntimeException | InterruptedException e) {
            return new Event.NotLaunched(name, e);
        }
    }

    private void launched(String name, CountingProc proc) {
        launching--;
        worker(name).launched(proc);
        ledger.ready(name);
        var _ = proc.ended().thenAccept(exit -> inbox.add(new Event.Ended(name, exit)));
    }

    private void counted(String name, Chunk chunk, long count) {
        if (ledger.counted(name, chunk.id(), count)) {
            worker(name).answered(System.nanoTime());
            bytesDone += chunk.text().length;
            words += count;
            progress.update(bytesDone, words);
        }
    }

    /// A proc that does not answer is of no use any more. Its end tells what becomes of its work.
    private void unanswered(String name, Chunk chunk, Throwable why) {
        Worker worker = worker(name);
        if (ledger.owns(name, chunk.id()) && worker.beginKill()) {
            Thread.ofVirtual().name("kill-" + name).start(() -> kill(worker, why));
        }
    }

    private void kill(Worker worker, Throwable why) {
        try {
            worker.proc().kill();
        } catch (RuntimeException | InterruptedException e) {
            why.addSuppressed(e);
            inbox.add(new Event.NotLaunched(worker.name(), why));
        }
    }

    private void killFromOutside(Worker worker) {
        killed = true;
        worker.proc().killFromOutside();
    }

    private void ended(Worker worker, String exit) {
        if (worker.hasEnded()) {
            return;
        }
        if (ledger.finished()) {
            ledger.ended(worker.name(), null);
            worker.ended(exit, "");
            return;
        }
        if (named >= 2 * plan.procs() + 1) {
            throw new CliException.Failed(
                    "too many procs have died, the last was " + worker.name() + ": " + exit);
        }
        String heir = launch();
        int left = ledger.ended(worker.name(), heir);
        worker.ended(
                exit,
                left == 0
                        ? "; replaced by " + heir
                        : "; its " + Quantity.count(left, "unfinished chunk") + " went to " + heir);
    }

    private Worker worker(String name) {
        Worker worker = workers.get(name);
        if (worker == null) {
            throw new IllegalStateException("no worker " + name);
        }
        return worker;
    }

    /// Stops the procs that are left, one by one in the order they were launched.
    ///
    /// @param ending is given a line for each proc, also those that had ended before
    void stopAll(Consumer<String> ending) throws InterruptedException {
        for (Worker worker : workers.values()) {
            if (!worker.hasEnded()) {
                worker.ended(worker.proc().stop(), "");
            }
            ending.accept(worker.ending());
        }
    }

    /// What is known by now.
    ///
    /// @param files how many files there were
    DemoReport report(int files) {
        List<DemoReport.ProcReport> procs =
                workers.values().stream().map(worker -> worker.report(ledger)).toList();
        return new DemoReport(words, files, procs, elapsed);
    }
}

package io.hyperactor.channel;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.SelectorProvider;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// One thread that does all socket work of a [Channels]: reads what came, runs what others asked
/// for, and writes once at the end of a batch.
///
/// Nothing that a handler throws ends it. See [PollGuard] for when it sleeps.
final class EventLoop {
    static final int BUFFER_BYTES = 256 * 1024;

    /// How long something is put off at most while there is other work.
    static final long POSTPONED_MAX = 20_000_000;

    /// Tasks that beget tasks must not keep the loop from its sockets.
    private static final int TASKS_AT_ONCE = 1000;

    /// How long links may take to end when the loop does.
    private static final long LAST_ROUNDS = 200_000_000;

    private static final long PAUSE_WITHOUT_MEMORY = 10_000_000;

    /// What is registered with the selector.
    interface Handler {
        /// Something in `ops` is possible now; with none, something else that it waits for.
        void ready(int ops) throws IOException;

        /// Ends this handler's connection because of a fault.
        void fail(Throwable fault);
    }

    /// A link that is handed over to the loop, with the right to write it. It is in one hand-over
    /// at a time.
    abstract static class Handed implements Runnable {
        private @Nullable Handed nextHanded;

        /// Runs on the loop.
        @Override
        public abstract void run();
    }

    /// Something that is better done once for many than at once.
    interface Postponed {
        /// Runs on the loop, before it sleeps or when it is late.
        void postponed();
    }

    /// For reads, shared by all links of the loop.
    final ByteBuffer readBuffer = ByteBuffer.allocate(BUFFER_BYTES);

    private final Selector selector;
    private final LongSupplier clock;
    private final Consumer<SelectionKey> onReady = this::ready;
    private final Timers timers = new Timers();
    private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicReference<@Nullable Handed> handedOver = new AtomicReference<>();
    private final LinkedHashSet<Handler> toRead = new LinkedHashSet<>();
    private final ArrayList<Runnable> last = new ArrayList<>();
    private final ArrayList<Postponed> postponed = new ArrayList<>();
    private final Consumer<Throwable> faults;
    private final BooleanSupplier atEnd;
    private final PollGuard guard;

    /// Its own, or for as long as that lasts whoever calls [#turn].
    private Thread thread;

    private long now;
    private long postponedSince;
    private boolean worked;
    private volatile boolean asleep;
    private volatile boolean stopped;

    /// A loop that is not yet started.
    ///
    /// @param sockets where its selector comes from, and what is registered with it
    /// @param faults hears of what went wrong in the loop itself
    /// @param atEnd ends all that is registered; called again until it says that nothing is left
    EventLoop(
            SelectorProvider sockets,
            ThreadFactory threads,
            LongSupplier clock,
            Consumer<Throwable> faults,
            BooleanSupplier atEnd) {
        this.clock = clock;
        this.faults = faults;
        this.atEnd = atEnd;
        this.now = clock.getAsLong();
        this.guard = new PollGuard(now, Runtime.getRuntime().availableProcessors());
        try {
            this.selector = sockets.openSelector();
        } catch (IOException e) {
            throw new UncheckedIOException("No selector for the event loop", e);
        }
        this.thread = threads.newThread(this::run);
    }

    void start() {
        thread.start();
    }

    /// Is this the loop's own thread?
    boolean inside() {
        return Thread.currentThread() == thread;
    }

    /// Where the sockets come from that can be registered here.
    SelectorProvider sockets() {
        return selector.provider();
    }

    // ---- from any thread

    /// Runs `task` on the loop, soon. False if the loop has stopped.
    boolean execute(Runnable task) {
        if (stopped) {
            return false;
        }
        tasks.add(task);
        wake();
        return true;
    }

    /// Hands a link over, once until its [Handed#run] has begun.
    void handOver(Handed link) {
        Handed top;
        do {
            top = handedOver.get();
            link.nextHanded = top;
        } while (!handedOver.compareAndSet(top, link));
        wake();
    }

    private void wake() {
        if (asleep && !inside()) {
            asleep = false;
            selector.wakeup();
        }
    }

    /// Ends the loop after its current round. Does not wait.
    void stop() {
        stopped = true;
        selector.wakeup();
    }

    /// Waits for the thread's end.
    void join(long millis) throws InterruptedException {
        thread.join(millis);
    }

    // ---- on the loop

    /// The time at which this round began.
    long now() {
        return now;
    }

    Timers.Timer after(long nanos, Runnable task) {
        return timers.at(clock.getAsLong() + nanos, task);
    }

    Timers.Timer at(long time, Runnable task) {
        return timers.at(time, task);
    }

    void cancel(Timers.@Nullable Timer timer) {
        if (timer != null) {
            timers.cancel(timer);
        }
    }

    /// Calls a handler once more, soon, for something that the selector knows nothing of. Once,
    /// however often that is asked for before; asked for during the call, not before all others
    /// have had their turn.
    void readLater(Handler handler) {
        if (!stopped) {
            toRead.add(handler);
        }
    }

    /// Calls a handler as for a key that is ready.
    void call(Handler handler, int ops) {
        try {
            handler.ready(ops);
        } catch (Throwable t) {
            failed(handler, t);
        }
    }

    SelectionKey register(SelectableChannel channel, int ops, Handler handler) throws IOException {
        return channel.register(selector, ops, handler);
    }

    /// Runs `task` at the end of this round.
    void atEndOfBatch(Runnable task) {
        last.add(task);
    }

    /// Has [Postponed#postponed] called before the loop sleeps, or after [#POSTPONED_MAX].
    void postpone(Postponed task) {
        if (postponed.isEmpty()) {
            postponedSince = now;
        }
        postponed.add(task);
    }

    /// Really closes the channels that were closed: while the selector still knows one, its port is
    /// taken. Only in a task, not from what a handler does when it is ready.
    void letGoOfClosed() {
        try {
            selector.selectNow();
            selector.selectedKeys().clear(); // they are still ready in the next round
        } catch (IOException e) {
            report(e);
        }
    }

    private void run() {
        try {
            while (!stopped) {
                try {
                    round();
                } catch (Throwable t) { // a fault in here must not end all links
                    report(t);
                    pauseAfter(t);
                }
            }
        } finally {
            end();
        }
    }

    /// Does one round on the caller's thread and waits for nothing: for tests, in place of
    /// [#start].
    ///
    /// @return nanoseconds until something is due, though nothing gets ready and nobody asks;
    ///   [Long#MAX_VALUE] for never
    long turn() throws IOException {
        Thread own = thread;
        thread = Thread.currentThread();
        asleep = false;
        try {
            if (stopped) {
                end();
                return Long.MAX_VALUE;
            }
            look();
            if (!worked) {
                runPostponed();
            }
            return worked || hasWork() ? 0 : timers.untilNext(now);
        } finally {
            asleep = true;
            thread = own;
        }
    }

    private void end() {
        try {
            lastRounds();
        } finally {
            try {
                selector.close();
            } catch (IOException e) {
                report(e);
            }
        }
    }

    /// Ends what is still there. A sender may be writing just now: it is done soon.
    private void lastRounds() {
        long until = clock.getAsLong() + LAST_ROUNDS;
        while (!atEnd.getAsBoolean() && clock.getAsLong() - until < 0) {
            now = clock.getAsLong();
            runAll();
        }
    }

    // A yield between polls is what makes polling harmless: see PollGuard.
    @SuppressWarnings("ThreadPriorityCheck")
    private void round() throws IOException {
        look();
        if (worked) {
            guard.event(now);
        } else if (guard.polls(now)) {
            Thread.yield();
            guard.yielded(now, clock.getAsLong());
        } else {
            if (guard.quiet(now)) {
                runPostponed();
            }
            sleep();
        }
    }

    /// Does what there is to do.
    private void look() throws IOException {
        worked = false;
        selector.selectNow(onReady);
        now = clock.getAsLong();
        runAll();
    }

    private boolean hasWork() {
        return !tasks.isEmpty()
                || handedOver.get() != null
                || !toRead.isEmpty()
                || !last.isEmpty()
                || stopped;
    }

    private void sleep() throws IOException {
        boolean _ = Thread.interrupted(); // by somebody's handler: with it, nothing would sleep
        asleep = true;
        try {
            if (!hasWork()) {
                long nanos = Math.min(timers.untilNext(clock.getAsLong()), untilPostponed());
                long millis =
                        nanos == Long.MAX_VALUE ? 0 : Math.max(1, (nanos + 999_999) / 1_000_000);
                selector.select(onReady, millis);
            }
        } finally {
            asleep = false;
        }
        now = clock.getAsLong();
        runAll();
        if (worked) {
            guard.event(now);
        } else {
            runPostponed();
        }
    }

    /// Not less, although the loop has nothing else to do: a timer that is set and cancelled for
    /// each message costs more than the message where the clock is a virtual one.
    private long untilPostponed() {
        return postponed.isEmpty()
                ? Long.MAX_VALUE
                : Math.max(0, postponedSince + POSTPONED_MAX - now);
    }

    private void runAll() {
        Runnable first = tasks.poll();
        for (int i = 0; first != null; first = ++i < TASKS_AT_ONCE ? tasks.poll() : null) {
            guarded(first);
        }
        readAgain();
        for (Runnable task = timers.due(now); task != null; task = timers.due(now)) {
            guarded(task);
        }
        for (Handed link = reversed(handedOver.getAndSet(null)); link != null; ) {
            Handed next = link.nextHanded;
            link.nextHanded = null;
            guarded(link);
            link = next;
        }
        for (int i = 0; i < last.size(); i++) { // it may grow meanwhile
            guarded(last.get(i));
        }
        last.clear();
        if (untilPostponed() == 0) {
            runPostponed();
        }
    }

    private void readAgain() {
        if (toRead.isEmpty()) {
            return;
        }
        List<Handler> due = List.copyOf(toRead);
        toRead.clear(); // they may ask again
        for (Handler handler : due) {
            guarded(() -> call(handler, SelectionKey.OP_READ));
        }
    }

    private static @Nullable Handed reversed(@Nullable Handed stack) {
        Handed first = null;
        for (Handed link = stack; link != null; ) {
            Handed next = link.nextHanded;
            link.nextHanded = first;
            first = link;
            link = next;
        }
        return first;
    }

    private void guarded(Runnable task) {
        worked = true;
        try {
            task.run();
        } catch (Throwable t) {
            report(t);
            pauseAfter(t);
        }
    }

    private void runPostponed() {
        for (int i = 0; i < postponed.size(); i++) {
            try {
                postponed.get(i).postponed();
            } catch (Throwable t) {
                report(t);
            }
        }
        postponed.clear();
    }

    private void ready(SelectionKey key) {
        Handler handler = (Handler) key.attachment();
        worked = true;
        now = clock.getAsLong();
        try {
            if (key.isValid()) {
                handler.ready(key.readyOps());
            }
        } catch (Throwable t) {
            failed(handler, t);
        }
    }

    private static void failed(Handler handler, Throwable fault) {
        try {
            handler.fail(fault);
        } finally {
            pauseAfter(fault);
        }
    }

    /// Without memory what is ready stays so, and what failed is tried again: then this must not
    /// burn a processor that whoever frees some needs.
    private static void pauseAfter(Throwable fault) {
        if (fault instanceof OutOfMemoryError) {
            LockSupport.parkNanos(PAUSE_WITHOUT_MEMORY);
        }
    }

    private void report(Throwable fault) {
        try {
            faults.accept(fault);
        } catch (Throwable ignored) {
            // whoever listens for faults has one himself: nobody is left to tell
        }
    }
}

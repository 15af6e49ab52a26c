package io.hyperactor;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/// Runs activations of actors, each to completion, on a few platform threads.
///
/// What an activation wakes runs next on the same [Worker], through a slot of one: hot in cache,
/// nobody signalled. Everything else goes through one shared queue. Of the workers without work one
/// polls that queue for a short while, the others sleep at once; a sleeper is woken only when
/// nobody polls. A [Ticker] looks at the workers now and then. When work waits it asks those that
/// run to let others in after the message that they handle; the sooner, the more wait. A worker
/// that is seen waiting in its activation, or runs the same one at the next look, is *relieved*:
/// its slot goes to the shared queue and a spare worker, started in advance, takes its place
/// ([Workers]); should that be held up as well, it is seen sooner. So a handler may block, at the
/// price of a thread for as long as it does, and what waits behind it waits for one look, or for
/// two if it blocks in a system call. Runtime calls that block announce it and are relieved at
/// once. Once a second the ticker looks for activations that do not end, also on workers that were
/// relieved.
///
/// **Source:** the slot is Go's `runnext`; measured beside ForkJoinPool and virtual threads for
/// this runtime (docs/adr/0002-own-dispatcher.md).
final class Dispatcher {
    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);
    private static final Duration SPARE_LIFE = Duration.ofSeconds(10);
    static final long ENDLESS = Long.MAX_VALUE;

    private static final class Shared {
        static final Dispatcher INSTANCE =
                new Dispatcher(
                        "hyperactor", Math.max(2, Runtime.getRuntime().availableProcessors()));
    }

    // Workers use these themselves: each hop does.
    final ActivationQueue shared = new ActivationQueue();
    final AtomicReference<@Nullable Worker> poller = new AtomicReference<>();
    final AtomicInteger sleeping = new AtomicInteger();

    final Workers workers;
    final Ticker ticker;
    private final AtomicLong wakeUps = new AtomicLong();
    private volatile int turn; // the ticker's
    private volatile long batchNanos = ENDLESS; // the ticker's

    /// @param target how many workers run at a time, not counting blocked ones
    Dispatcher(String name, int target) {
        this(name, target, SPARE_LIFE, Thread::start, Thread::start);
    }

    /// @param spareLife how long a worker that is not needed waits to be needed again
    /// @param starter starts a worker's thread
    /// @param tickerStarter starts the ticker; without it, [Ticker#look()] is for whoever made this
    Dispatcher(
            String name,
            int target,
            Duration spareLife,
            Consumer<Thread> starter,
            Consumer<Thread> tickerStarter) {
        workers = new Workers(this, name, target, spareLife, starter);
        ticker = new Ticker(this, name);
        workers.start();
        ticker.start(tickerStarter);
    }

    /// The dispatcher of this process: one worker per processor, at least two, daemon threads.
    static Dispatcher shared() {
        return Shared.INSTANCE;
    }

    /// How many workers sleep for want of work.
    int asleep() {
        return sleeping.get();
    }

    /// How often a sleeping worker was woken because there was work.
    long wakeUps() {
        return wakeUps.get();
    }

    /// A number that changes when work waits while others have had the processors for a while: an
    /// activation that began at another one ends after what it is doing.
    int turn() {
        return turn;
    }

    /// Ticker only.
    void nextTurn() {
        int next = turn + 1; // nobody else writes it
        turn = next;
    }

    /// How long an activation may go on with one message after the other; [#ENDLESS] as long as
    /// nobody has to wait long for that.
    long batchNanos() {
        return batchNanos;
    }

    /// Ticker only.
    void batchesLast(long nanos) {
        if (batchNanos != nanos) {
            batchNanos = nanos;
        }
    }

    /// What has waited in the shared queue and is next; null if nothing has.
    @Nullable Runnable next() {
        return shared.poll(turn);
    }

    /// Somebody waits for `activation` to go on: it goes before all that has not begun, if it waits
    /// behind that.
    void hasten(Runnable activation) {
        if (shared.hasten(activation)) {
            callForHelp();
        }
    }

    /// Runs `activation` soon. Any thread; never blocks.
    void execute(Runnable activation) {
        if (Thread.currentThread() instanceof Worker worker && worker.takesSlot(this)) {
            executeNext(worker, activation);
        } else {
            executeShared(activation);
        }
    }

    /// Puts `activation` into the slot of a worker that had not been relieved a moment ago.
    void executeNext(Worker worker, Runnable activation) {
        Runnable displaced = worker.slot.getAndSet(activation);
        if (displaced != null) {
            executeShared(displaced);
        }
        if (worker.relieved) { // since then: its slot may have been emptied already
            emptySlot(worker);
        }
    }

    /// Takes back what the running activation has just executed. False if it has begun or will.
    boolean takeBack(Runnable activation) {
        return Thread.currentThread() instanceof Worker worker
                && worker.slot.compareAndSet(activation, null);
    }

    private void emptySlot(Worker worker) {
        Runnable waiting = worker.slot.getAndSet(null);
        if (waiting != null) {
            executeShared(waiting);
        }
    }

    /// Like [#execute] but never next on this worker.
    private void executeShared(Runnable activation) {
        shared.offer(activation);
        callForHelp();
    }

    /// Runs `activation` again, when others have had a turn: it used up its batch. A worker that
    /// goes on with this queue itself needs no other to be woken for it.
    void requeue(Runnable activation) {
        if (!(Thread.currentThread() instanceof Worker worker && worker.takesSlot(this))
                || worker.slot.get() != null) {
            shared.offerAgain(activation);
            callForHelp();
        } else if (shared.isEmpty()) {
            executeNext(worker, activation);
        } else {
            shared.offerAgain(activation);
            if (worker.relieved) { // since then: it may go on with nothing
                callForHelp();
            }
        }
    }

    /// After work was put into the shared queue: whoever polls it takes it and looks for more, so a
    /// sleeper is needed only if nobody does.
    void callForHelp() {
        if (sleeping.get() > 0 && poller.get() == null) {
            wakeOne();
        }
    }

    /// Wakes a worker that sleeps, if any does.
    void wakeOne() {
        for (Worker worker : workers.active()) {
            if (worker.isAsleep() && worker.wake()) {
                wakeUps.incrementAndGet();
                return;
            }
        }
    }

    /// The calling thread is about to block: if it is a worker, another takes its place.
    static void blocking() {
        if (Thread.currentThread() instanceof Worker worker) {
            boolean _ = worker.dispatcher().relieve(worker);
        }
    }

    /// Has a spare take the place of a busy worker. False if none can be had, or it has been done.
    boolean relieve(Worker worker) {
        boolean relieved = workers.replace(worker);
        if (relieved) {
            LockSupport.unpark(worker); // should it have finished and lain down meanwhile
            emptySlot(worker);
        }
        return relieved;
    }

    /// Users' code deals with its failures itself, so this is the runtime's own.
    static void fault(String what, Throwable t) {
        try {
            LOG.error(what, t);
        } catch (Throwable again) {
            // Nobody is left to tell, and the thread is needed.
        }
    }
}

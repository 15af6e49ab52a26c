package io.hyperactor;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/// Runs activations of actors, each to completion, on a few platform threads.
///
/// What an activation wakes runs next on the same worker, through a slot of one: hot in cache,
/// nobody signalled. Everything else goes through one shared queue. Of the workers without work one
/// polls that queue for a short while, the others sleep at once; a sleeper is woken only when
/// nobody polls. A *ticker* looks at the workers now and then. When work waits it asks those that
/// run to let others in after the message that they handle. A worker that runs the same activation
/// at the next look is *relieved*: its slot goes to the shared queue and a spare worker, started in
/// advance, takes its place. So a handler may block, at the price of a thread for as long as it
/// does, and what waits behind it waits no longer than two looks. Runtime calls that block announce
/// it and are relieved at once. Once a second the ticker looks for activations that do not end,
/// also on workers that were relieved.
///
/// **Source:** the slot is Go's `runnext`; measured beside ForkJoinPool and virtual threads for
/// this runtime (docs/performance.md).
final class Dispatcher {
    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);
    private static final int SLOT_STREAK = 61; // then the shared queue gets a turn
    private static final int MAX_WORKERS = 4096;
    private static final long TICK_NANOS = 800_000; // twice that, and a wake-up, is below 2 ms
    private static final int TICKS_BEFORE_SLEEP = 10;
    private static final long STUCK_LOOK_NANOS = 1_000_000_000L;
    private static final Duration SPARE_LIFE = Duration.ofSeconds(10);

    private static final class Shared {
        static final Dispatcher INSTANCE =
                new Dispatcher(
                        "hyperactor", Math.max(2, Runtime.getRuntime().availableProcessors()));
    }

    private final String name;
    private final int target;
    private final long spareLifeNanos;
    private final Consumer<Thread> starter;
    private final ConcurrentLinkedQueue<Runnable> shared = new ConcurrentLinkedQueue<>();
    private final AtomicReference<@Nullable Worker> poller = new AtomicReference<>();
    private final AtomicInteger sleeping = new AtomicInteger();
    private final LongAdder wakeUps = new LongAdder();
    private final AtomicInteger created = new AtomicInteger();
    private final AtomicInteger names = new AtomicInteger();

    private final ReentrantLock lock = new ReentrantLock(); // guards what follows
    private final List<Worker> all = new ArrayList<>(); // that have a thread
    private final List<Worker> workers = new ArrayList<>();
    private final ArrayDeque<Worker> spares = new ArrayDeque<>();
    private boolean exhausted; // no thread was to be had the last time
    private boolean spareStarts; // it is not among the spares yet
    private volatile Worker[] active = {}; // workers that take work; relieved ones are not in here

    private final Thread ticker;
    private volatile boolean tickerSleeps;
    private volatile int turn; // the ticker's

    /// @param target how many workers run at a time, not counting blocked ones
    Dispatcher(String name, int target) {
        this(name, target, SPARE_LIFE, Thread::start, Thread::start);
    }

    /// @param spareLife how long a worker that is not needed waits to be needed again
    /// @param starter starts a worker's thread
    /// @param tickerStarter starts the ticker; without it, [#look()] is for whoever made this
    Dispatcher(
            String name,
            int target,
            Duration spareLife,
            Consumer<Thread> starter,
            Consumer<Thread> tickerStarter) {
        this.name = name;
        this.target = target;
        this.spareLifeNanos = spareLife.toNanos();
        this.starter = starter;
        lock.lock();
        try {
            for (int i = 0; i < target; i++) {
                if (!activateNew()) {
                    throw new IllegalStateException("no threads for " + name);
                }
            }
        } finally {
            lock.unlock();
        }
        ticker = Thread.ofPlatform().daemon().name(name + "-ticker").unstarted(this::tick);
        tickerStarter.accept(ticker);
    }

    /// The dispatcher of this process: one worker per processor, at least two, daemon threads.
    static Dispatcher shared() {
        return Shared.INSTANCE;
    }

    /// How many workers take work now; relieved ones do not.
    int working() {
        return active.length;
    }

    /// How many workers sleep for want of work.
    int asleep() {
        return sleeping.get();
    }

    /// How many spares wait for the next worker that blocks.
    int spares() {
        lock.lock();
        try {
            return spares.size();
        } finally {
            lock.unlock();
        }
    }

    /// How many workers there are: those that work, those that are blocked, and spares.
    int threads() {
        return created.get();
    }

    /// How often a sleeping worker was woken because there was work.
    long wakeUps() {
        return wakeUps.sum();
    }

    /// A number that changes when work waits while others have had the processors for a while: an
    /// activation that began at another one ends after what it is doing.
    int turn() {
        return turn;
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

    /// Like [#execute] but behind all work that waits.
    private void executeShared(Runnable activation) {
        shared.offer(activation);
        callForHelp();
    }

    /// Runs `activation` again, behind all work that waits: it used up its batch. A worker that
    /// goes on with this queue itself needs no other to be woken for it.
    void requeue(Runnable activation) {
        if (!(Thread.currentThread() instanceof Worker worker && worker.takesSlot(this))) {
            executeShared(activation);
        } else if (worker.slot.get() != null) {
            executeShared(activation);
        } else if (shared.isEmpty()) {
            executeNext(worker, activation);
        } else {
            shared.offer(activation);
            if (worker.relieved) { // since then: it may go on with nothing
                callForHelp();
            }
        }
    }

    /// After work was put into the shared queue: whoever polls it takes it and looks for more, so a
    /// sleeper is needed only if nobody does.
    private void callForHelp() {
        if (sleeping.get() > 0 && poller.get() == null) {
            wakeOne();
        }
    }

    private void wakeOne() {
        for (Worker worker : active) {
            if (worker.isAsleep() && worker.wake()) {
                wakeUps.increment();
                return;
            }
        }
    }

    /// The calling thread is about to block: if it is a worker, another takes its place.
    static void blocking() {
        if (Thread.currentThread() instanceof Worker worker) {
            worker.dispatcher().relieve(worker);
        }
    }

    /// Takes a busy worker out of the active set and puts a spare in, if one can be had.
    void relieve(Worker worker) {
        lock.lock();
        try {
            if (worker.relieved || created.get() - spares.size() > MAX_WORKERS) {
                return;
            }
            Worker spare = spares.pollFirst();
            if (spare != null) {
                activate(spare);
            } else if (!activateNew()) {
                return; // the ticker tries again
            }
            worker.relieved = true;
            deactivate(worker);
        } finally {
            lock.unlock();
        }
        LockSupport.unpark(worker); // should it have finished and lain down meanwhile
        emptySlot(worker);
    }

    private void activate(Worker worker) {
        worker.relieved = false;
        workers.add(worker);
        LockSupport.unpark(worker); // also if there is no memory for what follows
        active = workers.toArray(new Worker[0]);
    }

    /// False when the system has no thread left to give.
    private boolean activateNew() {
        Worker worker = new Worker();
        activate(worker);
        if (start(worker)) {
            return true;
        }
        deactivate(worker);
        return false;
    }

    private boolean start(Worker worker) {
        created.incrementAndGet();
        try {
            all.add(worker);
            starter.accept(worker);
            exhausted = false;
            return true;
        } catch (OutOfMemoryError noThread) {
            created.decrementAndGet();
            all.remove(worker);
            if (!exhausted) { // once, not at each tick
                exhausted = true;
                LOG.warn("{} gets no thread for those that blocked handlers hold", name, noThread);
            }
            return false;
        }
    }

    /// Starts a spare if there is none, for a thread takes long to start.
    private void prepareSpare() {
        lock.lock();
        try {
            if (spares.isEmpty() && !spareStarts && created.get() <= MAX_WORKERS) {
                Worker spare = new Worker();
                spare.relieved = true;
                spareStarts = start(spare);
            }
        } finally {
            lock.unlock();
        }
    }

    private void deactivate(Worker worker) {
        workers.remove(worker);
        active = workers.toArray(new Worker[0]);
    }

    /// Watches over running workers while there are any; sleeps when all do. Whatever fails, such
    /// as for want of memory, it goes on.
    private void tick() {
        long stuckLook = System.nanoTime() + STUCK_LOOK_NANOS;
        int idleTicks = 0;
        boolean failed = false; // the last time: then it has been said
        while (true) {
            LockSupport.parkNanos(this, TICK_NANOS);
            try {
                look();
                long now = System.nanoTime();
                if (now - stuckLook >= 0) {
                    stuckLook = now + STUCK_LOOK_NANOS;
                    boolean _ = lookForStuck(now);
                }
                idleTicks = sleeping.get() < active.length ? 0 : idleTicks + 1;
                if (idleTicks > TICKS_BEFORE_SLEEP) {
                    idleTicks = 0;
                    sleepUntilWorkersRun();
                }
                failed = false;
            } catch (Throwable t) {
                if (!failed) {
                    failed = true;
                    fault("the ticker failed", t);
                }
            }
        }
    }

    /// What the ticker does at each tick.
    void look() {
        boolean waits = !shared.isEmpty();
        for (Worker worker : active) {
            waits |= worker.slot.get() != null;
        }
        if (waits) {
            nextTurn();
        }
        for (Worker worker : active) {
            boolean overruns = worker.overruns();
            if (overruns && (!shared.isEmpty() || worker.slot.get() != null)) {
                relieve(worker);
            }
            if (worker.runs()) {
                prepareSpare();
            }
        }
        if (!shared.isEmpty() && sleeping.get() > 0) {
            wakeOne(); // whoever polls may have lost its processor
        }
    }

    /// Finds activations that do not end, on whatever worker. All that run are asked to let others
    /// in: what runs at the next look has been at the same message since.
    ///
    /// @return whether any runs
    boolean lookForStuck(long now) {
        Worker[] threads;
        lock.lock();
        try {
            threads = all.toArray(new Worker[0]);
        } finally {
            lock.unlock();
        }
        boolean runs = false;
        for (Worker worker : threads) {
            runs |= worker.lookForStuck(now);
        }
        nextTurn();
        return runs;
    }

    private void nextTurn() {
        int next = turn + 1; // nobody else writes it
        turn = next;
    }

    private void sleepUntilWorkersRun() {
        tickerSleeps = true;
        while (tickerSleeps && sleeping.get() >= active.length) {
            boolean runs = lookForStuck(System.nanoTime()); // relieved, and not back
            if (!tickerSleeps) {
                break; // woken meanwhile, perhaps while it waited for the lock
            }
            if (runs) {
                LockSupport.parkNanos(this, STUCK_LOOK_NANOS);
            } else {
                LockSupport.park(this);
            }
        }
        tickerSleeps = false;
    }

    /// Users' code deals with its failures itself, so this is the runtime's own.
    private static void fault(String what, Throwable t) {
        try {
            LOG.error(what, t);
        } catch (Throwable again) {
            // Nobody is left to tell, and the thread is needed.
        }
    }

    /// One thread of the dispatcher.
    final class Worker extends Thread {
        private final AtomicReference<@Nullable Runnable> slot = new AtomicReference<>();
        private final AtomicBoolean asleep = new AtomicBoolean();
        private volatile boolean relieved; // written under the dispatcher's lock
        private final AtomicLong activations = new AtomicLong(); // odd while one runs
        private final AtomicReference<@Nullable Runnable> running =
                new AtomicReference<>(); // or what ran last; for the ticker
        private long seen; // the ticker's memory of activations
        private final StuckWatch stuckWatch = new StuckWatch(this); // the ticker's

        Worker() {
            super(null, null, name + "-" + names.incrementAndGet(), 0, false);
            setDaemon(true);
        }

        private Dispatcher dispatcher() {
            return Dispatcher.this;
        }

        private boolean takesSlot(Dispatcher of) {
            return of == Dispatcher.this && !relieved;
        }

        @Override
        public void run() {
            int streak = 0;
            int began = turn; // the streak
            while (true) {
                if (relieved && !rejoin()) {
                    return;
                }
                if (streak == 0) {
                    began = turn;
                }
                Runnable next = streak < SLOT_STREAK && began == turn ? takeSlot() : null;
                if (next != null) {
                    streak++;
                } else {
                    streak = 0;
                    next = shared.poll();
                    if (next == null) {
                        next = takeSlot();
                    }
                    if (next == null) {
                        next = await();
                    }
                }
                if (next != null) {
                    activate(next);
                }
            }
        }

        private @Nullable Runnable takeSlot() {
            return slot.get() == null ? null : slot.getAndSet(null);
        }

        private void activate(Runnable activation) {
            long count = activations.getPlain();
            running.setRelease(activation);
            activations.setRelease(count + 1);
            try {
                activation.run();
            } catch (Throwable t) {
                fault("an activation threw", t);
            }
            var _ = Thread.interrupted(); // one that it left behind is not for the next
            activations.setOpaque(count + 2);
        }

        private boolean runs() {
            return (activations.getOpaque() & 1) == 1;
        }

        /// Whether the same activation was running a tick ago. Ticker only.
        private boolean overruns() {
            long now = activations.getOpaque();
            boolean same = now == seen && (now & 1) == 1;
            seen = now;
            return same;
        }

        /// Ticker only.
        private boolean lookForStuck(long now) {
            long count = activations.getAcquire();
            Runnable what = running.getAcquire();
            boolean runs = (count & 1) == 1;
            if (runs && count == activations.getAcquire()) { // else that is not what runs
                stuckWatch.look(count, what, now);
            }
            return runs;
        }

        /// Waits for work, and has others look for more when there is. Null: perhaps there is some.
        private @Nullable Runnable await() {
            running.setRelease(null); // it may be garbage by now
            Runnable work = poll();
            if (work == null) {
                work = sleep();
            }
            if (work != null && !shared.isEmpty()) {
                callForHelp();
            }
            return work;
        }

        private @Nullable Runnable poll() {
            if (poller.get() != null || !poller.compareAndSet(null, this)) {
                return null;
            }
            Runnable work = Polling.until(() -> !shared.isEmpty()) ? shared.poll() : null;
            poller.set(null); // before the last look at the queue: who came earlier woke nobody
            return work;
        }

        private @Nullable Runnable sleep() {
            asleep.set(true);
            sleeping.incrementAndGet();
            Runnable work = shared.poll();
            if (work == null) {
                while (isAsleep() && !relieved) {
                    LockSupport.park(Dispatcher.this);
                }
                work = relieved ? null : shared.poll();
            }
            boolean _ = wake(); // nobody else did: found work while lying down, or was relieved
            if (tickerSleeps) {
                tickerSleeps = false;
                LockSupport.unpark(ticker);
            }
            return work;
        }

        private boolean isAsleep() {
            return asleep.get();
        }

        /// Claims a sleeping worker and wakes it. False if another did.
        private boolean wake() {
            if (!asleep.compareAndSet(true, false)) {
                return false;
            }
            sleeping.decrementAndGet();
            LockSupport.unpark(this);
            return true;
        }

        /// After having been relieved: back to work if there is a place, else waits as a spare.
        /// False when it was not needed for long and ends; one spare is always kept.
        private boolean rejoin() {
            boolean isFirst;
            lock.lock();
            try {
                spareStarts = false;
                if (workers.size() < target) {
                    Dispatcher.this.activate(this);
                    return true;
                }
                isFirst = spares.isEmpty();
                spares.addFirst(this); // so whoever was the first is the last to be taken
            } finally {
                lock.unlock();
            }
            if (!shared.isEmpty()) { // it may have been woken for work that it does not take
                callForHelp();
            }
            long end = System.nanoTime() + spareLifeNanos;
            while (relieved) {
                long left = isFirst ? Long.MAX_VALUE : end - System.nanoTime();
                if (left == Long.MAX_VALUE) {
                    LockSupport.park(Dispatcher.this);
                } else if (left > 0) {
                    LockSupport.parkNanos(Dispatcher.this, left);
                } else if (retire()) {
                    return false;
                }
            }
            return true;
        }

        private boolean retire() {
            lock.lock();
            try {
                if (relieved && spares.remove(this)) {
                    all.remove(this);
                    created.decrementAndGet();
                    return true;
                }
                return false;
            } finally {
                lock.unlock();
            }
        }
    }
}

package io.hyperactor.host;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/// The thread of a [LinuxLauncher]: starts every child, reads all output and reaps. It waits for
/// all of that at once and for nothing else.
final class LinuxMonitor implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(LinuxMonitor.class);

    private static final int LAUNCHES_WAITING_MAX = 1024;
    private static final int LEFTOVER_POLL_MILLIS = 10;
    private static final int DYING_POLL_MILLIS = 1; // where the kernel does not tell

    /// How long an exit waits for those who were killed with the leader to be gone. In most cases
    /// there is nobody; otherwise the kernel takes a millisecond, unless one of them hangs in it.
    private static final long DYING_LIMIT_NANOS = 200_000_000;

    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final long PAUSE_AFTER_ERROR_NANOS = 10_000_000;
    private static final long PAUSE_WITHOUT_MEMORY_NANOS =
            200_000_000; // for each costs a collection

    /// A launch that is asked for: see [#take].
    static final class Request {
        private final LaunchSpec spec;
        private final Path program;
        private final CompletableFuture<LinuxProcess> result = new CompletableFuture<>();
        private volatile boolean abandoned;

        /// @param program where the program of `spec` is
        Request(LaunchSpec spec, Path program) {
            this.spec = spec;
            this.program = program;
        }

        /// What becomes of it; only to be waited for.
        CompletableFuture<LinuxProcess> result() {
            return result;
        }

        /// Nobody waits for it any more: what it starts, or has started, is killed.
        void abandon() {
            abandoned = true;
            killIfAbandoned();
        }

        private void killIfAbandoned() {
            if (abandoned && result.isDone() && !result.isCompletedExceptionally()) {
                result.join().signalGroup(Signals.KILL);
            }
        }
    }

    private final Libc libc;
    private final OutputQueue output;
    private final ChildStarter starter;
    private final OutputReader reader;
    private final Poller poller;
    private final LauncherCgroups cgroups;
    private final CgroupEvents cgroupEvents;
    private final LaunchMarks marks = new LaunchMarks();
    private final Strays strays;
    private final Guardian guardian;
    private final Set<LinuxProcess> live = ConcurrentHashMap.newKeySet();
    private final Map<LinuxProcess, Dying> dying = new LinkedHashMap<>();

    /// What depends on an exit runs here: on a thread of its own while it is busy, so that none
    /// holds up another. One thread waits for the next exit.
    private final ThreadPoolExecutor exits =
            new ThreadPoolExecutor(
                    1,
                    Integer.MAX_VALUE,
                    5,
                    TimeUnit.SECONDS,
                    new SynchronousQueue<>(),
                    Thread.ofPlatform().daemon().name("hyperactor-exit-", 0).factory());

    private final BlockingQueue<Request> requests = new ArrayBlockingQueue<>(LAUNCHES_WAITING_MAX);

    /// Held while a request is queued and while closing begins: none is queued after that.
    private final ReentrantLock gate = new ReentrantLock();

    private @Nullable Request current; // until it has its answer; like the next, of this thread
    private @Nullable Throwable failure; // which is that answer

    private boolean begun; // of this thread
    private volatile boolean closing;

    LinuxMonitor(Libc libc, ChildStarter starter, LauncherCgroups cgroups, OutputListener listener)
            throws IOException {
        this.libc = libc;
        this.cgroups = cgroups;
        this.cgroupEvents = new CgroupEvents(libc);
        this.output = new OutputQueue(listener);
        this.starter = starter;
        this.reader = new OutputReader(libc);
        this.poller = Poller.open(libc);
        long self = ProcessHandle.current().pid();
        this.strays =
                new Strays(new MarkedProcesses(libc, Path.of("/proc"), self), System::nanoTime);
        this.guardian =
                new Guardian(
                        self,
                        this::startGuardian,
                        cgroups::directory,
                        marks.launcher(),
                        System::nanoTime);
    }

    /// Answers `request`, whatever happens. Any thread.
    void take(Request request) {
        gate.lock();
        try {
            if (closing) {
                refuse(request, "the launcher is closed");
            } else if (!requests.offer(request)) {
                request.result()
                        .completeExceptionally(new LaunchesWaitingException(LAUNCHES_WAITING_MAX));
            }
        } finally {
            gate.unlock();
        }
        poller.wake();
    }

    /// Refuses what is still to be started and has the rest killed; [#run()] returns when all are
    /// gone. Any thread.
    void close() {
        var waiting = new ArrayList<Request>();
        gate.lock();
        try {
            closing = true;
            requests.drainTo(waiting);
        } finally {
            gate.unlock();
        }
        waiting.forEach(request -> refuse(request, "the launcher is closed"));
        poller.wake();
    }

    /// Whether nobody waits any more for what is left. Any thread.
    boolean isGivenUp() {
        List<LinuxProcess> left = live(); // once: all of none would be
        return !left.isEmpty() && left.stream().allMatch(LinuxProcess::isGivenUp);
    }

    /// Those not reaped yet. Any thread.
    List<LinuxProcess> live() {
        return List.copyOf(live);
    }

    @Override
    public void run() {
        while (!closing || !isAllGone()) {
            try {
                step();
            } catch (Throwable e) {
                survive(e);
            }
        }
        release();
    }

    /// Gives back what it has. Only if [#run()] does not run.
    void release() {
        cgroups.close();
        poller.close();
        output.close();
        exits.shutdown();
    }

    /// The guardian process goes last, so that even now it guards what is left.
    private boolean isAllGone() {
        if (!live.isEmpty() || !tidyUp()) {
            return false;
        }
        guardian.close();
        return !guardian.isRunning();
    }

    /// @return whether nothing is left of those who are gone
    private boolean tidyUp() {
        boolean reaped = starter.reapAbandoned();
        boolean swept = cgroups.sweep();
        return strays.isIdle() && swept && reaped;
    }

    private Guardian.Running startGuardian(List<String> command) throws IOException {
        return GuardianProcess.start(libc, poller, starter, command, guardian::lost);
    }

    /// After a launch that is there already, which somebody waits for.
    private void begin() {
        cgroups.retireStale();
        if (!cgroups.areExpected()) {
            strays.seek(LaunchMarks::isOfTheDead);
        }
        begun = true;
        exits.prestartCoreThread(); // if there is a thread now
    }

    private void step() {
        if (current == null) {
            current = requests.poll();
        }
        if (current != null) {
            serve(current);
        }
        if (!begun) {
            begin();
        }
        guardian.startIfDue();
        if (closing) {
            live.forEach(process -> process.signalGroup(Signals.KILL));
        }
        poller.poll(timeoutMillis());
        tellDying();
        strays.startIfDue();
    }

    /// Not longer than until there is something to do that makes no descriptor readable.
    private int timeoutMillis() {
        if (!requests.isEmpty()) {
            return 0;
        }
        if (!dying.isEmpty()) {
            boolean isTold = dying.values().stream().allMatch(Dying::isWatched);
            return isTold ? LEFTOVER_POLL_MILLIS : DYING_POLL_MILLIS;
        }
        if (!tidyUp()) {
            return LEFTOVER_POLL_MILLIS;
        }
        if (closing && live.isEmpty()) {
            return guardian.isRunning() ? Poller.NO_TIMEOUT : 0;
        }
        long nanos = guardian.nanosToWait();
        return nanos < 0 ? Poller.NO_TIMEOUT : (int) (nanos / NANOS_PER_MILLI) + 1;
    }

    /// Somebody waits for the answer, whatever it is. If there is no memory even to say that there
    /// was none, the next step says it.
    private void serve(Request request) {
        if (failure != null) {
            request.result().completeExceptionally(failure);
            failure = null;
            current = null;
            return;
        }
        LinuxProcess process;
        try {
            process = launch(request);
        } catch (Throwable e) {
            failure = e;
            serve(request);
            return;
        }
        current = null;
        request.result().complete(process);
        request.killIfAbandoned();
        guardian.started((int) process.pid()); // after the answer, which is waited for
    }

    private LinuxProcess launch(Request request) throws IOException {
        LaunchSpec spec = request.spec;
        Optional<LauncherCgroups.Made> made = cgroups.forChild(spec.limits());
        Optional<Cgroup> group = made.map(LauncherCgroups.Made::group);
        List<AppliedLimit> limits =
                new ArrayList<>(made.map(LauncherCgroups.Made::limits).orElse(List.of()));
        try {
            boolean memory = CgroupController.MEMORY.isIn(limits);
            ChildStarter.Child child =
                    starter.start(
                            spec,
                            request.program,
                            made,
                            memory ? OptionalLong.empty() : spec.limits().memoryBytes(),
                            marks.next());
            limits.addAll(child.limits());
            limits.addAll(CgroupController.notActive(spec.limits(), limits));
            return watch(spec, child, List.copyOf(limits));
        } catch (IOException | RuntimeException | Error e) {
            group.ifPresent(cgroups::retire);
            throw e;
        }
    }

    private LinuxProcess watch(LaunchSpec spec, ChildStarter.Child child, List<AppliedLimit> limits)
            throws IOException {
        try {
            var capture = new OutputCapture(spec.name(), child.pid(), output, System::nanoTime);
            var process = new LinuxProcess(libc, child, capture, reader, poller, limits);
            process.watch(() -> ended(process));
            live.add(process);
            return process;
        } catch (IOException | RuntimeException | Error e) {
            starter.abandon(child.pid());
            child.close();
            throw e;
        }
    }

    /// If anything in here fails the descriptor that brought us here is still readable, and we come
    /// back.
    private void ended(LinuxProcess process) {
        process.reap(() -> guardian.ending((int) process.pid()))
                .ifPresent(how -> {
                    process.lookForOom(how);
                    dying.computeIfAbsent(process, _ -> dying(process, how));
                    process.release();
                });
    }

    private Dying dying(LinuxProcess process, ProcExit how) {
        var one = new Dying(process, how, System.nanoTime(), cgroupEvents, poller);
        if (!one.isAllGone()) {
            one.killRest();
        }
        return one;
    }

    private void tell(Dying one) {
        LinuxProcess process = one.process();
        long now = System.nanoTime();
        exits.execute(() -> process.complete(one.how(), one.reapedAt(), now));
        one.close();
        process.group()
                .ifPresentOrElse(
                        cgroups::retire,
                        () -> process.mark().ifPresent(mark -> strays.seek(mark::equals)));
        live.remove(process);
    }

    /// Tells the ends of those of whom nothing is left any more. One that cannot be told, for want
    /// of a thread, is tried again.
    private void tellDying() {
        long now = System.nanoTime();
        for (var all = dying.values().iterator(); all.hasNext(); ) {
            Dying one = all.next();
            if (one.isAllGone() || now - one.reapedAt() >= DYING_LIMIT_NANOS) {
                tell(one);
                all.remove();
            }
        }
    }

    private static void refuse(Request request, String why) {
        request.result().completeExceptionally(new IOException(why));
    }

    /// The end of this thread would be the end of every child, so not even a lack of memory ends
    /// it.
    private static void survive(Throwable error) {
        try {
            LOG.error("Watching processes goes on after an error", error);
        } catch (Throwable ignored) {
            // No way to tell.
        }
        LockSupport.parkNanos(
                error instanceof OutOfMemoryError
                        ? PAUSE_WITHOUT_MEMORY_NANOS
                        : PAUSE_AFTER_ERROR_NANOS);
    }
}

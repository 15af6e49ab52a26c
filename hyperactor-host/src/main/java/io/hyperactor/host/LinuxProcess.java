package io.hyperactor.host;

import io.hyperactor.host.Diagnosis.OutOfMemory;
import io.hyperactor.host.OutputListener.Stream;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;

/// A child of this process. [LinuxLauncher]'s thread reads its output and reaps it; the methods of
/// [LaunchedProcess] are for everybody.
final class LinuxProcess implements LaunchedProcess {
    private final Libc libc;
    private final ChildStarter.Child child;
    private final OutputCapture output;
    private final OutputReader reader;
    private final Poller poller;
    private final List<AppliedLimit> limits;
    private final Instant startedAt = Instant.now();
    private final CompletableFuture<ProcExit> exit = new CompletableFuture<>();

    /// Held while a signal is sent and while the child is reaped: its id is its own until then, and
    /// only until then.
    private final ReentrantLock reaping = new ReentrantLock();

    private @Nullable ProcExit ended; // guarded by reaping

    private volatile boolean joined;
    private final KillTime killed = new KillTime(); // by this process
    private volatile @Nullable Diagnosis diagnosis;
    private volatile @Nullable ExitTimes times;
    private long detectedAt; // of the launcher's thread, until the exit completes

    private long stdoutToken;
    private long stderrToken;
    private long pidfdToken;

    LinuxProcess(
            Libc libc,
            ChildStarter.Child child,
            OutputCapture output,
            OutputReader reader,
            Poller poller,
            List<AppliedLimit> limits) {
        this.libc = libc;
        this.child = child;
        this.output = output;
        this.reader = reader;
        this.poller = poller;
        this.limits = limits;
    }

    /// Begins to read its output and to wait for its end.
    ///
    /// @param whenEnded runs when the kernel says that it has ended, again and again until
    ///   [#release()]
    void watch(Runnable whenEnded) throws IOException {
        try {
            stdoutToken = poller.add(child.stdout(), this::readStdout);
            stderrToken = poller.add(child.stderr(), this::readStderr);
            pidfdToken = poller.add(child.pidfd(), whenEnded);
        } catch (IOException | RuntimeException | Error e) {
            release();
            throw e;
        }
    }

    /// Kills what is left of its process group, reads the rest of its output and reaps it.
    ///
    /// The order matters. As long as the leader is not reaped no other process or group can have
    /// its id, so the kill cannot hit a stranger. And the end of the output is not waited for: a
    /// process that left the group may keep the pipe open for ever.
    ///
    /// @param beforeReaping runs when it has ended but its id is still its own
    /// @return how it ended, the same the second time; empty if it has not
    Optional<ProcExit> reap(Runnable beforeReaping) {
        detectedAt = System.nanoTime();
        killGroup();
        reader.readRest(child.stdout(), Stream.STDOUT, output);
        reader.readRest(child.stderr(), Stream.STDERR, output);
        beforeReaping.run();
        reaping.lock();
        try {
            if (ended == null) {
                ended = waitForEnding();
            }
            return Optional.ofNullable(ended);
        } finally {
            reaping.unlock();
        }
    }

    /// Not once it is reaped, for this may be the second time.
    private void killGroup() {
        reaping.lock();
        try {
            if (ended == null) {
                libc.killGroup(child.pid(), Signals.KILL);
            }
        } finally {
            reaping.unlock();
        }
    }

    /// Finds out whether the kernel has killed it at a limit of its memory, while its group is
    /// there. Where the group does not die as one it may have been another process, earlier.
    /// Nothing is read where there is no limit: an end waits for this.
    void lookForOom(ProcExit how) {
        boolean isKilled =
                how instanceof ProcExit.Signalled(int signal, _) && signal == Signals.KILL;
        if (isKilled && !killed.isMarked() && CgroupController.MEMORY.isIn(limits)) {
            diagnosis =
                    child.group()
                            .filter(group -> group.oomKills() > 0)
                            .map(group -> OutOfMemory.ofGroup(limits, group.diesAsOne()))
                            .orElse(null);
        }
    }

    @Override
    public Optional<Diagnosis> diagnosis() {
        return Optional.ofNullable(diagnosis);
    }

    /// Lets go of every descriptor. What still writes to the output gets an error from then on.
    void release() {
        endOutput(child.stdout(), stdoutToken, Stream.STDOUT);
        endOutput(child.stderr(), stderrToken, Stream.STDERR);
        poller.remove(child.pidfd(), pidfdToken);
        child.close();
    }

    /// Whether nothing of its control group is left, or where it has none, of its process group.
    /// Only after it was reaped: until then it is itself a member.
    boolean isAllGone(CgroupEvents events) {
        return child.group()
                .map(events::isEmpty)
                .orElseGet(() -> libc.killGroup(child.pid(), 0) == -Errno.ESRCH);
    }

    Optional<Cgroup> group() {
        return child.group();
    }

    /// What tells its descendants from other processes: see [LaunchMarks].
    Optional<String> mark() {
        return child.mark();
    }

    /// Completes [#exit()], and runs all that waits for it, on this thread.
    ///
    /// @param reapedAt when it was: see [System#nanoTime()]
    void complete(ProcExit how, long reapedAt, long handedOnAt) {
        times = new ExitTimes(detectedAt, reapedAt, handedOnAt);
        exit.complete(how);
    }

    @Override
    public Optional<ExitTimes> exitTimes() {
        return Optional.ofNullable(times);
    }

    @Override
    public String name() {
        return output.name();
    }

    @Override
    public void rename(String name) {
        output.rename(name);
    }

    @Override
    public long pid() {
        return child.pid();
    }

    @Override
    public Instant startedAt() {
        return startedAt;
    }

    @Override
    public CompletableFuture<ProcExit> exit() {
        return exit.copy(); // nobody completes or cancels it for the others
    }

    @Override
    public void signalGroup(int signal) {
        if (!Signals.exists(signal)) {
            throw new IllegalArgumentException("no signal has the number " + signal);
        }
        reaping.lock();
        try {
            if (ended == null) {
                // Fails only if every member is gone or now another user's: then there is nobody to
                // signal.
                libc.killGroup(child.pid(), signal);
                if (signal == Signals.KILL) {
                    killed.mark();
                    child.group().ifPresent(Cgroup::kill);
                } else if (signal == Signals.TERM) {
                    libc.killGroup(child.pid(), Signals.CONT);
                }
            }
        } finally {
            reaping.unlock();
        }
    }

    /// Whether it was killed so long ago that nobody waits for its end any more.
    boolean isGivenUp() {
        return killed.isLongAgo();
    }

    /// Asks until it is known that the child has joined its group, which it does first of all.
    @Override
    public Containment containment() {
        if (!joined && child.group().isPresent()) {
            joined = child.group().get().holds(child.pid());
        }
        return joined ? Containment.CGROUP : Containment.PROCESS_GROUP;
    }

    @Override
    public List<AppliedLimit> limits() {
        return limits;
    }

    @Override
    public List<String> lastLines() {
        return output.lastLines();
    }

    @Override
    public boolean tell(String line) {
        return child.control().tell(ControlLine.bytes(line));
    }

    @Override
    public void closeControl() {
        child.control().close();
    }

    @Override
    public String toString() {
        return name() + " (pid " + child.pid() + ")";
    }

    private void readStdout() {
        read(child.stdout(), stdoutToken, Stream.STDOUT);
    }

    private void readStderr() {
        read(child.stderr(), stderrToken, Stream.STDERR);
    }

    private void read(Descriptor pipe, long token, Stream stream) {
        if (OutputReader.isEnd(reader.read(pipe, stream, output))) {
            endOutput(pipe, token, stream);
        }
    }

    private void endOutput(Descriptor pipe, long token, Stream stream) {
        if (pipe.isOpen()) {
            poller.remove(pipe, token);
            pipe.close();
            output.end(stream);
        }
    }

    private @Nullable ProcExit waitForEnding() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment ending = ChildEnding.allocate(arena);
            int result = libc.reapPidfd(child.pidfd().fd(), ending);
            if (result < 0) {
                return new ProcExit.Lost("waitid: " + Errno.text(-result));
            }
            return ChildEnding.isPresent(ending) ? ChildEnding.exit(ending) : null;
        }
    }
}

package io.hyperactor.host;

import io.hyperactor.ActorRef;
import io.hyperactor.Instance;
import io.hyperactor.ProcAgentMessage;
import io.hyperactor.Protocols;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.MessageType;
import io.hyperactor.wire.ProcId;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;

/// A proc of a [ProcessProcManager]: one operating-system process.
///
/// @param <A> the protocol of the proc's agent
public final class ProcessProcHandle<A> implements ProcHandle<A> {
    private static final int SIGTERM = 15;
    private static final int SIGKILL = 9;

    /// How long a proc that did not drain in time has left between SIGTERM and SIGKILL.
    private static final Duration AFTER_TERM = Duration.ofMillis(500);

    /// How long the kernel has to let go of a killed process.
    private static final Duration AFTER_KILL = Duration.ofSeconds(2);

    private static final long DRAINS = Protocols.of(ProcAgentMessage.class).hash();

    private final ProcId procId;
    private final String token;
    private final long agentProtocol;
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    private final CompletableFuture<Void> gone = new CompletableFuture<>(); // just before exit
    private final CompletableFuture<ProcExit> exit = new CompletableFuture<>();
    private final Watch<ProcStatus> status = new Watch<>(new ProcStatus.Starting());
    private final ReentrantLock lock = new ReentrantLock(); // one step of the status at a time
    private volatile @Nullable LaunchedProcess process;
    private volatile @Nullable ActorRef<A> agent;
    private volatile @Nullable ChannelAddress address;

    ProcessProcHandle(ProcId procId, String token, long agentProtocol) {
        this.procId = procId;
        this.token = token;
        this.agentProtocol = agentProtocol;
    }

    String token() {
        return token;
    }

    /// The process exists.
    void launched(LaunchedProcess started, Runnable afterExit) {
        process = started;
        lock.lock();
        try {
            step(new ProcStatus.Running(started.startedAt()));
            becomeReady();
        } finally {
            lock.unlock();
        }
        var _ =
                started.exit()
                        .whenComplete((how, lost) -> {
                            try {
                                afterExit.run();
                            } finally { // whatever happens: the end is told
                                ended(how == null ? new ProcExit.Lost(String.valueOf(lost)) : how);
                            }
                        });
    }

    private void ended(ProcExit how) {
        LaunchedProcess was = process;
        String lastWords = was == null ? "" : LastWords.of(was.lastLines());
        step(ProcStatus.of(how));
        ready.completeExceptionally(new ReadyException.Terminal(how, lastWords));
        gone.complete(null);
        exit.complete(how);
    }

    /// The child has proved itself and serves. False if it had called back before.
    boolean calledBack(Callback callback, MessageType<A> agentType) {
        lock.lock();
        try {
            if (agent != null) {
                return false;
            }
            String wrong = wrongWith(callback, agentType);
            if (wrong != null) {
                ready.completeExceptionally(new ReadyException.ChannelClosed(wrong));
                return true;
            }
            agent = ActorRef.pinned(callback.agent(), agentType, callback.incarnation());
            address = callback.address();
            becomeReady();
        } finally {
            lock.unlock();
        }
        Thread.ofVirtual().start(() -> ready.complete(null)); // not on the event loop
        return true;
    }

    private @Nullable String wrongWith(Callback callback, MessageType<A> agentType) {
        if (!callback.agent().proc().equals(procId)) {
            return "its agent " + callback.agent() + " is in another proc";
        }
        if (callback.protocol() != agentProtocol) {
            return "its agent " + callback.agent() + " does not speak " + agentType.name();
        }
        return null;
    }

    /// A quick child calls back before its launcher has come back; then the later of the two does
    /// this.
    private void becomeReady() {
        ChannelAddress serves = address;
        if (serves != null) {
            status.value().since().ifPresent(at -> step(new ProcStatus.Ready(at, serves)));
        }
    }

    private boolean step(ProcStatus next) {
        lock.lock();
        try {
            boolean may = status.value().mayBecome(next);
            if (may) {
                status.set(next);
            }
            return may;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public ProcId procId() {
        return procId;
    }

    @Override
    public Optional<ChannelAddress> address() {
        return Optional.ofNullable(address);
    }

    @Override
    public Optional<ActorRef<A>> agent() {
        return Optional.ofNullable(agent);
    }

    @Override
    public OptionalLong pid() {
        LaunchedProcess running = process;
        return running == null ? OptionalLong.empty() : OptionalLong.of(running.pid());
    }

    /// Where the proc is in its life, to be observed.
    public Watch<ProcStatus> status() {
        return status;
    }

    @Override
    public CompletableFuture<Void> ready() {
        return ready.copy();
    }

    @Override
    public CompletableFuture<ProcExit> exit() {
        return exit.copy();
    }

    @Override
    public void atEnd(Runnable action) {
        var _ = gone.thenRun(action);
    }

    /// First a message to the agent, if that is a [io.hyperactor.ProcAgent]: drain within `grace`.
    /// Then TERM to the process group, then KILL. The child takes half a second after TERM at most,
    /// unless it was TERM that had to ask: then it has the whole grace.
    @Override
    public ProcExit terminate(Instance cx, Duration grace, String reason)
            throws InterruptedException {
        LaunchedProcess running = begin();
        if (!grace.isZero() && askToDrain(cx, grace, reason)) {
            if (await(grace)) {
                return exit.join();
            }
            running.signalGroup(SIGTERM);
            if (await(AFTER_TERM)) {
                return exit.join();
            }
        } else if (!grace.isZero()) {
            running.signalGroup(SIGTERM);
            if (await(grace)) {
                return exit.join();
            }
        }
        return forced(running);
    }

    @Override
    public ProcExit kill() throws InterruptedException {
        return forced(begin());
    }

    private LaunchedProcess begin() {
        LaunchedProcess running = process;
        if (exit.isDone()) {
            throw new TerminateException.AlreadyTerminated(exit.join());
        }
        if (running == null) {
            throw new TerminateException.Io("'" + procId + "' is only being launched");
        }
        status.value().since().ifPresent(at -> step(new ProcStatus.Stopping(at)));
        return running;
    }

    @SuppressWarnings("unchecked")
    private boolean askToDrain(Instance cx, Duration grace, String reason) {
        ActorRef<A> known = agent;
        if (known == null || agentProtocol != DRAINS) {
            return false;
        }
        cx.send((ActorRef<ProcAgentMessage>) known, new ProcAgentMessage.StopProc(grace, reason));
        return true;
    }

    private ProcExit forced(LaunchedProcess running) throws InterruptedException {
        running.signalGroup(SIGKILL);
        if (await(AFTER_KILL)) {
            return exit.join();
        }
        throw new TerminateException.Io(
                "'"
                        + procId
                        + "' (pid "
                        + running.pid()
                        + ") has not ended "
                        + AFTER_KILL.toSeconds()
                        + " s after SIGKILL");
    }

    private boolean await(Duration limit) throws InterruptedException {
        try {
            exit.get(limit.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException("never completed exceptionally", e);
        }
    }

    @Override
    public String toString() {
        return procId + " (" + status.value() + ")";
    }
}

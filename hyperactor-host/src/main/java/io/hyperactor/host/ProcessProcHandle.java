package io.hyperactor.host;

import io.hyperactor.ActorRef;
import io.hyperactor.Instance;
import io.hyperactor.ProcAgent;
import io.hyperactor.ProcAgentMessage;
import io.hyperactor.Protocols;
import io.hyperactor.channel.Secret;
import io.hyperactor.host.AppliedLimit.Means;
import io.hyperactor.host.ProcLife.Effect;
import io.hyperactor.host.ProcLife.Event;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.MessageType;
import io.hyperactor.wire.ProcId;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/// A proc of a [ProcessProcManager]: one operating-system process. Its life is a [ProcLife]; this
/// feeds it with what happens and does what it says.
///
/// @param <A> the protocol of the proc's agent
public final class ProcessProcHandle<A> implements ProcHandle<A> {
    private static final long DRAINS = Protocols.of(ProcAgentMessage.class).hash();

    private final ProcId procId;
    private final ProcSpec spec;
    private final Secret secret;
    private final long agentProtocol;
    private final ScheduledExecutorService timer;
    private final LongSupplier nanoTime;

    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    private final CompletableFuture<ExitReport> gone = new CompletableFuture<>(); // before report
    private final CompletableFuture<ExitReport> report = new CompletableFuture<>();
    private final CompletableFuture<ProcExit> exit = report.thenApply(ExitReport::exit);
    private final ToldStatus status;

    private final ReentrantLock lock = new ReentrantLock(); // one step of the life at a time
    private ProcLife life = ProcLife.starting(); // guarded by lock
    private boolean heard; // guarded by lock: it has called back
    private CompletableFuture<ProcExit> ending = new CompletableFuture<>(); // guarded by lock
    private volatile @Nullable LaunchedProcess process;
    private volatile @Nullable ExitReport end; // there before the end is told
    private volatile @Nullable ExitReport told; // once all that goes before that was done
    private volatile @Nullable ActorRef<A> agent;
    private volatile @Nullable ChannelAddress address;

    /// @param spec how it is run
    /// @param secret what it and its host show each other
    /// @param refusedSteps counts steps of its life that are none
    /// @param timer runs what is due later; never blocked
    /// @param nanoTime a clock like [System#nanoTime()]
    ProcessProcHandle(
            ProcId procId,
            ProcSpec spec,
            Secret secret,
            long agentProtocol,
            LongAdder refusedSteps,
            ScheduledExecutorService timer,
            LongSupplier nanoTime) {
        this.procId = procId;
        this.spec = spec;
        this.secret = secret;
        this.agentProtocol = agentProtocol;
        this.status = new ToldStatus(procId, refusedSteps);
        this.timer = timer;
        this.nanoTime = nanoTime;
    }

    @Override
    public Secret secret() {
        return secret;
    }

    /// How it is run.
    ProcSpec spec() {
        return spec;
    }

    /// The process exists.
    ///
    /// @param since when it began to be this proc's
    /// @param afterExit runs when it has ended, before anybody is told, and says what is known
    /// @param cleanUp runs when everybody was told
    void launched(
            LaunchedProcess started,
            Instant since,
            Function<ProcExit, ExitReport> afterExit,
            Runnable cleanUp) {
        process = started;
        try {
            feedLaunch(since);
        } finally { // whatever happens: its end will be known
            watch(started, afterExit, cleanUp);
        }
    }

    private void feedLaunch(Instant since) {
        for (int again = 0; ; again++) {
            try {
                var _ = feed(new Event.Launched(nanoTime.getAsLong(), since));
                return;
            } catch (OutOfMemoryError e) {
                Threads.awaitMemory(again, e);
            }
        }
    }

    private void watch(
            LaunchedProcess started, Function<ProcExit, ExitReport> afterExit, Runnable cleanUp) {
        for (int again = 0; ; again++) {
            try {
                var _ =
                        started.exit()
                                .whenComplete((how, lost) ->
                                        ended(how == null ? lost(lost) : how, afterExit, cleanUp));
                return;
            } catch (OutOfMemoryError e) {
                Threads.awaitMemory(again, e);
            }
        }
    }

    private void ended(ProcExit how, Function<ProcExit, ExitReport> afterExit, Runnable cleanUp) {
        long handed = System.nanoTime();
        try {
            end = afterExit.apply(how);
        } finally { // whatever happens: the end is told
            try {
                feedEnd(how);
                recordTimes(handed, System.nanoTime());
            } finally {
                cleanUp.run();
            }
        }
    }

    /// Without memory for it the end is told as soon as there is some.
    private void feedEnd(ProcExit how) {
        List<Effect> effects = null;
        for (int again = 0; ; again++) {
            try {
                if (effects == null) { // the step is taken once
                    effects = step(new Event.Ended(how));
                }
                tell(effects);
                return;
            } catch (OutOfMemoryError e) {
                Threads.awaitMemory(again, e);
            }
        }
    }

    private void recordTimes(long handed, long told) {
        LaunchedProcess ended = process;
        if (JfrEvents.ExitTold.KIND.isEnabled() && ended != null) {
            ended.exitTimes()
                    .ifPresent(times ->
                            JfrEvents.ExitTold.of(times, handed, told)
                                    .commitFor(procId.name(), ended.pid()));
        }
    }

    private static ProcExit lost(Throwable why) {
        return new ProcExit.Lost(String.valueOf(why));
    }

    /// Waits until everybody was told the end, or for `limit`.
    ///
    /// @return whether it has ended
    boolean awaitEnd(Duration limit) {
        return Threads.uninterruptibly(limit, this::awaitEnd);
    }

    private boolean awaitEnd(long nanos) throws InterruptedException {
        try {
            var _ = report.get(nanos, TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException("never completed exceptionally", e);
        }
    }

    /// There is no process and will be none.
    void notLaunched(Throwable why) {
        var _ = feed(new Event.NotLaunched(String.valueOf(why.getMessage())));
    }

    /// The child has proved itself and serves. False if it had called back before, fit or not.
    boolean calledBack(Callback callback, MessageType<A> agentType) {
        String wrong = wrongWith(callback, agentType);
        List<Effect> effects;
        lock.lock();
        try {
            if (heard) {
                return false;
            }
            heard = true;
            if (wrong == null) {
                agent = ActorRef.pinned(callback.agent(), agentType, callback.incarnation());
                address = callback.address();
            }
            effects =
                    step(
                            wrong == null
                                    ? new Event.CalledBack(callback.address())
                                    : new Event.Unfit(wrong));
        } finally {
            lock.unlock();
        }
        try {
            Threads.startAtLast("hyperactor-ready", () -> tell(effects)); // not on the event loop
        } catch (OutOfMemoryError e) {
            tell(effects); // who waits must hear of it
        }
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

    private List<Effect> feed(Event event) {
        List<Effect> effects = step(event);
        tell(effects);
        return effects;
    }

    /// Takes one step, and does what must happen in the order of the steps.
    private List<Effect> step(Event event) {
        lock.lock();
        try {
            ProcLife.Step step = life.on(event);
            boolean pursued = !step.next().isUnpursued() || step.next().status().isExit();
            if (life.isUnpursued() && pursued && ending.isDone() && told == null) {
                ending = new CompletableFuture<>(); // another attempt, after one was given up
            }
            List<Effect> effects = step.effects();
            for (int i = 0; i < effects.size(); i++) {
                if (effects.get(i) instanceof Effect.WakeAt(long deadline)) {
                    wakeAt(deadline); // without a timer for it a rung is not stepped on
                }
            }
            for (int i = 0; i < effects.size(); i++) {
                act(effects.get(i));
            }
            status.become(step.next().status());
            life = step.next(); // what failed before was not taken, and is done again
            return effects;
        } finally {
            lock.unlock();
        }
    }

    private void act(Effect effect) {
        LaunchedProcess running = process;
        if (effect instanceof Effect.Signal(int signal) && running != null) {
            running.signalGroup(signal);
        } else if (effect instanceof Effect.GiveUp) {
            ending.completeExceptionally(stuck()); // this attempt's, not the next one's
        }
    }

    /// The request to drain came back: no need to wait for it.
    void askReturned() {
        var _ = feed(new Event.AskReturned(nanoTime.getAsLong()));
    }

    private void wakeAt(long deadline) {
        long delay = deadline - nanoTime.getAsLong();
        Runnable timeUp = () -> feed(new Event.TimeUp(nanoTime.getAsLong()));
        var _ =
                timer.schedule(
                        () -> Threads.insist(timeUp), // nobody else comes back to it
                        delay,
                        TimeUnit.NANOSECONDS);
    }

    /// Tells those who wait. They may run anything, so no lock is held.
    private void tell(List<Effect> effects) {
        for (Effect effect : effects) {
            switch (effect) {
                case Effect.BecomeReady() -> ready.complete(null);
                case Effect.FailReady(String why) ->
                        ready.completeExceptionally(new ReadyException.ChannelClosed(why));
                case Effect.TellEnd(ProcExit how) -> tellEnd(how);
                case Effect.AskToDrain(), Effect.Signal _, Effect.WakeAt _, Effect.GiveUp() -> {}
            }
        }
    }

    private void tellEnd(ProcExit how) {
        ExitReport known = end;
        ExitReport all = known == null ? ExitReport.of(how) : known;
        if (!ready.isDone()) { // an exception that nobody gets costs time all the same
            ready.completeExceptionally(new ReadyException.Terminal(all));
        }
        gone.complete(all);
        told = all;
        ending().complete(how);
        report.complete(all); // last: what hangs on it may block
    }

    private TerminateException stuck() {
        long seconds = Duration.ofNanos(ProcLife.AFTER_KILL_NANOS).toSeconds();
        OptionalLong pid = pid();
        return new TerminateException.Io(
                pid.isPresent()
                        ? "'%s' (pid %d) has not ended %d s after SIGKILL"
                                .formatted(procId, pid.getAsLong(), seconds)
                        : "'%s' has not been launched within %d s, and is killed as soon as it is"
                                .formatted(procId, seconds));
    }

    private CompletableFuture<ProcExit> ending() {
        lock.lock();
        try {
            return ending;
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

    /// What ends with its process; empty before there is one.
    public Optional<Containment> containment() {
        return Optional.ofNullable(process).map(LaunchedProcess::containment);
    }

    /// The limits of its process, and what sees to each.
    public List<AppliedLimit> limits() {
        LaunchedProcess running = process;
        if (running == null) {
            return List.of();
        }
        if (running.limits().isEmpty() && spec.limits().heapBytes().isEmpty()) {
            return List.of(); // as in most cases, and the end of a proc waits for this
        }
        return Stream.concat(
                        running.limits().stream(),
                        spec.limits().heapBytes().stream()
                                .mapToObj(
                                        bytes -> new AppliedLimit("heap bytes", bytes, Means.JVM)))
                .toList();
    }

    /// Where the proc is in its life, to be observed.
    public Watch<ProcStatus> status() {
        return status.told();
    }

    @Override
    public CompletableFuture<Void> ready() {
        return ready.copy();
    }

    @Override
    public CompletableFuture<ProcExit> exit() {
        ExitReport known = told;
        return known == null ? exit.copy() : CompletableFuture.completedFuture(known.exit());
    }

    @Override
    public CompletableFuture<ExitReport> report() {
        ExitReport known = told;
        return known == null ? report.copy() : CompletableFuture.completedFuture(known);
    }

    @Override
    public void atEnd(Consumer<ExitReport> action) {
        var _ = gone.thenAccept(action);
    }

    /// First a message to the agent, if that is a [ProcAgent] and takes it from `cx`: drain within
    /// `grace`. Then TERM to the process group, then KILL. The child takes half a second after TERM
    /// at most, unless it was TERM that had to ask: then it has the whole grace.
    ///
    /// Several at once climb one ladder: the shortest grace holds. If a caller is interrupted the
    /// ending goes on.
    @Override
    public ProcExit terminate(Instance cx, Duration grace, String reason)
            throws InterruptedException {
        checkAlive();
        ActorRef<ProcAgentMessage> asked =
                ProcAgent.mayStop(procId, cx.proc().id()) ? drainable() : null;
        long nanos = Durations.nanos(grace);
        List<Effect> effects =
                feed(new Event.StopAsked(nanoTime.getAsLong(), nanos, asked != null));
        if (asked != null && effects.contains(new Effect.AskToDrain())) {
            cx.send(asked, new ProcAgentMessage.StopProc(grace, reason));
        }
        return await(ending());
    }

    @Override
    public ProcExit kill() throws InterruptedException {
        checkAlive();
        var _ = feed(new Event.KillAsked(nanoTime.getAsLong()));
        return await(ending());
    }

    private void checkAlive() {
        ExitReport known = told;
        if (known != null) {
            throw new TerminateException.AlreadyTerminated(known.exit());
        }
    }

    @SuppressWarnings("unchecked")
    private @Nullable ActorRef<ProcAgentMessage> drainable() {
        return agentProtocol == DRAINS ? (ActorRef<ProcAgentMessage>) agent : null;
    }

    private static ProcExit await(CompletableFuture<ProcExit> end) throws InterruptedException {
        try {
            return end.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TerminateException.Io stuck) {
                throw stuck;
            }
            throw new IllegalStateException("completes in no other way", e);
        }
    }

    @Override
    public String toString() {
        return procId + " (" + status.told().value() + ")";
    }
}

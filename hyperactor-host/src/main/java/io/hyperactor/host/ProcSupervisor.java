package io.hyperactor.host;

import io.hyperactor.Client;
import io.hyperactor.DialRouter;
import io.hyperactor.MailboxServer;
import io.hyperactor.host.SlotLife.Event;
import io.hyperactor.wire.ProcId;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/// Brings the procs of a host to life, frees their names when they have ended, and restarts those
/// that are to be restarted.
///
/// **Threads:** any.
final class ProcSupervisor<A> {
    private static final Logger LOG = LoggerFactory.getLogger(ProcSupervisor.class);

    private final ProcManager<A> manager;
    private final HostConfig config;
    private final DialRouter router;
    private final MailboxServer backend;
    private final Client client;
    private final RefusalCounts refusals;
    private final RandomGenerator random = RandomGenerator.getDefault();

    private final Turns spawns;
    private final ProcEvents events = new ProcEvents();
    private final ProcSlots<A> slots;
    private final LongAdder refused = new LongAdder();
    private final LongAdder restarts = new LongAdder();

    /// @param backend where procs send what is not for themselves
    /// @param client asks procs whether they answer
    /// @param refusals counts restarts that came to nothing; whoever spawns counts what he is
    ///   refused
    ProcSupervisor(
            ProcManager<A> manager,
            HostConfig config,
            DialRouter router,
            MailboxServer backend,
            Client client,
            RefusalCounts refusals) {
        this.refusals = refusals;
        this.manager = manager;
        this.config = config;
        this.router = router;
        this.backend = backend;
        this.client = client;
        this.spawns = new Turns(config.spawnsInFlight());
        Function<ProcSlot<A>, ProcSlot<A>> starting =
                slot -> {
                    Threads.startAtLast("hyperactor-restart", () -> restart(slot));
                    return slot;
                };
        this.slots =
                new ProcSlots<>(
                        config.procsMax(),
                        router,
                        events,
                        Threads.timer(),
                        slot -> Threads.insist(slot, starting));
        var _ = events.observe(new JfrRecorder()::record);
    }

    ProcEvents events() {
        return events;
    }

    /// How many spawns were refused for a limit.
    long refused() {
        return refused.sum();
    }

    /// How many restarts were begun.
    long restarts() {
        return restarts.sum();
    }

    /// See [Host#spawn(String, ProcSpec)].
    ReadyProc<A> spawn(ProcId id, Optional<ProcSpec> spec) throws InterruptedException {
        ProcSlot<A> slot = new ProcSlot<>(id, spec.or(manager::spec));
        try {
            slots.reserve(slot);
        } catch (HostException.LimitReached e) {
            refused.increment();
            throw e;
        }
        return launch(slot, spec.isPresent());
    }

    /// One life of a proc, until it is ready.
    ///
    /// @throws HostException if that came to nothing; then nothing of it is left, but for what
    ///   could not be ended
    private ReadyProc<A> launch(ProcSlot<A> slot, boolean ownSpec) throws InterruptedException {
        try {
            return explained(slot, ownSpec);
        } catch (RuntimeException e) {
            throw failed(slot, e);
        } catch (InterruptedException e) {
            throw failed(slot, e);
        } catch (OutOfMemoryError e) {
            throw failed(slot, lacking(slot.id(), e));
        } catch (Error e) {
            throw failed(slot, e);
        }
    }

    /// Made as soon as there is memory for it; until then nothing is made here.
    private static HostException lacking(ProcId id, OutOfMemoryError why) {
        for (int again = 0; ; again++) {
            try {
                return new HostException.ProcessSpawnFailure(id, why);
            } catch (OutOfMemoryError e) {
                Threads.awaitMemory(again, e);
            }
        }
    }

    private ReadyProc<A> explained(ProcSlot<A> slot, boolean ownSpec) throws InterruptedException {
        try {
            return recorded(slot, ownSpec);
        } catch (HostException.LimitReached e) {
            refused.increment();
            throw cause(slot, e);
        } catch (RuntimeException e) {
            throw cause(slot, e);
        }
    }

    private RuntimeException cause(ProcSlot<A> slot, RuntimeException e) {
        RuntimeException why =
                e instanceof ReadyProcException unready ? notReady(slot, unready) : e;
        return slots.isWanted(slot) || e instanceof HostException.Closed
                ? why
                : new HostException.Closed(unwanted(slot.id()), why);
    }

    /// A process that could not be limited has not become its program. Without limits it has, and
    /// that may say what it likes.
    private static HostException notReady(ProcSlot<?> slot, ReadyProcException why) {
        ProcLimits limits = slot.spec().map(ProcSpec::limits).orElse(ProcLimits.NONE);
        Optional<LimitRefusedException> limit =
                why.getCause() instanceof ReadyException.Terminal ended
                                && !limits.equals(ProcLimits.NONE)
                        ? LimitLine.find(ended.report())
                        : Optional.empty();
        limit.ifPresent(refused -> refused.initCause(why));
        return limit.<HostException>map(
                        refused -> new HostException.ProcessSpawnFailure(slot.id(), refused))
                .orElseGet(() -> new HostException.ProcessConfigurationFailure(slot.id(), why));
    }

    private static String unwanted(ProcId id) {
        return "proc '" + id + "' was ended while it was spawned";
    }

    /// Ends what there is of it, or as soon as there is memory for that. If it is impossible the
    /// name stays taken until it has ended.
    private <E extends Throwable> E failed(ProcSlot<A> slot, E why) {
        for (int again = 0; ; again++) {
            try {
                giveUp(slot, why);
                return why;
            } catch (OutOfMemoryError e) {
                Threads.awaitMemory(again, e);
            }
        }
    }

    private void giveUp(ProcSlot<A> slot, Throwable why) {
        Optional<TerminateException> left = slots.handle(slot).flatMap(ProcSupervisor::discard);
        left.ifPresent(why::addSuppressed);
        if (why instanceof HostException.Closed && why.getCause() == null) {
            slots.died(slot).map(ReadyException.Terminal::new).ifPresent(why::initCause);
        }
        var _ =
                slots.feed(
                        slot,
                        new Event.NotReady(
                                reason(why),
                                left.isPresent(),
                                System.nanoTime(),
                                random.nextDouble()));
    }

    private static String reason(Throwable why) {
        return why instanceof InterruptedException
                ? "whoever spawned it was interrupted"
                : String.valueOf(why.getMessage());
    }

    private ReadyProc<A> recorded(ProcSlot<A> slot, boolean ownSpec) throws InterruptedException {
        JfrEvents.ProcSpawn spawn = JfrRecorder.beginSpawn();
        String outcome = "ready";
        try {
            return inTurn(slot, ownSpec);
        } catch (RuntimeException | InterruptedException | Error e) {
            outcome = reason(e);
            throw e;
        } finally {
            long pid =
                    slots.handle(slot).map(ProcHandle::pid).orElse(OptionalLong.empty()).orElse(0);
            JfrRecorder.endSpawn(spawn, slot.id().name(), pid, outcome);
        }
    }

    private ReadyProc<A> inTurn(ProcSlot<A> slot, boolean ownSpec) throws InterruptedException {
        long began = System.nanoTime();
        Duration limit =
                slot.spec().flatMap(ProcSpec::readyTimeout).orElse(config.spawnReadyTimeout());
        if (!spawns.take(limit, slot.unwanted())) {
            checkWanted(slot);
            throw new HostException.LimitReached(
                    slot.id(), "spawnsInFlight", config.spawnsInFlight());
        }
        try {
            return bringUp(slot, ownSpec, began, limit);
        } finally {
            spawns.giveBack();
        }
    }

    private ReadyProc<A> bringUp(ProcSlot<A> slot, boolean ownSpec, long began, Duration limit)
            throws InterruptedException {
        checkWanted(slot);
        long turn = System.nanoTime();
        ProcHandle<A> handle =
                ownSpec && slot.spec().isPresent()
                        ? manager.spawn(slot.id(), backend.address(), slot.spec().get())
                        : manager.spawn(slot.id(), backend.address());
        boolean wanted = slots.started(slot, handle);
        observe(slot, handle);
        if (!wanted) {
            throw new HostException.Closed(unwanted(slot.id()));
        }
        ReadyProc<A> ready = ReadyProc.ensure(handle, limit);
        checkWanted(slot);
        router.bind(slot.id(), ready.address(), handle.secret());
        Optional<String> readyActor = slot.spec().flatMap(ProcSpec::readyActor);
        if (readyActor.isPresent()) {
            FirstAnswer.await(client, readyActor.get(), handle, turn, limit);
        }
        live(slot, ready, began);
        slot.spec().flatMap(ProcSpec::liveness).ifPresent(how -> watch(slot, handle, how));
        return ready;
    }

    private void observe(ProcSlot<A> slot, ProcHandle<A> handle) {
        handle.atEnd(report -> Threads.insist(() -> ended(slot, handle, report)));
        if (handle instanceof ProcessProcHandle<A> process) {
            var _ =
                    process.status()
                            .observe(status -> {
                                if (status instanceof ProcStatus.Stopping) {
                                    slots.feed(slot, handle, new Event.Stopping());
                                }
                            });
        }
    }

    /// Before anybody else is told.
    private void ended(ProcSlot<A> slot, ProcHandle<A> handle, ExitReport report) {
        backend.dismiss(handle.secret()); // a descendant may still hold its sockets
        slots.feed(slot, handle, new Event.Ended(report, System.nanoTime(), random.nextDouble()));
    }

    private void checkWanted(ProcSlot<A> slot) {
        if (!slots.isWanted(slot)) {
            throw new HostException.Closed(unwanted(slot.id()));
        }
    }

    private void live(ProcSlot<A> slot, ReadyProc<A> ready, long began) {
        long now = System.nanoTime();
        SlotLife life =
                slots.ready(slot, ready, new Event.Ready(now, Duration.ofNanos(now - began)));
        if (life.stage() instanceof SlotLife.Stage.Spawning(_, Optional<ExitReport> died)) {
            throw died.<RuntimeException>map(
                            how -> new ReadyProcException.Ready(new ReadyException.Terminal(how)))
                    .orElseGet(() -> new HostException.Closed(unwanted(slot.id())));
        }
    }

    private void watch(ProcSlot<A> slot, ProcHandle<A> handle, Liveness liveness) {
        LivenessProbe probe =
                new LivenessProbe(
                        slot.id(),
                        liveness,
                        client,
                        Threads.timer(),
                        System::nanoTime,
                        (change, silent) -> silence(slot, handle, change, silent));
        handle.atEnd(_ -> probe.close());
        if (handle instanceof ProcessProcHandle<A> process) { // what drains need not answer
            var _ =
                    process.status()
                            .observe(status -> {
                                if (status instanceof ProcStatus.Stopping) {
                                    probe.close();
                                }
                            });
        }
        probe.run();
    }

    private void silence(
            ProcSlot<A> slot, ProcHandle<A> handle, Silence.Change change, Duration silent) {
        slots.feed(slot, handle, new Event.Silent(change, silent));
        if (change == Silence.Change.FATAL) {
            var _ =
                    Threads.insist(
                            handle,
                            it -> {
                                Threads.startAtLast("hyperactor-kill", () -> discard(it));
                                return it;
                            });
        }
    }

    /// Ends what nobody wants, and waits for that, whoever interrupts.
    ///
    /// @return why it may still run
    private static Optional<TerminateException> discard(ProcHandle<?> handle) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    var _ = handle.kill();
                    return Optional.empty();
                } catch (TerminateException.AlreadyTerminated | TerminateException.Unsupported e) {
                    LOG.debug("nothing to end for {}: {}", handle.procId(), e.getMessage());
                    return Optional.empty();
                } catch (TerminateException e) {
                    LOG.error("{} may still run", handle.procId(), e);
                    return Optional.of(e);
                } catch (InterruptedException e) {
                    interrupted = true; // and on: nobody else sees to it
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /// The pause is over.
    private void restart(ProcSlot<A> slot) {
        if (!slots.respawns(slot)) {
            return;
        }
        restarts.increment();
        try {
            var _ = refusals.counting(() -> launch(slot, true));
        } catch (RuntimeException | InterruptedException | Error e) {
            LOG.warn("proc {} was not restarted: {}", slot.id(), e.getMessage());
        }
    }

    /// The procs that are ready.
    List<ReadyProc<A>> live() {
        return slots.live();
    }

    /// All there are, by name.
    List<ProcView> views() {
        return slots.views();
    }

    /// Those that ended last, the newest first.
    List<EndedProc> endings() {
        return slots.endings();
    }

    Optional<ReadyProc<A>> find(String name) {
        return slots.find(name);
    }

    /// What ends a proc.
    interface Ending<A> {
        ProcExit end(ProcHandle<A> proc) throws InterruptedException;
    }

    /// Ends the proc of a name for good: `ending` that which is ready, at once one that is still
    /// being spawned, and no more than that if it waits for its restart.
    ///
    /// @return how it ended, its last life if there were several; also if it had before
    /// @throws HostException.NoSuchProc if there is none, and none that ended is remembered
    ExitReport end(String name, Ending<A> ending) throws InterruptedException {
        return switch (slots.unwant(name)) {
            case ProcSlots.Left.Never<A>() -> throw new HostException.NoSuchProc(name);
            case ProcSlots.Left.Before<A>(EndedProc proc) -> proc.report();
            case ProcSlots.Left.Now<A> now -> end(now, ending);
        };
    }

    private ExitReport end(ProcSlots.Left.Now<A> left, Ending<A> ending)
            throws InterruptedException {
        boolean ready = left.stage() instanceof SlotLife.Stage.Live;
        if (left.handle().isPresent() && !(left.stage() instanceof SlotLife.Stage.Paused)) {
            ProcExit exit = endOf(left.handle().get(), ready ? ending : ProcHandle::kill);
            if (ready) {
                return slots.lastExit(left.slot())
                        .filter(report -> report.exit().equals(exit))
                        .orElseGet(() -> ExitReport.of(exit));
            }
        }
        awaitGone(left.slot()); // whoever spawns it sees to that
        return slots.lastExit(left.slot())
                .orElseGet(() -> ExitReport.of(new ProcExit.NeverStarted("it was ended before")));
    }

    private static <A> ProcExit endOf(ProcHandle<A> proc, Ending<A> ending)
            throws InterruptedException {
        try {
            return ending.end(proc);
        } catch (TerminateException.AlreadyTerminated before) {
            return before.exit();
        }
    }

    /// Waits until the name of one that was being spawned is free; whoever spawns it sees to that.
    static void awaitGone(ProcSlots.Left<?> left) throws InterruptedException {
        if (left instanceof ProcSlots.Left.Now<?>(var slot, SlotLife.Stage.Spawning _, var _)) {
            awaitGone(slot);
        }
    }

    private static void awaitGone(ProcSlot<?> slot) throws InterruptedException {
        try {
            slot.gone().get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("never completed exceptionally", e);
        }
    }

    /// From now on none is restarted. Those that wait for it are gone.
    ///
    /// @return those that were there
    List<ProcSlot<A>> unwantAll() {
        return slots.unwantAll();
    }

    /// Nobody wants the proc of this name any more, whoever ends it.
    ProcSlots.Left<A> unwant(String name) {
        return slots.unwant(name);
    }

    /// How the last life of what nobody wants any more ended, if it had any.
    Optional<ExitReport> lastExit(ProcSlots.Left<A> left) {
        return left instanceof ProcSlots.Left.Now<A> now
                ? slots.lastExit(now.slot())
                : Optional.empty();
    }

    /// Frees names and routes, also of procs that could not be ended. Those that are still being
    /// spawned free themselves.
    void release(List<ProcSlot<A>> released) {
        released.forEach(slot -> slots.feed(slot, new Event.Released()));
    }

    /// No more spawns and restarts.
    void close() {
        slots.close();
    }
}

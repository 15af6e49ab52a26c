package io.hyperactor.host;

import io.hyperactor.ActorRef;
import io.hyperactor.AskException;
import io.hyperactor.Client;
import io.hyperactor.DialRouter;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.ProcId;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import java.util.random.RandomGenerator;

/// Brings the procs of a host to life, frees their names when they have ended, and restarts those
/// that are to be restarted.
///
/// **Threads:** any.
final class ProcSupervisor<A> {
    private static final Logger LOG = LoggerFactory.getLogger(ProcSupervisor.class);
    private static final long READY_ASK_MAX_NANOS = 1_000_000_000L;
    private static final long READY_PAUSE_MILLIS = 20;

    private final ProcManager<A> manager;
    private final HostConfig config;
    private final DialRouter router;
    private final ChannelAddress backend;
    private final Client client;
    private final RandomGenerator random = RandomGenerator.getDefault();

    /// Names in use.
    private final Map<String, ProcSlot<A>> slots = new ConcurrentHashMap<>();

    private final Semaphore spawns;
    private final ProcEvents events = new ProcEvents();
    private final LongAdder refused = new LongAdder();
    private volatile boolean closed;

    /// @param backend where procs send what is not for themselves
    /// @param client asks procs whether they answer
    ProcSupervisor(
            ProcManager<A> manager,
            HostConfig config,
            DialRouter router,
            ChannelAddress backend,
            Client client) {
        this.manager = manager;
        this.config = config;
        this.router = router;
        this.backend = backend;
        this.client = client;
        this.spawns = new Semaphore(config.spawnsInFlight(), true);
        var _ = events.observe(new JfrRecorder()::record);
    }

    ProcEvents events() {
        return events;
    }

    /// How many spawns were refused for a limit.
    long refused() {
        return refused.sum();
    }

    /// See [Host#spawn(String, ProcSpec)].
    ReadyProc<A> spawn(ProcId id, Optional<ProcSpec> spec) throws InterruptedException {
        ProcSlot<A> slot = new ProcSlot<>(id, spec.or(manager::spec));
        reserve(slot);
        try {
            return launch(slot, spec.isPresent());
        } catch (RuntimeException | InterruptedException | Error e) {
            publish(slot, new ProcEvent.Change.NotReady(String.valueOf(e.getMessage())));
            free(slot);
            throw e;
        }
    }

    private void reserve(ProcSlot<A> slot) {
        checkOpen(slot.id());
        if (slots.putIfAbsent(slot.id().name(), slot) != null) {
            throw new HostException.ProcExists(slot.id().name());
        }
        if (slots.size() > config.procsMax()) {
            free(slot);
            refused.increment();
            throw new HostException.LimitReached(slot.id(), "procsMax", config.procsMax());
        }
    }

    private void checkOpen(ProcId id) {
        if (closed) {
            throw new HostException.Closed("proc " + id + " not spawned");
        }
    }

    /// One life of a proc, until it is ready.
    ///
    /// @throws HostException if that came to nothing; then nothing of it is left
    private ReadyProc<A> launch(ProcSlot<A> slot, boolean ownSpec) throws InterruptedException {
        JfrEvents.ProcSpawn spawn = JfrRecorder.beginSpawn();
        String outcome = "ready";
        try {
            return bringUp(slot, ownSpec);
        } catch (RuntimeException | InterruptedException | Error e) {
            outcome = String.valueOf(e.getMessage());
            throw e;
        } finally {
            JfrRecorder.endSpawn(spawn, slot.id().name(), pid(slot), outcome);
        }
    }

    private ReadyProc<A> bringUp(ProcSlot<A> slot, boolean ownSpec) throws InterruptedException {
        long began = System.nanoTime();
        Duration limit =
                slot.spec().flatMap(ProcSpec::readyTimeout).orElse(config.spawnReadyTimeout());
        takeTurn(slot.id(), limit);
        try {
            checkOpen(slot.id());
            ProcHandle<A> handle =
                    ownSpec && slot.spec().isPresent()
                            ? manager.spawn(slot.id(), backend, slot.spec().get())
                            : manager.spawn(slot.id(), backend);
            try {
                return ready(slot, handle, began, limit);
            } catch (ReadyProcException e) {
                discard(slot, handle);
                throw new HostException.ProcessConfigurationFailure(slot.id(), e);
            } catch (RuntimeException | InterruptedException | Error e) {
                discard(slot, handle);
                throw e;
            }
        } finally {
            spawns.release();
        }
    }

    private void takeTurn(ProcId id, Duration limit) throws InterruptedException {
        if (limit.isZero()) {
            spawns.acquire();
        } else if (!spawns.tryAcquire(Durations.nanos(limit), TimeUnit.NANOSECONDS)) {
            refused.increment();
            throw new HostException.LimitReached(id, "spawnsInFlight", config.spawnsInFlight());
        }
    }

    private ReadyProc<A> ready(ProcSlot<A> slot, ProcHandle<A> handle, long began, Duration limit)
            throws InterruptedException {
        boolean wanted = slot.started(handle);
        publish(slot, new ProcEvent.Change.Started());
        if (handle instanceof ProcessProcHandle<A> process) {
            var _ =
                    process.status()
                            .observe(status -> {
                                if (status instanceof ProcStatus.Stopping) {
                                    publish(slot, new ProcEvent.Change.Stopping());
                                }
                            });
        }
        handle.atEnd(report -> ended(slot, handle, report));
        if (!wanted) {
            throw new HostException.Closed("proc " + slot.id() + " was ended while it was spawned");
        }
        ReadyProc<A> ready = ReadyProc.ensure(handle, limit);
        checkOpen(slot.id());
        router.bind(slot.id(), ready.address());
        Optional<String> readyActor = slot.spec().flatMap(ProcSpec::readyActor);
        if (readyActor.isPresent()) {
            awaitAnswer(readyActor.get(), handle, began, limit);
        }
        Optional<ExitReport> dead = slot.live(ready, System.nanoTime());
        if (dead.isPresent()) {
            throw new ReadyProcException.Ready(new ReadyException.Terminal(dead.get()));
        }
        publish(slot, new ProcEvent.Change.Ready(Duration.ofNanos(System.nanoTime() - began)));
        slot.spec().flatMap(ProcSpec::liveness).ifPresent(how -> watch(slot, handle, how));
        return ready;
    }

    /// Asks again and again: the actor may not even be there at first.
    private void awaitAnswer(String actor, ProcHandle<A> handle, long began, Duration limit)
            throws InterruptedException {
        ActorRef<EchoMessage> ref =
                ActorRef.attest(handle.procId().actor(actor, 0), EchoMessage.class);
        long limitNanos = limit.isZero() ? Long.MAX_VALUE : Durations.nanos(limit);
        while (true) {
            long left = limitNanos - (System.nanoTime() - began);
            if (left <= 0) {
                throw new ReadyProcException.Silent(actor, limit);
            }
            Duration oneTry = Duration.ofNanos(Math.min(left, READY_ASK_MAX_NANOS));
            try {
                var _ = client.ask(ref, EchoMessage::new, oneTry);
                return;
            } catch (AskException e) {
                LOG.debug("{} does not answer yet: {}", ref, e.getMessage());
            }
            try {
                ExitReport end = handle.report().get(READY_PAUSE_MILLIS, TimeUnit.MILLISECONDS);
                throw new ReadyProcException.Ready(new ReadyException.Terminal(end));
            } catch (TimeoutException e) {
                LOG.trace("{} lives", ref);
            } catch (ExecutionException e) {
                throw new IllegalStateException("never completed exceptionally", e);
            }
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
        probe.run();
    }

    private void silence(
            ProcSlot<A> slot, ProcHandle<A> handle, Silence.Change change, Duration silent) {
        slot.suspected(change != Silence.Change.RECOVERED);
        switch (change) {
            case SUSPECTED -> publish(slot, new ProcEvent.Change.Suspected(silent));
            case RECOVERED -> publish(slot, new ProcEvent.Change.Recovered());
            case FATAL -> {
                publish(slot, new ProcEvent.Change.Condemned(silent));
                Thread.ofVirtual().start(() -> discard(handle));
            }
            case NONE -> {}
        }
    }

    private void discard(ProcSlot<A> slot, ProcHandle<A> handle) {
        router.unbind(slot.id());
        discard(handle);
    }

    /// Ends what nobody wants, and waits for that. An interrupt does not stop it.
    private static void discard(ProcHandle<?> handle) {
        boolean interrupted = Thread.interrupted();
        try {
            handle.kill();
        } catch (TerminateException.AlreadyTerminated | TerminateException.Unsupported e) {
            LOG.debug("nothing to end for {}: {}", handle.procId(), e.getMessage());
        } catch (TerminateException e) {
            LOG.error("{} may still run", handle.procId(), e);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /// Before anybody else is told.
    private void ended(ProcSlot<A> slot, ProcHandle<A> handle, ExitReport report) {
        publish(slot, new ProcEvent.Change.Ended(report));
        slot.ended(handle, report, System.nanoTime(), random.nextDouble())
                .ifPresent(decision -> {
                    router.unbind(slot.id());
                    follow(slot, decision);
                });
    }

    private void follow(ProcSlot<A> slot, Restarts.Decision decision) {
        switch (decision) {
            case Restarts.Decision.Leave() -> free(slot);
            case Restarts.Decision.GiveUp(String why) -> {
                LOG.warn("proc {} is not restarted: {}", slot.id(), why);
                publish(slot, new ProcEvent.Change.GaveUp(why));
                free(slot);
            }
            case Restarts.Decision.Restart(Restarts after, long pauseNanos) -> {
                Duration pause = Duration.ofNanos(pauseNanos);
                publish(slot, new ProcEvent.Change.Restarting(after.total(), pause));
                slot.pausing(
                        Threads.timer()
                                .schedule(
                                        () -> Thread.ofVirtual().start(() -> restart(slot)),
                                        pauseNanos,
                                        TimeUnit.NANOSECONDS));
            }
        }
    }

    private void restart(ProcSlot<A> slot) {
        if (closed || !slot.respawning()) {
            free(slot);
            return;
        }
        try {
            var _ = launch(slot, true);
        } catch (RuntimeException | InterruptedException | Error e) {
            LOG.warn("proc {} was not restarted: {}", slot.id(), e.getMessage());
            publish(slot, new ProcEvent.Change.NotReady(String.valueOf(e.getMessage())));
            follow(slot, slot.notRestarted(System.nanoTime(), random.nextDouble()));
        }
    }

    private void free(ProcSlot<A> slot) {
        slots.remove(slot.id().name(), slot);
        slot.free();
    }

    private void publish(ProcSlot<A> slot, ProcEvent.Change change) {
        events.publish(new ProcEvent(Instant.now(), slot.id().name(), pid(slot), change));
    }

    private static long pid(ProcSlot<?> slot) {
        return slot.handle().map(ProcHandle::pid).orElse(OptionalLong.empty()).orElse(0);
    }

    /// The procs that are ready.
    List<ReadyProc<A>> live() {
        return slots.values().stream().flatMap(slot -> slot.ready().stream()).toList();
    }

    /// All there are, by name.
    List<ProcView> views() {
        return slots.values().stream()
                .map(ProcSlot::view)
                .sorted(Comparator.comparing(ProcView::name))
                .toList();
    }

    Optional<ReadyProc<A>> find(String name) {
        return Optional.ofNullable(slots.get(name)).flatMap(ProcSlot::ready);
    }

    /// What ends a proc.
    interface Ending<A> {
        ProcExit end(ProcHandle<A> proc) throws InterruptedException;
    }

    /// Ends the proc of a name for good: `ending` that which is ready, at once one that is still
    /// being spawned, and no more than that if it waits for its restart.
    ///
    /// @throws HostException.NoSuchProc if there is none
    ProcExit end(String name, Ending<A> ending) throws InterruptedException {
        ProcSlot<A> slot = slots.get(name);
        if (slot == null) {
            throw new HostException.NoSuchProc(name);
        }
        switch (slot.unwanted()) {
            case LIVE -> {
                return endOf(slot, ending);
            }
            case SPAWNING -> {
                if (slot.handle().isPresent()) {
                    var _ = endOf(slot, ProcHandle::kill);
                }
                awaitGone(slot); // whoever spawns it sees to that
            }
            case PAUSED -> free(slot);
            case GONE -> {}
        }
        return slot.lastExit()
                .map(ExitReport::exit)
                .orElseGet(() -> new ProcExit.Lost("it was ended before it was started"));
    }

    private ProcExit endOf(ProcSlot<A> slot, Ending<A> ending) throws InterruptedException {
        try {
            return ending.end(slot.handle().orElseThrow());
        } catch (TerminateException.AlreadyTerminated before) {
            return before.exit();
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
    /// @return those that are still there
    List<ProcSlot<A>> unwantAll() {
        List<ProcSlot<A>> all = List.copyOf(slots.values());
        for (ProcSlot<A> slot : all) {
            if (slot.unwanted() == ProcSlot.Stage.PAUSED) {
                free(slot);
            }
        }
        return all;
    }

    /// Nobody wants this proc any more, whoever ends it.
    void unwant(ProcId id) {
        ProcSlot<A> slot = slots.get(id.name());
        if (slot != null && slot.id().equals(id) && slot.unwanted() == ProcSlot.Stage.PAUSED) {
            free(slot);
        }
    }

    /// Frees names and routes, also of procs that could not be ended. Those that are still being
    /// spawned free themselves.
    void release(List<ProcSlot<A>> released) {
        for (ProcSlot<A> slot : released) {
            if (!slot.isSpawning() && slots.remove(slot.id().name(), slot)) {
                router.unbind(slot.id());
                slot.free();
            }
        }
    }

    /// No more spawns and restarts.
    void close() {
        closed = true;
        var _ = unwantAll();
    }
}

package io.hyperactor.host;

import io.hyperactor.DialRouter;
import io.hyperactor.host.SlotLife.Effect;
import io.hyperactor.host.SlotLife.Event;
import io.hyperactor.host.SlotLife.Stage;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/// The names in use on a host. Feeds the [SlotLife] of each with what happens and does what it
/// says, one step at a time: so events are published in the order of the steps, also over several
/// procs that have a name one after the other.
///
/// **Threads:** any; nothing waits.
final class ProcSlots<A> {
    private final int max;
    private final DialRouter router;
    private final ProcEvents events;
    private final ScheduledExecutorService timer;
    private final Consumer<ProcSlot<A>> restart;
    private final Logger log;

    private final ReentrantLock lock = new ReentrantLock(); // guards the slots, and what follows
    private final Map<String, ProcSlot<A>> slots = new HashMap<>();
    private final Endings endings = new Endings();
    private boolean closed;
    private @Nullable Runnable untold; // tells who has asked a proc that has ended

    /// @param max how many names there may be
    /// @param restart is called when the pause before a restart is over; must not block
    ProcSlots(
            int max,
            DialRouter router,
            ProcEvents events,
            ScheduledExecutorService timer,
            Consumer<ProcSlot<A>> restart) {
        this(max, router, events, timer, restart, LoggerFactory.getLogger(ProcSlots.class));
    }

    /// @param log gets what goes wrong
    ProcSlots(
            int max,
            DialRouter router,
            ProcEvents events,
            ScheduledExecutorService timer,
            Consumer<ProcSlot<A>> restart,
            Logger log) {
        this.max = max;
        this.router = router;
        this.events = events;
        this.timer = timer;
        this.restart = restart;
        this.log = log;
    }

    /// Takes the name of a slot.
    ///
    /// @throws HostException if that is impossible
    void reserve(ProcSlot<A> slot) {
        lock.lock();
        try {
            if (closed) {
                throw new HostException.Closed(
                        "host is closed: proc " + slot.id() + " not spawned");
            }
            if (slots.containsKey(slot.id().name())) {
                throw new HostException.ProcExists(slot.id().name());
            }
            if (slots.size() >= max) {
                throw new HostException.LimitReached(slot.id(), "procsMax", max);
            }
            slots.put(slot.id().name(), slot);
        } finally {
            lock.unlock();
        }
    }

    /// There is a process.
    ///
    /// @return whether it is still wanted
    boolean started(ProcSlot<A> slot, ProcHandle<A> handle) {
        lock.lock();
        try {
            slot.handle = handle; // first of all, for whoever has to end it
            return step(slot, new Event.Started()).wanted();
        } finally {
            lock.unlock();
        }
    }

    /// The proc is ready.
    ///
    /// @return the life: if it is not [Stage.Live] now the proc has ended, or is not wanted
    SlotLife ready(ProcSlot<A> slot, ReadyProc<A> ready, Event.Ready event) {
        lock.lock();
        try {
            slot.ready = ready;
            return step(slot, event);
        } finally {
            lock.unlock();
        }
    }

    /// The pause before a restart is over.
    ///
    /// @return whether it is to be spawned
    boolean respawns(ProcSlot<A> slot) {
        lock.lock();
        try {
            boolean paused = slot.life.stage() instanceof Stage.Paused;
            if (paused) {
                slot.handle = null;
                slot.ready = null;
                var _ = step(slot, new Event.PauseOver());
            }
            return paused;
        } finally {
            lock.unlock();
        }
    }

    /// Something has happened.
    ///
    /// @return the life after it
    SlotLife feed(ProcSlot<A> slot, Event event) {
        lock.lock();
        try {
            return step(slot, event);
        } finally {
            lock.unlock();
        }
    }

    /// Something has happened to the proc of this handle; nothing if the name has another one now.
    void feed(ProcSlot<A> slot, ProcHandle<A> of, Event event) {
        lock.lock();
        try {
            if (of.equals(slot.handle)) {
                var _ = step(slot, event);
            }
        } finally {
            lock.unlock();
        }
    }

    private SlotLife step(ProcSlot<A> slot, Event event) {
        SlotLife.Step step = slot.life.on(event);
        slot.life = step.next();
        List<Effect> effects = step.effects();
        for (int i = 0; i < effects.size(); i++) { // makes nothing, for which memory may lack
            attempt(slot, effects.get(i));
        }
        tellAskers();
        return slot.life;
    }

    /// Whatever it throws: the next one may be what frees the name.
    private void attempt(ProcSlot<A> slot, Effect effect) {
        try {
            act(slot, effect);
        } catch (Throwable e) {
            SafeLog.error(log, "{}: {} failed", slot.id(), effect, e);
        }
    }

    /// When the name is free. They may run anything, so not under the lock.
    private void tellAskers() {
        Runnable news = untold;
        if (news != null) {
            Threads.startAtLast("hyperactor-ended", news);
            untold = null; // not if it could not be begun: then whoever tries again does it
        }
    }

    private void act(ProcSlot<A> slot, Effect effect) {
        switch (effect) {
            case Effect.Unbind() -> untold = router.forget(slot.id());
            case Effect.Free() -> free(slot);
            case Effect.Publish(ProcEvent.Change change) -> publish(slot, change);
            case Effect.Pause(long nanos) -> pause(slot, nanos);
            case Effect.EndPause() -> {
                if (slot.pause != null) {
                    slot.pause.cancel(false);
                }
            }
        }
    }

    private void publish(ProcSlot<A> slot, ProcEvent.Change change) {
        events.publish(new ProcEvent(Instant.now(), slot.view().withPid(slot.pid()), change));
        if (change instanceof ProcEvent.Change.GaveUp(String why)) {
            log.warn("proc {} is not restarted: {}", slot.id(), why);
        }
    }

    private void pause(ProcSlot<A> slot, long nanos) {
        try {
            slot.pause = timer.schedule(() -> restart.accept(slot), nanos, TimeUnit.NANOSECONDS);
        } catch (Throwable e) { // nothing would end it
            var _ = step(slot, new Event.Unwanted());
            throw e;
        }
    }

    private void free(ProcSlot<A> slot) {
        slots.remove(slot.id().name(), slot);
        slot.gone().complete(null);
        if (slot.life.stage() instanceof Stage.Gone(boolean ended) && ended) {
            slot.life.lastExit().ifPresent(report -> endings.add(ended(slot, report)));
        }
    }

    private static EndedProc ended(ProcSlot<?> slot, ExitReport report) {
        int restarts = slot.life.restarts().total();
        return new EndedProc(slot.id().name(), slot.pid(), Instant.now(), restarts, report);
    }

    /// Those that ended last and whose names nobody has now, the newest first.
    List<EndedProc> endings() {
        lock.lock();
        try {
            return endings.list().stream().filter(proc -> !slots.containsKey(proc.name())).toList();
        } finally {
            lock.unlock();
        }
    }

    /// Whether nobody has ended its proc.
    boolean isWanted(ProcSlot<A> slot) {
        lock.lock();
        try {
            return slot.life.wanted();
        } finally {
            lock.unlock();
        }
    }

    /// What a name was when nobody wanted its proc any more.
    sealed interface Left<A> {
        /// In use.
        ///
        /// @param slot which is, or was
        /// @param stage then
        /// @param handle of its proc then
        record Now<A>(ProcSlot<A> slot, Stage stage, Optional<ProcHandle<A>> handle)
                implements Left<A> {}

        /// Free: its last proc has ended.
        record Before<A>(EndedProc proc) implements Left<A> {}

        /// Free, and no proc is remembered that had it.
        record Never<A>() implements Left<A> {}
    }

    /// Nobody wants the proc of this name any more.
    Left<A> unwant(String name) {
        lock.lock();
        try {
            ProcSlot<A> slot = slots.get(name);
            return slot != null
                    ? unwanted(slot)
                    : endings.find(name).<Left<A>>map(Left.Before::new).orElseGet(Left.Never::new);
        } finally {
            lock.unlock();
        }
    }

    private Left.Now<A> unwanted(ProcSlot<A> slot) {
        var left = new Left.Now<A>(slot, slot.life.stage(), Optional.ofNullable(slot.handle));
        var _ = step(slot, new Event.Unwanted());
        slot.unwanted().complete(null);
        return left;
    }

    /// Nobody wants any of them.
    ///
    /// @return those that were there
    List<ProcSlot<A>> unwantAll() {
        lock.lock();
        try {
            List<ProcSlot<A>> all = List.copyOf(slots.values());
            all.forEach(this::unwanted);
            return all;
        } finally {
            lock.unlock();
        }
    }

    /// There will be no more.
    void close() {
        lock.lock();
        try {
            closed = true;
            slots.values().stream().toList().forEach(this::unwanted);
        } finally {
            lock.unlock();
        }
    }

    /// How the proc that is being spawned has ended.
    Optional<ExitReport> died(ProcSlot<A> slot) {
        lock.lock();
        try {
            return slot.life.stage() instanceof Stage.Spawning(_, Optional<ExitReport> died)
                    ? died
                    : Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    /// How its last life ended.
    Optional<ExitReport> lastExit(ProcSlot<A> slot) {
        lock.lock();
        try {
            return slot.life.lastExit();
        } finally {
            lock.unlock();
        }
    }

    /// Its process, once there is one.
    Optional<ProcHandle<A>> handle(ProcSlot<A> slot) {
        lock.lock();
        try {
            return Optional.ofNullable(slot.handle);
        } finally {
            lock.unlock();
        }
    }

    /// The proc of this name, if it is ready.
    Optional<ReadyProc<A>> find(String name) {
        lock.lock();
        try {
            return Optional.ofNullable(slots.get(name)).flatMap(ProcSlots::live);
        } finally {
            lock.unlock();
        }
    }

    private static <A> Optional<ReadyProc<A>> live(ProcSlot<A> slot) {
        @Nullable ReadyProc<A> ready = slot.life.stage() instanceof Stage.Live ? slot.ready : null;
        return Optional.ofNullable(ready);
    }

    /// The procs that are ready.
    List<ReadyProc<A>> live() {
        lock.lock();
        try {
            return slots.values().stream().flatMap(slot -> live(slot).stream()).toList();
        } finally {
            lock.unlock();
        }
    }

    /// All there are, by name.
    List<ProcView> views() {
        lock.lock();
        try {
            return slots.values().stream()
                    .map(ProcSlot::view)
                    .sorted(Comparator.comparing(ProcView::name))
                    .toList();
        } finally {
            lock.unlock();
        }
    }
}

package io.hyperactor.host;

import io.hyperactor.host.SlotLife.Stage;
import io.hyperactor.wire.ProcId;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;

/// One name of a host, from its reservation until it is free: its [SlotLife], and what goes with
/// that.
///
/// **Threads:** what is not final is guarded by the lock of its [ProcSlots], which moves it.
final class ProcSlot<A> {
    private final ProcId id;
    private final Optional<ProcSpec> spec;
    private final CompletableFuture<Void> gone = new CompletableFuture<>();
    private final CompletableFuture<Void> unwanted = new CompletableFuture<>();

    SlotLife life;
    @Nullable ProcHandle<A> handle; // of this life; of the last one while there is none
    @Nullable ReadyProc<A> ready;
    @Nullable Future<?> pause;

    ProcSlot(ProcId id, Optional<ProcSpec> spec) {
        this.id = id;
        this.spec = spec;
        this.life = SlotLife.reserved(spec.map(ProcSpec::restart).orElse(RestartPolicy.TEMPORARY));
    }

    ProcId id() {
        return id;
    }

    /// How its procs are run; empty for procs inside this process.
    Optional<ProcSpec> spec() {
        return spec;
    }

    /// Completes when the name is free.
    CompletableFuture<Void> gone() {
        return gone;
    }

    /// Completes when nobody wants its proc any more.
    CompletableFuture<Void> unwanted() {
        return unwanted;
    }

    /// The process of its proc, 0 if there is none of its own.
    long pid() {
        ProcHandle<A> now = handle;
        return (now == null ? OptionalLong.empty() : now.pid()).orElse(0);
    }

    /// How it looks now.
    ProcView view() {
        ProcHandle<A> now = life.stage() instanceof Stage.Paused ? null : handle;
        ProcessProcHandle<A> process = now instanceof ProcessProcHandle<A> its ? its : null;
        return new ProcView(
                id.name(),
                now == null ? 0 : pid(),
                state(now),
                process == null ? null : process.status().value().since().orElse(null),
                life.restarts().total(),
                process == null ? null : process.containment().orElse(null),
                process == null ? List.of() : process.limits(),
                life.lastExit().orElse(null));
    }

    private String state(@Nullable ProcHandle<A> now) {
        boolean serves = life.stage() instanceof Stage.Live;
        if (life.stage() instanceof Stage.Paused) {
            return "restarting";
        }
        if (life.stage() instanceof Stage.Gone(boolean ended) && ended) {
            return "ended";
        }
        if (!(now instanceof ProcessProcHandle<A> process)) {
            return serves ? "ready" : "starting";
        }
        ProcStatus status = process.status().value();
        if (!(status instanceof ProcStatus.Ready)) {
            return status.toString();
        }
        boolean suspected = life.stage() instanceof Stage.Live(_, boolean is) && is;
        return !serves ? "running" : suspected ? "suspected" : "ready";
    }
}

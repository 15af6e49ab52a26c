package io.hyperactor.host;

import io.hyperactor.wire.ChannelAddress;

import java.time.Instant;
import java.util.Optional;

/// Where a proc in a process of its own is in its life.
///
/// `Starting → Running → Ready → Stopping →` one of the three endings; steps may be left out, none
/// is taken back, and an ending is final. [#mayBecome] is the whole table.
public sealed interface ProcStatus {
    /// The process is about to be started.
    record Starting() implements ProcStatus {
        @Override
        public String toString() {
            return "starting";
        }
    }

    /// The process runs; the proc has not called back.
    record Running(Instant startedAt) implements ProcStatus {
        @Override
        public String toString() {
            return "running";
        }
    }

    /// The proc serves its address and has an agent.
    record Ready(Instant startedAt, ChannelAddress address) implements ProcStatus {
        @Override
        public String toString() {
            return "ready";
        }
    }

    /// The proc was asked to end.
    record Stopping(Instant startedAt) implements ProcStatus {
        @Override
        public String toString() {
            return "stopping";
        }
    }

    /// It ended by itself, with a status.
    record Stopped(ProcExit exit) implements ProcStatus {
        @Override
        public String toString() {
            return "stopped: " + exit;
        }
    }

    /// A signal ended it.
    record Killed(ProcExit exit) implements ProcStatus {
        @Override
        public String toString() {
            return "killed: " + exit;
        }
    }

    /// It ended, or may have, in a way that is not known.
    record Failed(ProcExit exit) implements ProcStatus {
        @Override
        public String toString() {
            return "failed: " + exit;
        }
    }

    /// Whether this is an ending.
    default boolean isExit() {
        return order() == Order.ENDED;
    }

    /// When its process was started, while it lives.
    default Optional<Instant> since() {
        return switch (this) {
            case Running(Instant at) -> Optional.of(at);
            case Ready(Instant at, var _) -> Optional.of(at);
            case Stopping(Instant at) -> Optional.of(at);
            case Starting() -> Optional.empty();
            case Stopped _, Killed _, Failed _ -> Optional.empty();
        };
    }

    /// The ending that belongs to how a process ended.
    static ProcStatus of(ProcExit exit) {
        return switch (exit) {
            case ProcExit.Exited _, ProcExit.Destroyed _ -> new Stopped(exit);
            case ProcExit.Signalled _ -> new Killed(exit);
            case ProcExit.Ambiguous _, ProcExit.Lost _ -> new Failed(exit);
        };
    }

    /// Whether a proc that is in this status may go to `next`: only ever forward.
    default boolean mayBecome(ProcStatus next) {
        return order().compareTo(next.order()) < 0;
    }

    private Order order() {
        return switch (this) {
            case Starting() -> Order.STARTING;
            case Running _ -> Order.RUNNING;
            case Ready _ -> Order.READY;
            case Stopping _ -> Order.STOPPING;
            case Stopped _, Killed _, Failed _ -> Order.ENDED;
        };
    }

    /// The stages of a life.
    enum Order {
        STARTING,
        RUNNING,
        READY,
        STOPPING,
        ENDED
    }
}

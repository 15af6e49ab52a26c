package io.hyperactor.host;

import io.hyperactor.wire.ChannelAddress;

import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/// Where a proc in a process of its own is in its life.
///
/// `Starting → Running → Ready → Stopping →` one of the three endings; steps may be left out, none
/// is taken back, and an ending is final. [Stage#next] is the whole table.
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
        return stage().next().isEmpty();
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
            case ProcExit.Ambiguous _, ProcExit.Lost _, ProcExit.NeverStarted _ -> new Failed(exit);
        };
    }

    /// Whether a proc that is in this status may go to `next`: only ever forward.
    default boolean mayBecome(ProcStatus next) {
        return stage().next().contains(next.stage());
    }

    /// Which of the seven this is.
    default Stage stage() {
        return switch (this) {
            case Starting() -> Stage.STARTING;
            case Running _ -> Stage.RUNNING;
            case Ready _ -> Stage.READY;
            case Stopping _ -> Stage.STOPPING;
            case Stopped _ -> Stage.STOPPED;
            case Killed _ -> Stage.KILLED;
            case Failed _ -> Stage.FAILED;
        };
    }

    /// The stages of a life, and the steps between them.
    enum Stage {
        STARTING,
        RUNNING,
        READY,
        STOPPING,
        STOPPED,
        KILLED,
        FAILED;

        /// Those that may follow at once.
        public Set<Stage> next() {
            return switch (this) {
                case STARTING -> EnumSet.of(RUNNING, READY, STOPPING, STOPPED, KILLED, FAILED);
                case RUNNING -> EnumSet.of(READY, STOPPING, STOPPED, KILLED, FAILED);
                case READY -> EnumSet.of(STOPPING, STOPPED, KILLED, FAILED);
                case STOPPING -> EnumSet.of(STOPPED, KILLED, FAILED);
                case STOPPED, KILLED, FAILED -> EnumSet.noneOf(Stage.class);
            };
        }
    }
}

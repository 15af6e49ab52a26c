package io.hyperactor.host;

import java.time.Duration;
import java.time.Instant;

/// Something that happened in the life of a proc of a host.
///
/// @param at when, by the host's clock
/// @param proc how the proc was after it; its pid is that of the process to which it happened, even
///   if that has ended
/// @param change what happened
public record ProcEvent(Instant at, ProcView proc, Change change) {
    /// The name of the proc.
    public String name() {
        return proc.name();
    }

    /// Of the process to which it happened, 0 if the proc had none of its own.
    public long pid() {
        return proc.pid();
    }

    /// What happened. Its text is one line.
    public sealed interface Change {
        /// Its process was started.
        record Started() implements Change {
            @Override
            public String toString() {
                return "started";
            }
        }

        /// It is ready.
        ///
        /// @param after since its spawn began
        record Ready(Duration after) implements Change {
            @Override
            public String toString() {
                return "ready after " + after.toMillis() + " ms";
            }
        }

        /// It has not answered for some time. It may be dead, stopped or only busy.
        ///
        /// @param silence since its last answer
        record Suspected(Duration silence) implements Change {
            @Override
            public String toString() {
                return "suspected: no answer for " + silence.toMillis() + " ms";
            }
        }

        /// It answers again.
        record Recovered() implements Change {
            @Override
            public String toString() {
                return "recovered";
            }
        }

        /// It is being killed, for it has not answered for too long.
        ///
        /// @param silence since its last answer
        record Condemned(Duration silence) implements Change {
            @Override
            public String toString() {
                return "killed for silence: no answer for " + silence.toMillis() + " ms";
            }
        }

        /// Its end is being pursued.
        record Stopping() implements Change {
            @Override
            public String toString() {
                return "stopping";
            }
        }

        /// It has ended.
        ///
        /// @param report how
        record Ended(ExitReport report) implements Change {
            @Override
            public String toString() {
                return "ended: " + report;
            }
        }

        /// It will be restarted.
        ///
        /// @param restart the how manieth restart this is
        /// @param pause until then
        record Restarting(int restart, Duration pause) implements Change {
            @Override
            public String toString() {
                return "restart " + restart + " in " + pause.toMillis() + " ms";
            }
        }

        /// It is not restarted any more.
        ///
        /// @param why in words
        record GaveUp(String why) implements Change {
            @Override
            public String toString() {
                return "gave up: " + why;
            }
        }

        /// A spawn or a restart came to nothing.
        ///
        /// @param why on one line
        record NotReady(String why) implements Change {
            @Override
            public String toString() {
                return "not ready: " + why;
            }
        }
    }
}

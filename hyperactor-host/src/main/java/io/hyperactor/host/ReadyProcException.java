package io.hyperactor.host;

import java.time.Duration;

/// Why a spawned proc did not become a [ReadyProc].
public sealed class ReadyProcException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ReadyProcException(String message) {
        super(message);
    }

    ReadyProcException(String message, Throwable cause) {
        super(message, cause);
    }

    /// It was not ready in time.
    public static final class Timeout extends ReadyProcException {
        private static final long serialVersionUID = 1L;

        Timeout(Duration limit) {
            super("not ready within " + limit.toMillis() + " ms");
        }
    }

    /// Its [ProcHandle#ready()] failed.
    public static final class Ready extends ReadyProcException {
        private static final long serialVersionUID = 1L;

        Ready(ReadyException cause) {
            super(String.valueOf(cause.getMessage()), cause);
        }
    }

    /// It says it is ready but has no address.
    public static final class MissingAddress extends ReadyProcException {
        private static final long serialVersionUID = 1L;

        MissingAddress() {
            super("ready without an address");
        }
    }

    /// It says it is ready but has no agent.
    public static final class MissingAgent extends ReadyProcException {
        private static final long serialVersionUID = 1L;

        MissingAgent() {
            super("ready without an agent");
        }
    }

    /// The actor that must answer before it counts as ready did not.
    public static final class Silent extends ReadyProcException {
        private static final long serialVersionUID = 1L;

        Silent(String actor, Duration limit) {
            super("its actor '%s' did not answer within %d ms".formatted(actor, limit.toMillis()));
        }
    }
}

package io.hyperactor.host;

/// Why a proc could not be stopped or killed.
public sealed class TerminateException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TerminateException(String message) {
        super(message);
    }

    TerminateException(String message, Throwable cause) {
        super(message, cause);
    }

    /// The manager can not signal its procs.
    public static final class Unsupported extends TerminateException {
        private static final long serialVersionUID = 1L;

        /// The one text.
        public Unsupported() {
            super("terminate/kill unsupported by manager");
        }
    }

    /// The proc had already ended before the call.
    public static final class AlreadyTerminated extends TerminateException {
        private static final long serialVersionUID = 1L;
        private final transient ProcExit exit;

        /// Says how.
        ///
        /// @param exit how it had ended
        public AlreadyTerminated(ProcExit exit) {
            super("proc already terminated (status: " + exit + ")");
            this.exit = exit;
        }

        /// The same that [ProcHandle#exit()] gives.
        public ProcExit exit() {
            return exit;
        }
    }

    /// The manager lost its view of the proc's state.
    public static final class ChannelClosed extends TerminateException {
        private static final long serialVersionUID = 1L;

        /// The one text.
        public ChannelClosed() {
            super("lifecycle channel closed; cannot observe state");
        }
    }

    /// The proc could not be signalled, or was signalled and has not ended: it may still run. Or
    /// its launch has not come back in time: then it is killed as soon as it does.
    public static final class Io extends TerminateException {
        private static final long serialVersionUID = 1L;

        /// Without a cause.
        ///
        /// @param what went wrong
        public Io(String what) {
            super("I/O error during terminate/kill: " + what);
        }

        /// With its cause.
        ///
        /// @param cause what went wrong
        public Io(Throwable cause) {
            super("I/O error during terminate/kill: " + cause.getMessage(), cause);
        }
    }
}

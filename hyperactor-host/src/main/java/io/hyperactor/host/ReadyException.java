package io.hyperactor.host;

/// Why [ProcHandle#ready()] failed.
public sealed class ReadyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ReadyException(String message) {
        super(message);
    }

    /// The proc ended before it was ready.
    public static final class Terminal extends ReadyException {
        private static final long serialVersionUID = 1L;
        private final transient ProcExit exit;

        /// Says how, and what it said last.
        ///
        /// @param exit how it ended
        /// @param lastWords what it printed last, in one line; empty if nothing
        public Terminal(ProcExit exit, String lastWords) {
            super(exit + " before it was ready" + (lastWords.isEmpty() ? "" : ": " + lastWords));
            this.exit = exit;
        }

        /// How it ended.
        public ProcExit exit() {
            return exit;
        }
    }

    /// The manager lost its view of the proc's state.
    public static final class ChannelClosed extends ReadyException {
        private static final long serialVersionUID = 1L;

        /// Says why.
        ///
        /// @param why in words
        public ChannelClosed(String why) {
            super("lifecycle channel closed: " + why);
        }
    }
}

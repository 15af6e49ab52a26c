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
        private final transient ExitReport report;

        /// Says how, and what it said last.
        ///
        /// @param report what is known about its end
        public Terminal(ExitReport report) {
            super(text(report));
            this.report = report;
        }

        private static String text(ExitReport report) {
            String why = report.why();
            return report.exit() + " before it was ready" + (why.isEmpty() ? "" : ": " + why);
        }

        /// How it ended.
        public ProcExit exit() {
            return report.exit();
        }

        /// What is known about its end.
        public ExitReport report() {
            return report;
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

package io.hyperactor.host;

/// One of the [ProcLimits] of a running process, and what sees to it.
///
/// @param what for example `open files`
/// @param value as it was asked for
/// @param by what sees to it
public record AppliedLimit(String what, long value, Means by) {

    /// What sees to a limit.
    public enum Means {
        /// The kernel, for each process by itself (`setrlimit`).
        RLIMIT("rlimit"),

        /// The kernel's scheduler.
        NICE("nice"),

        /// The kernel, for the control group of the process.
        CGROUP("cgroup"),

        /// The JVM itself, by `-Xmx`.
        JVM("-Xmx"),

        /// Nothing: this machine, or the rights of the host, do not allow it.
        NOTHING("not active");

        private final String text;

        Means(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /// For example `open files 256 (rlimit)`.
    @Override
    public String toString() {
        return what + " " + value + " (" + by + ")";
    }
}

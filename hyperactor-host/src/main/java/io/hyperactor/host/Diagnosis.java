package io.hyperactor.host;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Why a process ended, where that can be told from what it left: more than its status says. A JVM
/// that crashes may well exit with status 1. Its text is one line.
public sealed interface Diagnosis {

    /// There was no memory left for it.
    ///
    /// @param source who says so
    /// @param what of which kind, for example `Java heap space`, or the limit
    record OutOfMemory(Source source, String what) implements Diagnosis {
        /// Who says that there was no memory.
        public enum Source {
            /// The JVM itself.
            JVM,

            /// The kernel, which killed at the limit of its control group: it, or, where it kills
            /// one at a time (cgroup v1), it or another of the group before.
            CONTROL_GROUP
        }

        /// The kernel has killed in a control group with these limits, and then this process was
        /// killed.
        ///
        /// @param asOne whether it kills all of the group or none
        static OutOfMemory ofGroup(List<AppliedLimit> limits, boolean asOne) {
            String limit =
                    limits.stream()
                            .filter(one -> CgroupController.MEMORY.isIn(List.of(one)))
                            .map(one -> " of " + one.value() + " bytes")
                            .findFirst()
                            .orElse("");
            return new OutOfMemory(
                    Source.CONTROL_GROUP,
                    asOne
                            ? "killed at the limit" + limit + " of its control group"
                            : "killed, and so was a process at the limit"
                                    + limit
                                    + " of its control group, perhaps this one");
        }

        private static OutOfMemory ofJvm(String what) {
            return new OutOfMemory(Source.JVM, what);
        }

        @Override
        public String toString() {
            return "out of memory: " + what;
        }
    }

    /// The JVM crashed, through native code or a defect of its own.
    ///
    /// @param summary signal, code and thread
    /// @param file the JVM's whole report, if there is one
    record JvmCrash(String summary, Optional<Path> file) implements Diagnosis {
        @Override
        public String toString() {
            return "JVM crashed: " + summary + file.map(path -> "; see " + path).orElse("");
        }
    }

    /// What can be told of an ending; empty if no more than `exit` itself.
    ///
    /// @param exit how the process ended
    /// @param pid of the process
    /// @param lastLines what it printed last, escaped; what it started may have printed some
    /// @param crash what its error report file says, if there is one
    static Optional<Diagnosis> of(
            ProcExit exit, long pid, List<String> lastLines, Optional<CrashSummary> crash) {
        if (exit instanceof ProcExit.Exited(int status)) {
            if (status == 0) {
                return Optional.empty();
            }
            if (status == OutOfMemoryLine.STATUS) {
                Optional<String> what = OutOfMemoryLine.find(lastLines);
                if (what.isPresent()) {
                    return what.map(OutOfMemory::ofJvm);
                }
            }
        }
        return crash.or(() -> CrashSummary.printed(lastLines, pid)).map(Diagnosis::of);
    }

    /// Whether an ending says all there is to say: nobody need look for what the process left.
    static boolean isPlain(ProcExit exit) {
        return switch (exit) {
            case ProcExit.Exited(int status) -> status == 0;
            case ProcExit.Signalled(int signal, _) ->
                    signal == Signals.KILL || signal == Signals.TERM;
            case ProcExit.NeverStarted _ -> true;
            case ProcExit.Ambiguous _, ProcExit.Destroyed _, ProcExit.Lost _ -> false;
        };
    }

    private static Diagnosis of(CrashSummary crash) {
        return crash.outOfMemory()
                .<Diagnosis>map(OutOfMemory::ofJvm)
                .orElseGet(() -> new JvmCrash(crash.toString(), crash.file()));
    }
}

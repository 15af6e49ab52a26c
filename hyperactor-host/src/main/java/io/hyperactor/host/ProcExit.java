package io.hyperactor.host;

/// How a proc's operating system process ended. Its text is one line, fit for a log or an error.
public sealed interface ProcExit {

    /// The process ended by itself, and the kernel reported the status it gave.
    ///
    /// @param status what it passed to `exit`, 0 for success
    record Exited(int status) implements ProcExit {
        @Override
        public String toString() {
            return "exited with status " + status;
        }
    }

    /// A signal ended the process, and the kernel reported which.
    ///
    /// @param signal its number, for example 9
    /// @param coreDumped whether the kernel wrote a core file
    record Signalled(int signal, boolean coreDumped) implements ProcExit {
        @Override
        public String toString() {
            return "killed by signal %d (%s)%s"
                    .formatted(signal, signalName(signal), coreDumped ? ", core dumped" : "");
        }
    }

    /// The process ended, but the platform reported one number for two different endings: it either
    /// exited with `status` or was killed by signal `status - 128`.
    ///
    /// Only a launcher that cannot ask the kernel itself gives this.
    ///
    /// @param status the number reported, above 128
    record Ambiguous(int status) implements ProcExit {
        @Override
        public String toString() {
            int signal = status - 128;
            return "exited with status %d or killed by signal %d (%s)"
                    .formatted(status, signal, signalName(signal));
        }
    }

    /// A proc inside this process was ended; there was no process of its own.
    ///
    /// @param stopped how many root actors ended in good order
    /// @param forced how many were forced
    record Destroyed(int stopped, int forced) implements ProcExit {
        @Override
        public String toString() {
            return "ended in process, %d actors stopped, %d forced".formatted(stopped, forced);
        }
    }

    /// The launcher lost track of the process. How it ended is not known, nor whether it did.
    ///
    /// @param reason why, in one line
    record Lost(String reason) implements ProcExit {
        @Override
        public String toString() {
            return "lost: " + reason;
        }
    }

    /// There never was a process: its start failed, or it was ended before.
    ///
    /// @param why in one line
    record NeverStarted(String why) implements ProcExit {
        @Override
        public String toString() {
            return "never started: " + why;
        }
    }

    /// The name of a Linux signal.
    ///
    /// @param signal its number
    /// @return for example `SIGKILL` for 9; `signal 99` when that number has no name
    static String signalName(int signal) {
        return Signals.name(signal);
    }
}

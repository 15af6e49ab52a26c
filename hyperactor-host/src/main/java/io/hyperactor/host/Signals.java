package io.hyperactor.host;

import java.util.Map;

/// Signal numbers as Linux has them on every processor this runs on, and their names.
final class Signals {
    static final int KILL = 9;
    static final int TERM = 15;
    static final int CHLD = 17;
    static final int CONT = 18;
    static final int STOP = 19;

    private static final int FIRST_REAL_TIME = 34;
    private static final int LAST = 64;

    private static final Map<Integer, String> NAMES =
            Map.ofEntries(
                    Map.entry(1, "SIGHUP"),
                    Map.entry(2, "SIGINT"),
                    Map.entry(3, "SIGQUIT"),
                    Map.entry(4, "SIGILL"),
                    Map.entry(5, "SIGTRAP"),
                    Map.entry(6, "SIGABRT"),
                    Map.entry(7, "SIGBUS"),
                    Map.entry(8, "SIGFPE"),
                    Map.entry(KILL, "SIGKILL"),
                    Map.entry(10, "SIGUSR1"),
                    Map.entry(11, "SIGSEGV"),
                    Map.entry(12, "SIGUSR2"),
                    Map.entry(13, "SIGPIPE"),
                    Map.entry(14, "SIGALRM"),
                    Map.entry(TERM, "SIGTERM"),
                    Map.entry(16, "SIGSTKFLT"),
                    Map.entry(CHLD, "SIGCHLD"),
                    Map.entry(CONT, "SIGCONT"),
                    Map.entry(STOP, "SIGSTOP"),
                    Map.entry(20, "SIGTSTP"),
                    Map.entry(21, "SIGTTIN"),
                    Map.entry(22, "SIGTTOU"),
                    Map.entry(23, "SIGURG"),
                    Map.entry(24, "SIGXCPU"),
                    Map.entry(25, "SIGXFSZ"),
                    Map.entry(26, "SIGVTALRM"),
                    Map.entry(27, "SIGPROF"),
                    Map.entry(28, "SIGWINCH"),
                    Map.entry(29, "SIGIO"),
                    Map.entry(30, "SIGPWR"),
                    Map.entry(31, "SIGSYS"));

    private Signals() {}

    /// The name of `signal`, for example `SIGKILL`; `signal 99` for a number without one.
    static String name(int signal) {
        if (signal >= FIRST_REAL_TIME && signal <= LAST) {
            return "SIGRTMIN+" + (signal - FIRST_REAL_TIME);
        }
        return NAMES.getOrDefault(signal, "signal " + signal);
    }

    static boolean exists(int signal) {
        return signal >= 1 && signal <= LAST;
    }
}

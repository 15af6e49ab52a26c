package io.hyperactor.host;

import java.io.IOException;
import java.util.Map;

/// Starts processes and tells how they ended. It knows nothing of actors, readiness or restarts.
///
/// No process outlives its launcher: [#close()] kills what is left, and when this JVM dies the
/// processes die with it, as far as the platform allows.
///
/// **Threads:** any.
interface ProcLauncher extends AutoCloseable {

    /// Starts a process and returns when it has been started.
    ///
    /// Standard input is empty or the control pipe, standard output and error are captured. The
    /// environment variable [ControlPipe#VARIABLE] tells the child where its control pipe is; no
    /// other descriptor is inherited.
    ///
    /// An interrupt does not cut it short, for it takes milliseconds and must not leave a process
    /// nobody knows of.
    ///
    /// @throws IOException if it could not be started, in one line that names the program and tells
    ///   a missing file (`ENOENT`), a refused one (`EACCES`) and exhausted resources (`EMFILE`,
    ///   `EAGAIN`, `ENOMEM`) apart; nothing is left of the attempt
    /// @throws LimitRefusedException if a limit of `spec` cannot hold here
    LaunchedProcess launch(LaunchSpec spec) throws IOException;

    /// Kills every process that still runs and waits until each has been reaped. Later launches
    /// fail. Calling it again waits for the same end.
    ///
    /// @throws IllegalStateException if a process has not ended after 10 s, for example because it
    ///   is frozen; it is still watched, and its exit will be told
    @Override
    void close();

    /// Environment: which launcher a host has; `portable`, or else the best.
    String VARIABLE = "HYPERACTOR_LAUNCHER";

    /// The best launcher this machine supports: [LinuxLauncher], else [PortableLauncher].
    ///
    /// @param output gets what the processes print, line by line
    static ProcLauncher forThisPlatform(OutputListener output) {
        return forThisPlatform(output, System.getenv());
    }

    /// The one that the environment asks for, or the best.
    static ProcLauncher forThisPlatform(OutputListener output, Map<String, String> environment) {
        return environment.getOrDefault(VARIABLE, "").equals("portable")
                ? new PortableLauncher(output)
                : LinuxLauncher.open(output).orElseGet(() -> new PortableLauncher(output));
    }
}

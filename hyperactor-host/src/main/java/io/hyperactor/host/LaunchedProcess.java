package io.hyperactor.host;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// A process that a [ProcLauncher] started and watches. Nobody has to close it: its launcher lets
/// go of everything when the process has ended.
///
/// **Threads:** any, and no method blocks.
interface LaunchedProcess {

    /// The name it was launched under, or was given since.
    String name();

    /// Gives it another name. What it prints carries that name from the next line on that is read.
    void rename(String name);

    /// Its process id, which is also the id of its process group. Another process may have it after
    /// the exit.
    long pid();

    /// When it was started.
    Instant startedAt();

    /// Completes exactly once, never exceptionally, with how the process ended, after its output
    /// was read and all of its [Containment] was killed; on Linux also after that is gone, unless
    /// it takes longer than 0.2 s. What depends on it runs on a thread of its own and may block.
    CompletableFuture<ProcExit> exit();

    /// When its end came how far; empty before the exit, and if the launcher does not know.
    default Optional<ExitTimes> exitTimes() {
        return Optional.empty();
    }

    /// Sends `signal` to the process and every other member of its process group, and
    /// [Signals#KILL] to all of its [Containment]; [Signals#TERM] is followed by [Signals#CONT],
    /// for a stopped process does not notice the first alone. Does nothing once the process has
    /// ended, so it never hits a process that got the same id later.
    ///
    /// @throws IllegalArgumentException if there is no such signal
    /// @throws UnsupportedOperationException if this launcher cannot send it: only TERM and KILL
    ///   are certain
    void signalGroup(int signal);

    /// What ends with it: the best this machine allows. Known for certain while it runs; when it
    /// has ended, what was said last.
    Containment containment();

    /// The limits it was launched with, and what sees to each; empty if it has none.
    List<AppliedLimit> limits();

    /// What the kernel says of why it ended, besides how. Empty before the exit, and if that is
    /// nothing.
    default Optional<Diagnosis> diagnosis() {
        return Optional.empty();
    }

    /// The last lines of standard output and standard error together, in the order they were read:
    /// at most 256, escaped, the last one perhaps unfinished; the last 64 of standard error are
    /// among them, or fewer if they are long, however many others came after.
    List<String> lastLines();

    /// Writes one more line down the control pipe, after those before it.
    ///
    /// @return false if the pipe has no room for it now, or nobody reads it any more. True does not
    ///   mean that the child has read it
    /// @throws IllegalArgumentException if it is more than one line, or longer than
    ///   [ControlLine#MAX_BYTES] with its end
    boolean tell(String line);

    /// Ends the control pipe, as the death of this process would: the child's [ControlPipe] sees
    /// its end. Does nothing the second time.
    void closeControl();
}

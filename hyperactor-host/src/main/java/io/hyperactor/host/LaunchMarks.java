package io.hyperactor.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/// The marks of one launcher: a variable in the environment of each child, which what it starts
/// inherits, in whatever session or process group that is. It says of which host, launcher and
/// launch a process is, `PID-START-NAMESPACE.BOOT.LAUNCHER.LAUNCH`, begins as a [SocketMark], and
/// is no secret. No two launches have the same: an environment may be carried to another machine,
/// and over a start of this one, so it says since which start of which machine it holds.
///
/// Where `/proc` does not say who this process is there are none.
///
/// **Threads:** one.
final class LaunchMarks {
    /// Environment of a child: its mark.
    static final String VARIABLE = "HYPERACTOR_HOST_MARK";

    private static final Path FIRST_PROCESS = Path.of("/proc/1");
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");
    private static final String BOOT = boot();
    private static final int BOOT_PART = 1; // of those between dots
    private static final AtomicInteger LAUNCHERS = new AtomicInteger();

    private final Optional<String> launcher;
    private long launches;

    /// Those of a new launcher in this process.
    LaunchMarks() {
        this(SocketMark.ofThisProcess());
    }

    /// @param host the mark of its process; may be empty
    LaunchMarks(String host) {
        this.launcher =
                host.isEmpty() || BOOT.isEmpty()
                        ? Optional.empty()
                        : Optional.of(host + BOOT + "." + LAUNCHERS.incrementAndGet() + ".");
    }

    /// Another one at each start of each machine; empty if this one does not say.
    private static String boot() {
        try {
            return Files.readString(BOOT_ID).strip().replace("-", "");
        } catch (IOException e) {
            return "";
        }
    }

    /// What all marks of this launcher begin with, and no other.
    Optional<String> launcher() {
        return launcher;
    }

    /// That of the next launch.
    Optional<String> next() {
        return launcher.map(prefix -> prefix + ++launches);
    }

    /// Whether the host that made `mark` has certainly ended. Where the processes of other users
    /// are hidden (`hidepid=2`) it may be one of them.
    static boolean isOfTheDead(String mark) {
        List<String> parts = List.of(mark.split("\\.", -1));
        boolean isOfThisBoot =
                parts.size() > BOOT_PART && !BOOT.isEmpty() && parts.get(BOOT_PART).equals(BOOT);
        return isOfThisBoot
                && Files.exists(FIRST_PROCESS)
                && SocketMark.whose(mark).map(ProcessIdentity::isDead).orElse(false);
    }
}

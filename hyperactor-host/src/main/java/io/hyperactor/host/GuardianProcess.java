package io.hyperactor.host;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Map;

/// A process of a [Guardian]: in a session of its own, so that what ends this process and its
/// children by their group or terminal passes it by, and with nothing open but its pipe.
///
/// **Threads:** that of the poller.
final class GuardianProcess implements Guardian.Running {
    private static final Map<String, String> ENVIRONMENT = Map.of("PATH", "/usr/bin:/bin");

    private final Libc libc;
    private final Poller poller;
    private final ChildStarter.Tool tool;
    private final long token;
    private final Runnable whenEnded;

    private GuardianProcess(Libc libc, Poller poller, ChildStarter.Tool tool, Runnable whenEnded)
            throws IOException {
        this.libc = libc;
        this.poller = poller;
        this.tool = tool;
        this.whenEnded = whenEnded;
        this.token = poller.add(tool.pidfd(), this::ended);
    }

    /// Starts one.
    ///
    /// @param whenEnded runs once, when it has ended and was reaped
    static GuardianProcess start(
            Libc libc,
            Poller poller,
            ChildStarter starter,
            List<String> command,
            Runnable whenEnded)
            throws IOException {
        ChildStarter.Tool tool = starter.startTool(command, ENVIRONMENT);
        try {
            return new GuardianProcess(libc, poller, tool, whenEnded);
        } catch (IOException | RuntimeException | Error e) {
            starter.abandon(tool.pid());
            tool.close();
            throw e;
        }
    }

    @Override
    public boolean tell(byte[] line) {
        return tool.input().tell(line);
    }

    @Override
    public void kill() {
        libc.killGroup(tool.pid(), Signals.KILL); // not reaped yet, so the id is its own
    }

    private void ended() {
        try (Arena arena = Arena.ofConfined()) {
            libc.reapPidfd(tool.pidfd().fd(), ChildEnding.allocate(arena));
        }
        poller.remove(tool.pidfd(), token);
        tool.close();
        whenEnded.run();
    }
}

package io.hyperactor.system;

import io.hyperactor.host.EchoMessage;
import io.hyperactor.host.Host;
import io.hyperactor.host.HostException;
import io.hyperactor.host.ProcExit;
import io.hyperactor.host.ProcHandle;
import io.hyperactor.host.TerminateException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Runs in a process namespace of its own, whose next process id it chooses: lets children end,
/// gives their ids to strangers, and goes on to stop and kill the children.
final class PidReuseProgram {
    private static final Path LAST_PID = Path.of("/proc/sys/kernel/ns_last_pid");
    private static final int KILLERS = 4;

    private PidReuseProgram() {}

    /// Prints `reused N`, how many ids were given to another process, and `victims N`, how many of
    /// those were signalled.
    ///
    /// @param args how often
    public static void main(String[] args) throws Exception {
        int reused = 0;
        int victims = 0;
        try (Host<EchoMessage> host = Hosts.serve(Stub.manager())) {
            for (int i = 0; i < Integer.parseInt(args[0]); i++) {
                ProcHandle<EchoMessage> proc = host.spawn("ready-exits-0." + i).handle();
                long pid = proc.pid().orElseThrow();
                List<Thread> killers = endWhileOthersKill(proc, pid);
                Process stranger = takeOver(pid);
                for (Thread killer : killers) {
                    killer.join();
                }
                if (stranger.pid() == pid) {
                    reused++;
                    endAgain(host, proc);
                    victims += stranger.waitFor(2, TimeUnit.MILLISECONDS) ? 1 : 0;
                }
                stranger.destroyForcibly().waitFor();
            }
        }
        System.out.println("reused " + reused);
        System.out.println("victims " + victims);
        Runtime.getRuntime().halt(0);
    }

    /// It ends by itself, by one of them, or by both at once.
    private static List<Thread> endWhileOthersKill(ProcHandle<?> proc, long pid) throws Exception {
        List<Thread> killers = new ArrayList<>();
        for (int i = 0; i < KILLERS; i++) {
            killers.add(Thread.ofPlatform().start(() -> killAndKill(proc)));
        }
        OsProcess.of(pid).signalIfAlive("USR1");
        ProcExit exit = proc.exit().get();
        if (!(exit instanceof ProcExit.Exited || exit instanceof ProcExit.Signalled)) {
            throw new IllegalStateException("ended as " + exit);
        }
        return killers;
    }

    private static void killAndKill(ProcHandle<?> proc) {
        for (int i = 0; i < 50; i++) {
            try {
                proc.kill();
            } catch (TerminateException.AlreadyTerminated e) {
                // As it should be, from the second time on.
            } catch (InterruptedException e) {
                throw new IllegalStateException("nobody interrupts this thread", e);
            }
        }
    }

    private static void endAgain(Host<?> host, ProcHandle<?> proc) throws InterruptedException {
        killAndKill(proc);
        try {
            host.kill(proc.procId().name());
        } catch (HostException.NoSuchProc e) {
            // As it should be.
        }
    }

    /// A leader of a process group of its own, as the child was.
    private static Process takeOver(long pid) throws IOException {
        Files.writeString(LAST_PID, String.valueOf(pid - 1));
        return new ProcessBuilder("setsid", "sleep", "1000").start();
    }
}

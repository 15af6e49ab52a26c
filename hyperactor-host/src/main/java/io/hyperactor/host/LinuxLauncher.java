package io.hyperactor.host;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;

/// Launches on Linux, where the kernel tells how a child truly ended and a whole group can be
/// signalled.
///
/// Every child is the leader of a session of its own. Descriptor 0 is `/dev/null`, 1 and 2 are
/// captured, 3 is the control pipe. When it ends, and when it is killed, all in its control group
/// are killed too where there are such, and the other members of its process group everywhere; and
/// without a control group, a moment later, what has left that: see [Strays]. The same happens, by
/// the [Guardian], when this process ends.
///
/// One thread starts all of them. It ends after the last child, for the kernel kills a child when
/// the thread that started it ends, even if this process lives on: see [ParentDeath].
final class LinuxLauncher implements ProcLauncher {
    private static final Logger LOG = LoggerFactory.getLogger(LinuxLauncher.class);

    private static final Set<String> PROCESSORS = Set.of("amd64", "aarch64", "riscv64");
    private static final String PORTABLE =
            "Processes are launched the portable way, for {}. So an exit with status 137 and a"
                    + " death by signal 9 look the same, what a proc has started is left when it"
                    + " ends by itself, no limit of a control group is active, and TERM does not"
                    + " wake a process that is stopped";
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(10);
    private static final Duration CLOSE_POLL = Duration.ofMillis(20);

    private final LinuxMonitor monitor;
    private final Thread thread;

    /// @param cgroupHome see [CgroupHome]; empty to do without control groups
    /// @throws UncheckedIOException if there are no descriptors for it
    LinuxLauncher(
            Libc libc,
            PosixSpawn posixSpawn,
            ParentDeath parentDeath,
            Optional<CgroupHome> cgroupHome,
            OutputListener output) {
        var cgroups = new LauncherCgroups(cgroupHome, System::nanoTime);
        try {
            this.monitor =
                    new LinuxMonitor(
                            libc, new ChildStarter(libc, posixSpawn, parentDeath), cgroups, output);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot watch processes: " + e.getMessage(), e);
        }
        libc.keepEndedChildren();
        loadWhatFailuresNeed();
        this.thread = Thread.ofPlatform().daemon().name("hyperactor-procs").unstarted(monitor);
        try {
            thread.start();
        } catch (Throwable e) { // no thread is to be had
            monitor.release();
            throw e;
        }
    }

    /// Without descriptors left no class can be opened any more, nor could it be later: the JVM
    /// repeats such a failure for ever.
    private static void loadWhatFailuresNeed() {
        LOG.trace("for example {}", Errno.text(Errno.EMFILE));
    }

    /// A launcher for this machine. Empty if it is not a Linux with all that is needed: a kernel
    /// from 5.4 on, a C library that can start a child in a session of its own, and native access
    /// for this JVM. Then the log says what cannot be done.
    static Optional<ProcLauncher> open(OutputListener output) {
        String system = System.getProperty("os.name");
        String processor = System.getProperty("os.arch");
        if (!supports(system, processor)) {
            LOG.warn(PORTABLE, "this is " + system + " on " + processor);
            return Optional.empty();
        }
        try {
            var libc = new Libc();
            checkKernel(libc);
            return Optional.of(
                    new LinuxLauncher(
                            libc,
                            new PosixSpawn(),
                            ParentDeath.ofThisMachine(),
                            CgroupHome.find(),
                            output));
        } catch (UnsupportedOperationException | IllegalCallerException | LinkageError e) {
            LOG.warn(PORTABLE, "native calls fail: " + e.getMessage(), e);
            return Optional.empty();
        }
    }

    /// Whether the numbers in here, of calls and in structures, are those of such a machine.
    static boolean supports(String system, String processor) {
        return system.toLowerCase(Locale.ROOT).equals("linux") && PROCESSORS.contains(processor);
    }

    @Override
    public LaunchedProcess launch(LaunchSpec spec) throws IOException {
        LinuxMonitor.Request request = new LinuxMonitor.Request(spec, program(spec));
        try {
            monitor.take(request);
            return request.result().join();
        } catch (CompletionException e) {
            throw spec.failure(e.getCause());
        } catch (Throwable e) { // no memory to wait
            request.abandon();
            throw e;
        }
    }

    /// Looked for here: the thread that starts processes must not wait for a file system.
    private static Path program(LaunchSpec spec) throws IOException {
        try {
            return ProgramPath.findInTime(spec);
        } catch (IOException e) {
            throw spec.failure(e);
        }
    }

    @Override
    public void close() {
        monitor.close();
        long start = System.nanoTime();
        while (!Threads.joinUninterruptibly(thread, CLOSE_POLL)) {
            if (monitor.isGivenUp() || System.nanoTime() - start >= CLOSE_LIMIT.toNanos()) {
                throw new IllegalStateException("killed, but not gone yet: " + monitor.live());
            }
        }
    }

    /// Watches this very process for a moment, which is not a child of itself.
    private static void checkKernel(Libc libc) {
        int pidfd = libc.pidfdOpen((int) ProcessHandle.current().pid());
        if (Errno.isLack(-pidfd)) {
            throw new UncheckedIOException(
                    new IOException(
                            "pidfd_open: " + Errno.text(-pidfd))); // later there may be some
        }
        if (pidfd < 0) {
            throw new UnsupportedOperationException("pidfd_open: " + Errno.text(-pidfd));
        }
        try (var self = new Descriptor(libc, pidfd);
                Arena arena = Arena.ofConfined()) {
            int result = libc.reapPidfd(self.fd(), ChildEnding.allocate(arena));
            if (result != -Errno.ECHILD) {
                throw new UnsupportedOperationException("waitid: " + Errno.text(-result));
            }
        }
    }
}

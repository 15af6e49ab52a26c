package io.hyperactor.host;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// Launches with what every JDK has. It knows less than [LinuxLauncher] and says so: an exit with
/// status 137 and a death by signal 9 look the same ([ProcExit.Ambiguous]), TERM and KILL are the
/// only signals and TERM does not wake a stopped process, and descendants are found only while the
/// process lives: those of one that ended by itself are left, and so is one that is born in the
/// moment its parent is killed.
///
/// Standard input is the control pipe. One thread starts all processes and ends after them: see
/// [ParentDeath].
final class PortableLauncher implements ProcLauncher {
    private static final ParentDeath PARENT_DEATH = ParentDeath.ofThisMachine();

    private static final int LAUNCHES_WAITING_MAX = 1024;
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(10);
    private static final String CONTROL = "0";
    private static final boolean UNIX = File.separatorChar == '/';

    private final OutputQueue output;
    private final CompletableFuture<Void> allStarted = new CompletableFuture<>();
    private final Set<PortableProcess> live = ConcurrentHashMap.newKeySet();

    /// One thread that never ends before [#close()].
    private final ThreadPoolExecutor starter =
            new ThreadPoolExecutor(
                    1,
                    1,
                    0,
                    TimeUnit.SECONDS,
                    new ArrayBlockingQueue<>(LAUNCHES_WAITING_MAX),
                    Thread.ofPlatform().daemon().name("hyperactor-procs").factory()) {
                @Override
                protected void terminated() {
                    allStarted.complete(null);
                }
            };

    PortableLauncher(OutputListener listener) {
        this.output = new OutputQueue(listener);
    }

    @Override
    public LaunchedProcess launch(LaunchSpec spec) throws IOException {
        Optional<Path> program = program(spec);
        var result = new CompletableFuture<PortableProcess>();
        try {
            starter.execute(() -> {
                try {
                    result.complete(start(spec, program));
                } catch (Throwable e) { // whatever it is, somebody waits for an answer
                    result.completeExceptionally(e);
                }
            });
            return result.join();
        } catch (RejectedExecutionException e) {
            throw spec.failure(
                    starter.isShutdown()
                            ? new IOException("the launcher is closed", e)
                            : new LaunchesWaitingException(LAUNCHES_WAITING_MAX));
        } catch (CompletionException e) {
            throw spec.failure(e.getCause());
        }
    }

    @Override
    public void close() {
        starter.shutdown(); // what is queued still starts, to be killed with the rest
        try {
            allStarted
                    .thenCompose(_ -> killAll())
                    .orTimeout(CLOSE_LIMIT.toSeconds(), TimeUnit.SECONDS)
                    .join();
        } catch (CompletionException e) {
            throw new IllegalStateException(notGone(), e.getCause());
        } finally {
            output.close();
        }
        if (live.stream().anyMatch(PortableProcess::isGivenUp)) {
            throw new IllegalStateException(notGone());
        }
    }

    private String notGone() {
        return "killed, but not gone yet: " + live;
    }

    /// Those that were given up before are not waited for.
    private CompletableFuture<Void> killAll() {
        var exits = new ArrayList<CompletableFuture<ProcExit>>();
        for (PortableProcess process : live) {
            if (!process.isGivenUp()) {
                exits.add(process.exit());
            }
            process.signalGroup(Signals.KILL);
        }
        return CompletableFuture.allOf(exits.toArray(CompletableFuture<?>[]::new));
    }

    /// Looked for here: the one thread that starts processes must not wait for a file system.
    private static Optional<Path> program(LaunchSpec spec) throws IOException {
        try {
            return UNIX ? Optional.of(ProgramPath.findInTime(spec)) : Optional.empty();
        } catch (IOException e) {
            throw spec.failure(e);
        }
    }

    private PortableProcess start(LaunchSpec spec, Optional<Path> program) throws IOException {
        List<AppliedLimit> limits = new ArrayList<>();
        List<String> command = spec.command();
        if (program.isPresent()) {
            Prologue prologue =
                    Prologue.of(
                            spec, program.get(), Optional.empty(), ProcessHandle.current().pid());
            command = prologue.command();
            limits.addAll(prologue.limits());
        } else if (!spec.limits().equals(ProcLimits.NONE)) {
            throw new LimitRefusedException("no limits can be set on this platform");
        }
        limits.addAll(CgroupController.notActive(spec.limits(), limits));
        var builder = new ProcessBuilder(PARENT_DEATH.guard(command));
        spec.directory().map(Path::toFile).ifPresent(builder::directory);
        Map<String, String> environment = builder.environment();
        environment.clear();
        environment.putAll(spec.environment());
        environment.put(ControlPipe.VARIABLE, CONTROL);

        return watched(builder.start(), spec, List.copyOf(limits));
    }

    /// Kills what it cannot watch over: nobody else would.
    private PortableProcess watched(Process started, LaunchSpec spec, List<AppliedLimit> limits) {
        PortableProcess process = null;
        try {
            process = new PortableProcess(spec.name(), started, output, limits);
            PortableProcess watched = process;
            live.add(watched);
            watched.watch(() -> live.remove(watched));
            watched.tell(spec.firstLine()); // if nobody reads it, the exit tells more than this
            return watched;
        } catch (Throwable t) {
            started.destroyForcibly();
            if (process != null) {
                live.remove(process);
            }
            throw t;
        }
    }
}

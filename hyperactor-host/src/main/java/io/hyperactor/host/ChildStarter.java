package io.hyperactor.host;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// Starts children with their pipes. What it opened for one that could not be started is closed
/// again.
///
/// **Threads:** one, which must not end while a child lives: see [ParentDeath].
final class ChildStarter {
    private final Libc libc;
    private final PosixSpawn posixSpawn;
    private final ParentDeath parentDeath;
    private final List<Integer> abandoned = new ArrayList<>();
    private final MemorySegment ending = ChildEnding.allocate(Arena.ofAuto());

    ChildStarter(Libc libc, PosixSpawn posixSpawn, ParentDeath parentDeath) {
        this.libc = libc;
        this.posixSpawn = posixSpawn;
        this.parentDeath = parentDeath;
    }

    /// A child that runs, unreaped, and the descriptors that belong to it: whoever gets it closes
    /// them.
    record Child(
            int pid,
            Descriptor pidfd,
            Descriptor stdout,
            Descriptor stderr,
            ControlWriter control,
            Optional<Cgroup> group,
            Optional<String> mark,
            List<AppliedLimit> limits)
            implements AutoCloseable {
        @Override
        public void close() {
            control.close();
            stdout.close();
            stderr.close();
            pidfd.close();
        }
    }

    /// Starts what `spec` says and writes its first line into the control pipe.
    ///
    /// @param program where it is
    /// @param group for the child alone
    /// @param dataBytes see [Prologue]
    /// @param mark see [LaunchMarks]
    /// @throws LimitRefusedException if a limit cannot be set, or the child cannot be put into a
    ///   group that limits it
    /// @throws IOException if that is impossible, saying why but not what was to be started
    Child start(
            LaunchSpec spec,
            Path program,
            Optional<LauncherCgroups.Made> group,
            OptionalLong dataBytes,
            Optional<String> mark)
            throws IOException {
        long host = ProcessHandle.current().pid();
        Prologue prologue = Prologue.of(spec, program, group, host, dataBytes);
        try (Pipe stdout = Pipe.open(libc);
                Pipe stderr = Pipe.open(libc);
                Pipe control = Pipe.open(libc);
                ControlWriter input = ControlWriter.over(libc, control.writeEnd())) {
            Native.check(libc.setNonBlocking(stdout.readEnd().fd()), "fcntl");
            Native.check(libc.setNonBlocking(stderr.readEnd().fd()), "fcntl");
            if (!input.tell(spec.firstLineBytes())) { // it fits into an empty pipe
                throw new IOException("the control pipe takes nothing");
            }
            int pid =
                    posixSpawn.spawn(
                            parentDeath.guard(prologue.command()),
                            environment(spec, mark),
                            spec.directory(),
                            new PosixSpawn.Descriptors(
                                    PosixSpawn.NULL,
                                    stdout.writeEnd().fd(),
                                    stderr.writeEnd().fd(),
                                    control.readEnd().fd()));
            try {
                if (group.isPresent() && !prologue.joins()) {
                    put(pid, group.get());
                }
                return new Child(
                        pid,
                        watch(pid),
                        stdout.readEnd().handOver(),
                        stderr.readEnd().handOver(),
                        input.handOver(),
                        group.map(LauncherCgroups.Made::group),
                        mark,
                        prologue.limits());
            } catch (Throwable e) {
                abandon(pid);
                throw e;
            }
        }
    }

    /// The next best: in most cases before it has become its program, but nothing sees to that.
    private void put(int pid, LauncherCgroups.Made group) throws LimitRefusedException {
        try {
            group.group().add(pid);
        } catch (IOException e) {
            if (group.isLimiting()) {
                throw new LimitRefusedException(
                        "it cannot be put into the control group that limits it: " + e);
            }
            // Then it is outside, and Containment says so.
        }
    }

    /// A program of our own that runs, unreaped, and reads what is written into `input`.
    record Tool(int pid, Descriptor pidfd, ControlWriter input) implements AutoCloseable {
        @Override
        public void close() {
            input.close();
            pidfd.close();
        }
    }

    /// Starts a program in the root directory, with a pipe as its standard input and nothing else.
    /// It is not killed with this process.
    ///
    /// @param command the path of the program and its arguments
    Tool startTool(List<String> command, Map<String, String> environment) throws IOException {
        try (Pipe lines = Pipe.open(libc);
                ControlWriter input = ControlWriter.over(libc, lines.writeEnd())) {
            int pid =
                    posixSpawn.spawn(
                            command,
                            environment,
                            Optional.of(Path.of("/")),
                            PosixSpawn.Descriptors.onlyInput(lines.readEnd().fd()));
            try {
                return new Tool(pid, watch(pid), input.handOver());
            } catch (Throwable e) {
                abandon(pid);
                throw e;
            }
        }
    }

    /// Kills a child that started but cannot be watched; [#reapAbandoned()] sees to the rest.
    void abandon(int pid) {
        libc.killGroup(pid, Signals.KILL);
        abandoned.add(pid);
    }

    /// Reaps the abandoned children that have ended.
    ///
    /// @return whether none is left
    boolean reapAbandoned() {
        abandoned.removeIf(pid -> libc.reapPid(pid, ending) < 0 || ChildEnding.isPresent(ending));
        return abandoned.isEmpty();
    }

    private Descriptor watch(int pid) throws IOException {
        return new Descriptor(libc, Native.check(libc.pidfdOpen(pid), "pidfd_open"));
    }

    private static Map<String, String> environment(LaunchSpec spec, Optional<String> mark) {
        var environment = new HashMap<>(spec.environment());
        environment.put(ControlPipe.VARIABLE, String.valueOf(PosixSpawn.CONTROL));
        mark.ifPresent(value -> environment.put(LaunchMarks.VARIABLE, value));
        return environment;
    }
}

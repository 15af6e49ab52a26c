package io.hyperactor.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// A process as `/proc` shows it, for tests that look from outside.
///
/// @param startTicks when it started, in clock ticks since boot; -1 if it was gone when it was
///   looked for. It tells this process from a later one that got the same id
record OsProcess(long pid, long startTicks) implements Comparable<OsProcess> {
    private static final Map<String, Integer> SIGNALS =
            Map.of(
                    "INT", 2, "QUIT", 3, "ABRT", 6, "KILL", 9, "USR1", 10, "SEGV", 11, "TERM", 15,
                    "CONT", 18, "STOP", 19);
    private static final MethodHandle KILL = kill();
    private static final int PAGE_KIB = 4;
    private static final int TICK_MILLIS = 10;

    @SuppressWarnings("restricted")
    private static MethodHandle kill() {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().find("kill").orElseThrow(),
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    }

    /// What `/proc/PID/stat` says.
    ///
    /// @param cpuMillis processor time, in user and kernel mode together
    record Stat(
            char state, long parent, long cpuMillis, long threads, long startTicks, long rssKiB) {
        private static final int PARENT = 1;
        private static final int USER_TICKS = 11;
        private static final int KERNEL_TICKS = 12;
        private static final int THREADS = 17;
        private static final int START = 19;
        private static final int RSS_PAGES = 21;

        /// What follows the name of the program, which may contain anything.
        private static Stat parse(String stat) {
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            return new Stat(
                    fields[0].charAt(0),
                    Long.parseLong(fields[PARENT]),
                    (Long.parseLong(fields[USER_TICKS]) + Long.parseLong(fields[KERNEL_TICKS]))
                            * TICK_MILLIS,
                    Long.parseLong(fields[THREADS]),
                    Long.parseLong(fields[START]),
                    Long.parseLong(fields[RSS_PAGES]) * PAGE_KIB);
        }
    }

    /// The process that has this id now.
    static OsProcess of(long pid) {
        return new OsProcess(
                pid, read(pid, "stat").map(Stat::parse).map(Stat::startTicks).orElse(-1L));
    }

    static OsProcess current() {
        return of(ProcessHandle.current().pid());
    }

    /// The ids of all processes of the machine.
    static List<Long> pids() {
        try (Stream<Path> entries = Files.list(Path.of("/proc"))) {
            return entries.map(Path::getFileName)
                    .map(Path::toString)
                    .filter(name -> Character.isDigit(name.charAt(0)))
                    .map(Long::valueOf)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Empty if it is gone, also if another one has its id.
    Optional<Stat> stat() {
        return read(pid, "stat").map(Stat::parse).filter(stat -> stat.startTicks() == startTicks);
    }

    /// `S` asleep, `R` running, `T` stopped, `Z` a zombie, `-` no such process.
    char state() {
        return stat().map(Stat::state).orElse('-');
    }

    /// The directory of its control group, of the second version of those; the root of the file
    /// system if there are none.
    Path cgroup() {
        String mount =
                Stream.of(
                                read(ProcessHandle.current().pid(), "mountinfo")
                                        .orElse("")
                                        .split("\n", -1))
                        .filter(line -> line.contains(" - cgroup2 "))
                        .map(line -> line.split(" ", -1)[4])
                        .findFirst()
                        .orElse("");
        return Stream.of(read(pid, "cgroup").orElse("").split("\n", -1))
                .filter(line -> line.startsWith("0::"))
                .map(line -> Path.of(mount + "/" + line.substring("0::".length())))
                .findFirst()
                .orElse(Path.of("/"));
    }

    /// Waits until it is in the session of `leader`.
    void awaitSession(long leader) {
        await().atMost(Patience.LIMIT)
                .until(() -> {
                    String stat = read(pid, "stat").orElseThrow();
                    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
                    return fields[3].equals(String.valueOf(leader));
                });
    }

    /// Neither gone nor a zombie.
    boolean isAlive() {
        return "-ZX".indexOf(state()) < 0;
    }

    /// How many descriptors it has open; 0 if it is gone.
    int descriptors() {
        String[] names = file(pid, "fd").toFile().list();
        return names == null ? 0 : names.length;
    }

    /// What it has written so far, to whatever.
    long bytesWritten() {
        return read(pid, "io")
                .flatMap(io -> io.lines().filter(line -> line.startsWith("wchar: ")).findFirst())
                .map(line -> Long.parseLong(line.substring("wchar: ".length())))
                .orElse(0L);
    }

    /// What it was started with: `NAME=value`, each with a NUL at its end.
    String environment() {
        return read(pid, "environ").orElse("");
    }

    /// Its program and arguments, each with a NUL at its end.
    String commandLine() {
        return read(pid, "cmdline").orElse("");
    }

    /// The value of a variable that it was started with.
    String environment(String variable) {
        return Stream.of(environment().split("\0", -1))
                .filter(entry -> entry.startsWith(variable + "="))
                .findFirst()
                .orElseThrow()
                .substring(variable.length() + 1);
    }

    private static Path file(long pid, String name) {
        return Path.of("/proc", String.valueOf(pid), name);
    }

    private static Optional<String> read(long pid, String file) {
        try {
            return Optional.of(Files.readString(file(pid, file), StandardCharsets.ISO_8859_1))
                    .filter(text -> !text.isEmpty());
        } catch (IOException e) {
            return Optional.empty(); // gone, or another user's
        }
    }

    /// Sends a signal, such as `KILL` or `STOP`.
    void signal(String name) {
        assertThat(signalIfAlive(name)).as("kill -%s %d", name, pid).isTrue();
    }

    /// The same to a process that may be gone. Whether it was there.
    boolean signalIfAlive(String name) {
        try {
            return (int) KILL.invokeExact((int) pid, (int) SIGNALS.get(name)) == 0;
        } catch (Throwable e) {
            throw new AssertionError("kill -" + name + " " + pid, e);
        }
    }

    /// By id.
    @Override
    public int compareTo(OsProcess other) {
        return Comparator.comparingLong(OsProcess::pid)
                .thenComparingLong(OsProcess::startTicks)
                .compare(this, other);
    }

    void awaitState(char wanted) {
        await().atMost(Patience.LIMIT).until(() -> state() == wanted);
    }

    void awaitGone() {
        await(this + " is gone")
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5))
                .atMost(Patience.LIMIT)
                .until(() -> !isAlive());
    }

    @Override
    public String toString() {
        String command = read(pid, "cmdline").orElse("").replace('\0', ' ');
        return pid
                + " ("
                + stat().map(Object::toString).orElse("gone")
                + "): "
                + command.substring(0, Math.min(120, command.length()));
    }
}

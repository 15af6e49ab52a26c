package io.hyperactor.system;

import static org.awaitility.Awaitility.await;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Fails a test that leaves something behind: a process, also one that got away from its parent; a
/// file, such as a socket; or a thread.
///
/// The directory for sockets is one of this run alone, named by the environment. Every process that
/// a test causes inherits the name, so it is told from the processes of others.
final class Leftovers implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback {
    private static final ExtensionContext.Namespace OURS =
            ExtensionContext.Namespace.create(Leftovers.class);

    /// Threads that live as long as the process that needed them once.
    private static final Pattern OF_THE_PROCESS =
            Pattern.compile(
                    "hyperactor-\\d+|hyperactor-(ticker|timer|channels-\\d+)|ForkJoinPool.*"
                            + "|Common-Cleaner|process reaper.*|VirtualThread-unblocker"
                            + "|Read-Poller.*|Write-Poller.*|awaitility.*|junit-.*"
                            + "|surefire-.*|.*Attach Listener.*");

    /// The directory that this run has to itself.
    static Path directory() {
        String name = System.getenv().getOrDefault("XDG_RUNTIME_DIR", "");
        if (!name.contains("hyperactor-it-")) {
            throw new IllegalStateException(
                    "these tests need a directory of their own: set XDG_RUNTIME_DIR to the path of"
                            + " a new one in the directory for temporary files, named"
                            + " hyperactor-it-something");
        }
        return Path.of(name);
    }

    private record RunDirectory(Path path) implements AutoCloseable {
        static RunDirectory make() {
            try {
                return new RunDirectory(
                        Files.createDirectory(
                                directory(),
                                PosixFilePermissions.asFileAttribute(
                                        PosixFilePermissions.fromString("rwx------"))));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() throws IOException {
            Files.deleteIfExists(path.resolve("hyperactor").resolve("crashes"));
            Files.deleteIfExists(path.resolve("hyperactor"));
            Files.delete(path); // which fails if a test left something in it
        }
    }

    /// Also has what tests wait for looked for more often than every 100 ms.
    @Override
    public void beforeAll(ExtensionContext context) {
        Awaitility.setDefaultPollDelay(Duration.ZERO);
        Awaitility.setDefaultPollInterval(Duration.ofMillis(10));
        var _ =
                context.getRoot()
                        .getStore(OURS)
                        .computeIfAbsent("directory", _ -> RunDirectory.make(), RunDirectory.class);
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        context.getStore(OURS).put("threads", threads());
    }

    @Override
    public void afterEach(ExtensionContext context) throws IOException {
        Set<?> threadsBefore = context.getStore(OURS).get("threads", Set.class);
        try {
            awaitNoProcesses();
            awaitNone("zombies", Observer::zombies);
            awaitNone("files", Leftovers::files);
            awaitNone("threads", () -> threadsBut(threadsBefore));
        } finally {
            cleanUp(); // so that one test that failed does not fail those after it
        }
    }

    private static List<String> threadsBut(Set<?> known) {
        return threads().stream()
                .filter(Predicate.not(known::contains))
                .map(Thread::getName)
                .toList();
    }

    private static void cleanUp() throws IOException {
        for (OsProcess process : Observer.running()) {
            ProcessHandle.of(process.pid()).ifPresent(ProcessHandle::destroyForcibly);
        }
        for (Path file : files()) {
            Files.delete(file);
        }
    }

    /// Waits until no process runs that a test of this run caused.
    static void awaitNoProcesses() {
        awaitNone("processes", Observer::running);
    }

    /// The same while a host is there.
    static void awaitNoProcessesButGuardians() {
        awaitNone("processes", Observer::runningButGuardians);
    }

    private interface Found {
        List<?> now();
    }

    private static void awaitNone(String what, Found found) {
        await("no more " + what)
                .atMost(Patience.LIMIT)
                .failFast("interrupted", () -> Thread.currentThread().isInterrupted())
                .until(found::now, List::isEmpty);
    }

    private static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !OF_THE_PROCESS.matcher(thread.getName()).matches())
                .collect(Collectors.toSet());
    }

    /// Removes the socket files of processes that were killed, which a test that killed a host must
    /// expect to find. What is still served after a while stays, and fails the test.
    static void removeSocketsOfTheKilled() throws IOException {
        for (Path file : files()) {
            await(file + " is served no more").atMost(Patience.LIMIT).until(() -> !isServed(file));
            Files.delete(file);
        }
        for (Path folder : rehearsals()) {
            Files.delete(folder);
        }
    }

    /// The folders of children that rehearse, or were killed while they did.
    static List<Path> rehearsals() {
        Path sockets = directory().resolve("hyperactor");
        try (Stream<Path> all = Files.list(sockets)) {
            return all.filter(path -> path.getFileName().toString().matches(".+\\.r\\d+")).toList();
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Whether somebody listens. A process that was killed may do so for a moment after the first
    /// of its threads has ended.
    static boolean isServed(Path socket) throws IOException {
        try (SocketChannel probe = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            return probe.isConnected();
        } catch (ConnectException e) {
            return false;
        }
    }

    /// The files of sockets without a path of their own, and reports of JVMs that crashed.
    static List<Path> files() {
        Path sockets = directory().resolve("hyperactor");
        if (!Files.exists(sockets)) {
            return List.of();
        }
        try (Stream<Path> all = Files.walk(sockets)) {
            return all.filter(path -> !Files.isDirectory(path)).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package io.hyperactor.host;

import io.hyperactor.channel.Channels;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/// What there is to do for a [ProcessProcManager] when the process of a proc has ended: first what
/// must be before anybody is told, then what can wait.
///
/// **Threads:** any.
final class ProcEnds<A> {
    private static final Logger LOG = LoggerFactory.getLogger(ProcEnds.class);
    private static final int SOCKET_AGAIN_MILLIS = 200;
    private static final FileThreads FILES = new FileThreads();

    private final Children<A> children;
    private final LogBook book;
    private final Callbacks<A> callbacks;
    private final Optional<CrashFiles> crashes;
    private final Channels channels;
    private final Set<ProcessProcHandle<A>> untidy = ConcurrentHashMap.newKeySet(); // ended

    /// @param children the names in use; what is ended leaves them
    /// @param channels whose sockets its procs had
    ProcEnds(
            Children<A> children,
            LogBook book,
            Callbacks<A> callbacks,
            Optional<CrashFiles> crashes,
            Channels channels) {
        this.children = children;
        this.book = book;
        this.callbacks = callbacks;
        this.crashes = crashes;
        this.channels = channels;
    }

    /// There is no process and will be none.
    void notLaunched(ProcessProcHandle<A> handle, Throwable why) {
        try {
            free(handle);
            book.letGo(handle.procId().name());
        } finally {
            handle.notLaunched(why); // somebody may wait for its end already
        }
    }

    /// A process has ended; nobody has been told. Whatever fails of this: the name is free.
    ExitReport ended(ProcessProcHandle<A> handle, LaunchedProcess process, ProcExit how) {
        try {
            untidy.add(handle);
        } finally {
            try {
                free(handle);
            } finally {
                callbacks.dismiss(handle.secret());
            }
        }
        List<String> lines = process.lastLines();
        return new ExitReport(how, diagnosis(process, how, lines), lines);
    }

    private void free(ProcessProcHandle<A> handle) {
        try {
            book.end(handle.procId().name()); // first: from then on the name is somebody else's
        } finally {
            children.remove(handle);
        }
    }

    private Optional<Diagnosis> diagnosis(
            LaunchedProcess process, ProcExit how, List<String> lines) {
        Optional<Diagnosis> kernel = process.diagnosis();
        return kernel.isPresent() || Diagnosis.isPlain(how)
                ? kernel
                : Diagnosis.of(
                        how,
                        process.pid(),
                        lines,
                        crashes.flatMap(files -> files.read(process.pid())));
    }

    /// Everybody was told.
    void tidyUp(ProcessProcHandle<A> handle) {
        try {
            book.letGo(handle.procId().name());
        } finally {
            try {
                removeSocket(handle);
            } finally {
                untidy.remove(handle);
            }
        }
        // A descendant that was killed with it may have held the socket a moment longer.
        var _ =
                Threads.timer()
                        .schedule(
                                () -> FILES.execute(() -> removeSocket(handle)),
                                SOCKET_AGAIN_MILLIS,
                                TimeUnit.MILLISECONDS);
    }

    /// Removes the sockets of all that are there, and of those that were not tidied up yet.
    void removeSockets() {
        children.all().forEach(this::removeSocket);
        untidy.forEach(this::removeSocket);
    }

    private void removeSocket(ProcessProcHandle<A> handle) {
        try {
            handle.address().ifPresent(channels::removeLeftSocket);
        } catch (UncheckedIOException e) {
            LOG.warn("the socket of {}", handle.procId(), e);
        }
    }
}

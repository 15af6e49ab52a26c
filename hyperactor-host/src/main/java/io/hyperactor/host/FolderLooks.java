package io.hyperactor.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/// Looks into log folders for a limited time, into all at the same time: one that hangs is no
/// reason to leave out another. Into each there is one look at a time, for each takes a thread; and
/// none more into one that hangs, before it answers.
///
/// **Threads:** any.
final class FolderLooks {
    /// What is done with a folder.
    interface Look {
        void at(LogFolder folder) throws IOException;
    }

    private record Begun(Path path, LogFolder folder, CompletableFuture<?> end) {}

    private final FileThreads threads = new FileThreads();
    private final Duration limit;
    private final Map<LogFolder, CompletableFuture<?>> last = new ConcurrentHashMap<>();
    private final Set<LogFolder> hung = ConcurrentHashMap.newKeySet();

    /// @param limit how long a look into all of them takes at most
    FolderLooks(Duration limit) {
        this.limit = limit;
    }

    /// Waits until all have been looked into, or it is `enough`.
    ///
    /// @return about the first that could not be, or not in time, if there is one
    Optional<HostException.LogFolderUnusable> into(
            Map<Path, LogFolder> folders, Look look, CompletableFuture<?> enough) {
        var over = new AtomicBoolean();
        Look wanted =
                folder -> {
                    if (!over.get()) {
                        look.at(folder);
                    }
                };
        List<Begun> looks = new ArrayList<>();
        folders.forEach(
                (path, folder) -> looks.add(new Begun(path, folder, begin(wanted, folder))));
        var all =
                CompletableFuture.allOf(
                        looks.stream().map(Begun::end).toArray(CompletableFuture[]::new));
        await(CompletableFuture.anyOf(all, enough));
        boolean inTime = all.isDone() || enough.isDone();
        over.set(true);
        Optional<HostException.LogFolderUnusable> unread = Optional.empty();
        for (Begun begun : looks) {
            Optional<IOException> why = whyUnread(begun, inTime);
            if (unread.isEmpty()) {
                unread = why.map(it -> new HostException.LogFolderUnusable(begun.path(), it));
            }
        }
        return unread;
    }

    private CompletableFuture<?> begin(Look look, LogFolder folder) {
        return hung.contains(folder)
                ? CompletableFuture.failedFuture(silence())
                : last.compute(
                        folder,
                        (_, before) ->
                                before == null || before.isDone()
                                        ? start(look, folder)
                                        : before.handle((_, _) -> true)
                                                .thenCompose(_ -> start(look, folder)));
    }

    private CompletableFuture<Boolean> start(Look look, LogFolder folder) {
        try {
            return threads.beside(() -> {
                try {
                    look.at(folder);
                    return true;
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (RejectedExecutionException | OutOfMemoryError e) { // there may be no thread
            return CompletableFuture.failedFuture(new IOException(e));
        }
    }

    private void await(CompletableFuture<?> looks) {
        try {
            var _ = FileThreads.found(looks, limit);
        } catch (IOException e) {
            // each says for itself what became of it
        }
    }

    private Optional<IOException> whyUnread(Begun look, boolean inTime) {
        if (!look.end().isDone()) {
            if (!inTime) {
                hung.add(look.folder());
                var _ = look.end().whenComplete((_, _) -> hung.remove(look.folder())); // or at once
            }
            return Optional.of(silence());
        }
        return look.end().isCompletedExceptionally()
                ? Optional.of(causeOf(look.end().exceptionNow()))
                : Optional.empty();
    }

    private static IOException causeOf(Throwable failure) {
        if (failure instanceof IOException known) {
            return known;
        }
        Throwable cause = failure.getCause();
        return cause instanceof IOException known ? known : new IOException(failure);
    }

    private static IOException silence() {
        return new IOException("the file system does not answer");
    }
}

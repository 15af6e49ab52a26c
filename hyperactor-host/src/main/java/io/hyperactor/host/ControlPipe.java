package io.hyperactor.host;

import org.jspecify.annotations.Nullable;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/// The child's end of the pipe that its host holds for as long as it lives. The first line on it is
/// for the child alone, later ones are handed to whoever asked for them with [#onLine(Consumer)],
/// and its end means that the host is gone.
///
/// When it ends the child halts at once with status [#HOST_GONE]: no shutdown hook may keep an
/// orphan alive. [#onEnd(Runnable)] puts something else in that place.
///
/// **Threads:** any; a daemon thread reads.
final class ControlPipe {
    /// The environment variable that says which descriptor the pipe is.
    static final String VARIABLE = "HYPERACTOR_CONTROL_FD";

    /// Status of a child that halted because its host was gone.
    static final int HOST_GONE = 69;

    /// How many later lines are kept for [#onLine(Consumer)]; those beyond are dropped.
    static final int EARLY_LINES_MAX = 64;

    private final InputStream pipe;
    private final CompletableFuture<String> firstLine = new CompletableFuture<>();
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private final AtomicReference<Runnable> atEnd =
            new AtomicReference<>(() -> Runtime.getRuntime().halt(HOST_GONE));

    private final ReentrantLock handing = new ReentrantLock(); // one later line at a time
    private final Queue<String> early = new ArrayDeque<>(); // guarded by handing
    private @Nullable Consumer<String> later; // guarded by handing

    private ControlPipe(InputStream pipe) {
        this.pipe = pipe;
    }

    /// The pipe this process was given by the launcher that started it, empty if there was none.
    /// Call it once, at the start of `main`.
    ///
    /// @throws IllegalStateException if there should be one and it cannot be opened
    static Optional<ControlPipe> inherited() {
        return inherited(System.getenv());
    }

    static Optional<ControlPipe> inherited(Map<String, String> environment) {
        String descriptor = environment.getOrDefault(VARIABLE, "");
        return switch (descriptor) {
            case "" -> Optional.empty();
            case "0" -> Optional.of(reading(System.in));
            case "3" -> Optional.of(reading(open("/dev/fd/3")));
            default ->
                    throw new IllegalStateException(
                            VARIABLE + " is neither 0 nor 3 but " + descriptor);
        };
    }

    /// The first line of [#inherited()], empty if there is no pipe. Waits for it.
    ///
    /// @throws IllegalStateException as [#inherited()] and [#firstLine()] do
    static String inheritedLine() {
        return inherited().map(ControlPipe::firstLine).orElse("");
    }

    /// A control pipe over any stream.
    static ControlPipe reading(InputStream stream) {
        var control = new ControlPipe(stream);
        Thread.ofPlatform().daemon().name("hyperactor-control").start(control::read);
        return control;
    }

    /// The first line, for example a one-time token. Waits for it.
    ///
    /// @throws IllegalStateException if the pipe ended before it, or the line is longer than 4 KiB
    String firstLine() {
        try {
            return firstLine.join();
        } catch (CompletionException e) {
            throw new IllegalStateException(
                    "no first line on the control pipe: " + cause(e).getMessage(), cause(e));
        }
    }

    /// Replaces what happens at the end of the pipe. If it has ended already `action` runs at once,
    /// on this thread, else later, on a daemon thread.
    void onEnd(Runnable action) {
        atEnd.set(action);
        if (end.isDone()) {
            runOnce();
        }
    }

    /// Hands the lines after the first to `action`, in their order and one at a time: those that
    /// have come already on this thread, before this returns, the others on the thread that reads.
    /// What it throws is ignored. Whatever takes time belongs elsewhere: meanwhile the end of the
    /// pipe is not noticed.
    ///
    /// @throws IllegalStateException the second time
    void onLine(Consumer<String> action) {
        handing.lock();
        try {
            if (later != null) {
                throw new IllegalStateException("somebody gets the lines already");
            }
            later = action;
            for (String line : early) {
                hand(line, action);
            }
            early.clear();
        } finally {
            handing.unlock();
        }
    }

    private void read() {
        try {
            firstLine.complete(readLine());
            while (true) {
                hand(readLine());
            }
        } catch (IOException e) {
            firstLine.completeExceptionally(e); // a broken pipe is as much an end as any
        }
        end.complete(null);
        runOnce();
    }

    private void hand(String line) {
        handing.lock();
        try {
            if (later != null) {
                hand(line, later);
            } else if (early.size() < EARLY_LINES_MAX) {
                early.add(line);
            }
        } finally {
            handing.unlock();
        }
    }

    private static void hand(String line, Consumer<String> action) {
        try {
            action.accept(line);
        } catch (RuntimeException e) {
            // Its own business: the next line comes all the same, and so does the end.
        }
    }

    /// Takes the action out, so that two threads never both run it.
    private void runOnce() {
        atEnd.getAndSet(() -> {}).run();
    }

    private String readLine() throws IOException {
        var line = new ByteArrayOutputStream();
        for (int next = pipe.read(); next != '\n'; next = pipe.read()) {
            if (next < 0) {
                throw new IOException("the host is gone");
            }
            if (line.size() == ControlLine.MAX_BYTES) {
                throw new IOException("it is longer than " + ControlLine.MAX_BYTES + " bytes");
            }
            line.write(next);
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    private static InputStream open(String path) {
        try {
            return new BufferedInputStream(new FileInputStream(path));
        } catch (IOException e) {
            throw new IllegalStateException(
                    VARIABLE + " is set, but " + path + " cannot be opened", e);
        }
    }

    private static Throwable cause(CompletionException e) {
        Throwable cause = e.getCause();
        return cause == null ? e : cause;
    }
}

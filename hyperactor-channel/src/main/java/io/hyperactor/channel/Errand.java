package io.hyperactor.channel;

import org.jspecify.annotations.Nullable;

import java.io.IOException;

/// Does for one handler what would keep the loop from everybody else, one thing at a time, on a
/// thread of its own.
///
/// **Threads:** the loop's.
final class Errand {
    /// What takes long.
    interface Work {
        /// Does it. What it leaves behind is the loop's when it is done.
        void run() throws Exception;
    }

    private final EventLoop loop;
    private final EventLoop.Handler handler;
    private boolean running;
    private @Nullable Throwable failure;

    /// @param handler is called, ready for no operation, when something is done
    Errand(EventLoop loop, EventLoop.Handler handler) {
        this.loop = loop;
        this.handler = handler;
    }

    void begin(Work work) {
        running = true;
        Thread.ofVirtual().name("hyperactor-errand").start(() -> run(work));
    }

    private void run(Work work) {
        Throwable thrown;
        try {
            work.run();
            thrown = null;
        } catch (Throwable t) {
            thrown = t;
        }
        Throwable result = thrown;
        loop.execute(() -> done(result));
    }

    private void done(@Nullable Throwable thrown) {
        running = false;
        failure = thrown;
        loop.call(handler, 0);
    }

    boolean isRunning() {
        return running;
    }

    /// Fails, once, if the last thing failed.
    void check() throws IOException {
        Throwable thrown = failure;
        failure = null;
        if (thrown != null) {
            throw thrown instanceof IOException e ? e : new IOException(thrown);
        }
    }
}

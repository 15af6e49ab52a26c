package io.hyperactor.cli;

import java.util.concurrent.CompletableFuture;

/// A proc that counts words, seen from whoever gives it the work.
///
/// **Threads:** any.
interface CountingProc {
    /// Launches procs. Closing ends all that are left.
    interface Launcher extends AutoCloseable {
        /// Launches a proc and waits until it can count.
        ///
        /// @throws CliException.Failed if it does not come up
        CountingProc launch(String name) throws InterruptedException;

        @Override
        void close();
    }

    /// The id of its process.
    long pid();

    /// Sends a chunk. Completes with the number of words, or exceptionally when no answer can come
    /// any more.
    CompletableFuture<Long> count(Chunk chunk);

    /// Completes with how the process ended, on one line; never exceptionally.
    CompletableFuture<String> ended();

    /// Sends the process a signal 9, as anybody on the machine might. Returns at once.
    void killFromOutside();

    /// Kills the process and waits for its end.
    void kill() throws InterruptedException;

    /// Lets the process finish and waits for its end.
    ///
    /// @return how it ended, on one line
    String stop() throws InterruptedException;
}

package io.hyperactor.bench.process;

import java.io.IOException;

/// Starts processes.
interface Children extends AutoCloseable {
    /// A child that is ready.
    interface Child {
        /// The id of its process.
        long pid();

        /// Asks it something and waits for the answer.
        void ask() throws IOException, InterruptedException;

        /// Tells it to end and waits until it is gone.
        void stop() throws IOException, InterruptedException;

        /// Waits until its watcher has noticed its end.
        void awaitExit() throws InterruptedException;

        /// Sends SIGKILL.
        default void kill() {
            ProcessHandle.of(pid()).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    /// Waits until the next can be started as it is meant to be.
    default void prepare() throws InterruptedException {}

    /// Returns when the child has said that it is ready.
    Child start() throws IOException, InterruptedException;

    @Override
    void close();
}

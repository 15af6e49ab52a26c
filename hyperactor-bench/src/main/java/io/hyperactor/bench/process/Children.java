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

        /// Waits until its process is gone.
        void awaitExit() throws InterruptedException;

        /// Makes sure that its end will be noticed, if that has to be asked for.
        default void watch() throws InterruptedException {}

        /// Waits until its watcher has noticed its end.
        default void awaitNoticed() throws InterruptedException {
            awaitExit();
        }

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

package io.hyperactor.channel;

/// Something of a [Channels] that takes its time to close, so that many can do it at once.
interface Closing {
    /// Begins to close, if that has not begun. Any thread; does not wait.
    void beginClose();

    /// Waits until it is closed, for at most `nanos`; not at all where waiting would keep it from
    /// closing.
    void awaitClosed(long nanos) throws InterruptedException;

    /// Closes at once, without its peers. On the loop, which is about to end.
    void abandon();

    /// Begins to close and waits; an interrupt ends the waiting only.
    default void closeWithin(long nanos) {
        beginClose();
        try {
            awaitClosed(nanos);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

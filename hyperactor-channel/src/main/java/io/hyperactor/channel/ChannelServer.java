package io.hyperactor.channel;

import io.hyperactor.wire.ChannelAddress;

/// A served address. It outlives its links: no peer's end ever ends it.
public interface ChannelServer extends AutoCloseable {
    /// The address to dial: the served one, with what the server picked filled in.
    ChannelAddress address();

    /// Ends the sessions of whoever has shown `secret`, because it means nothing any more. What has
    /// arrived by now is taken first; who then still holds a connection hears
    /// [RejectCode#FORBIDDEN]. Whoever shows it later is for the [Admission] to judge.
    ///
    /// **Threads:** any; waits for nothing.
    void dismiss(Secret secret);

    /// Stops accepting, acknowledges what was accepted, tells every peer that the server is closed,
    /// and removes the socket file if it is still this server's own.
    ///
    /// Returns when that is done or after twice [ChannelConfig#closeWait()]; on the event loop's
    /// thread it returns at once and the rest follows. May be called again.
    @Override
    void close();
}

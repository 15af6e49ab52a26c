package io.hyperactor.channel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Set;

/// A connected socket, and what is between it and the bytes of the protocol.
///
/// Nothing here blocks. Where something takes long it is done elsewhere, and the handler that the
/// connection was made for is called with [EventLoop.Handler#ready] and no operation when it is
/// done.
///
/// Nor does anything here go on for as long as the peer likes: what is left of much has its turn
/// after others.
///
/// **Threads:** the loop's; but see [#writesAnywhere].
interface Connection {
    /// For registration with the selector only.
    SocketChannel socket();

    /// What to wait for, when the protocol waits for `wanted`.
    int ops(int wanted);

    /// Goes on until both ends know each other. To be called again whenever something is ready;
    /// when it stops only for others to have their turn, it sees to that itself.
    ///
    /// @return whether it is done, and bytes may be read and written
    /// @throws IOException if it will never be; what the peer is to hear of it is said in [#close]
    boolean establish() throws IOException;

    /// The names that the peer has proved to have; empty where names are not proved.
    Set<String> peerNames();

    /// May any thread call [#write] and [#flush], one at a time?
    boolean writesAnywhere();

    /// Reads what there is, as much as `target` has room for, or less: see [#hasInput].
    ///
    /// @return how much that was, 0 for nothing yet, -1 at the end
    int read(ByteBuffer target) throws IOException;

    /// Is there something to be read of which the selector knows nothing?
    boolean hasInput();

    /// Reads and drops.
    ///
    /// @param scratch overwritten
    /// @return as [#read]
    int drop(ByteBuffer scratch) throws IOException;

    /// Takes what it can of some buffers, in order.
    ///
    /// @return how much that was. Part of it may wait in here: see [#flush]
    long write(ByteBuffer[] views, int from, int count) throws IOException;

    /// Sends what was taken.
    ///
    /// @return whether nothing waits any more
    boolean flush() throws IOException;

    /// Says that nothing more follows, after what was taken.
    void shutdownOutput() throws IOException;

    /// Closes the socket. May be called again.
    void close();
}

package io.hyperactor.channel;

import io.hyperactor.wire.ChannelAddress;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// The sending end of one link: frames arrive in the order they were offered in, each at most once.
///
/// It connects on the first frame. When it ends, for whatever reason, every frame that was not
/// acknowledged is handed to [TxListener#ended].
///
/// **Threads:** any, all methods.
public interface Tx extends AutoCloseable {
    /// The address that was dialled.
    ChannelAddress address();

    /// Takes a frame, or nothing. Never blocks.
    ///
    /// @return false if the window of unacknowledged frames is full: nothing was taken, and
    ///   [TxListener#roomAgain] follows
    /// @throws ChannelException.Closed if the link has ended or is closing
    /// @throws ChannelException.FrameTooLarge if the body exceeds the limit; only this frame fails
    boolean offer(FrameBody body);

    /// Like [#offer(FrameBody)], but waits up to `waitNanos` for room. On the event loop's thread
    /// it does not wait.
    ///
    /// An interrupt ends the waiting: the answer is then false and the thread's interrupt flag
    /// stays set.
    boolean offer(FrameBody body, long waitNanos);

    /// Like [#offer(FrameBody)], for what has come over another link: the window is twice as large
    /// for it. Who sent it can be asked to send no more, but what is on its way by then, at most a
    /// window's worth from each, comes all the same. If nothing was taken no [TxListener#roomAgain]
    /// follows.
    boolean passOn(FrameBody body);

    /// Whether more than a quarter of the window is taken by unacknowledged frames: time to ask who
    /// sends to hold back, before there is no room. Roughly, for others may offer meanwhile.
    boolean isCrowded();

    /// Whether less than an eighth of the window is taken, or the link has ended.
    boolean isRoomy();

    /// Whether its server has ever answered. Over a `local:` link it always has.
    boolean isAnswered();

    /// The life of the server's process, as it says: a random number, the same as long as this link
    /// lasts. 0 until it has answered.
    long incarnation();

    /// Whether everything offered so far is acknowledged, so that a [#close] ends it at once.
    boolean isIdle();

    /// Completes when everything offered before the call is acknowledged: accepted by the receiver
    /// at the other end. Completes with [ChannelException.Closed] if the link ends first. It has no
    /// time limit of its own. The future completes on the event loop's thread: what depends on it
    /// must not block.
    CompletableFuture<Void> flush();

    /// Why the link ended; empty while it has not.
    Optional<CloseReason> closed();

    /// Sends what was offered, waits for its acknowledgement, both at most
    /// [ChannelConfig#closeWait()], then ends the link. Blocks for twice that at most, on the event
    /// loop's thread not at all. Later offers throw [ChannelException.Closed]. A second call only
    /// waits.
    @Override
    void close();

    /// Ends the link at once, whatever is not acknowledged. Never blocks.
    void abort();
}

/// Links between addresses.
///
/// [Channels] serves and dials. A [Tx] takes frames and sends them, a [FrameReceiver] is handed
/// those that arrive. When a link ends, [TxListener] hears of every frame that was not
/// acknowledged, and whether it may have arrived.
///
/// For whoever works on it: a frame is encoded into a `Chunk`, by a `FrameWriter` of a
/// `SenderSession`; it is written from there by whoever has the `WriteTurn`, the sender or the
/// `EventLoop`; it is cut out of what an `InboundLink` has read by a `FrameSplitter`, for the
/// `InboundFrames`, whose `ReceiverSession` decides what to acknowledge; and the acknowledgement
/// frees the chunk. The bytes are described at `Protocol`.
package io.hyperactor.channel;

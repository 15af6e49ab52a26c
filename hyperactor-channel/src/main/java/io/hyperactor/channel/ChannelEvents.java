package io.hyperactor.channel;

/// Hears every [ChannelEvent]. This module logs nothing itself.
///
/// **Threads:** any, the event loop's among them: must not block. What it throws is dropped. A
/// hostile peer can cause many events: whoever writes them somewhere limits their rate, as with a
/// [LineLimit].
@FunctionalInterface
public interface ChannelEvents {
    /// Called once for each event.
    void happened(ChannelEvent event);
}

package io.hyperactor.channel;

import java.nio.file.Path;
import java.time.Duration;

/// The limits of [Channels]. [#standard()] has the defaults; the `with` methods change one each.
///
/// @param frameMaxBytes longest body of a frame, sent or received; 16 MiB
/// @param windowBytes how much one [Tx] may hold unacknowledged; 16 MiB. One frame alone may exceed
///   it.
/// @param windowFrames how many frames one [Tx] may hold unacknowledged; 65,536
/// @param dialWindow how long connecting is tried; 30 s. Zero is one attempt.
/// @param ackTimeout how long a connected link with frames outstanding may make no progress; 30 s
/// @param helloTimeout how long an accepted connection may take to say hello; 2 s
/// @param silentConnectionsMax how many accepted connections of one server may not yet have said
///   hello; 64
/// @param closeWait how long closing a [Tx], a [ChannelServer] or [Channels] waits for its peers; 1
///   s
/// @param runtimeDirectory where servers of `unix:` without a path put their socket; created
///   private to the user
/// @param events hears what is worth counting
public record ChannelConfig(
        int frameMaxBytes,
        int windowBytes,
        int windowFrames,
        Duration dialWindow,
        Duration ackTimeout,
        Duration helloTimeout,
        int silentConnectionsMax,
        Duration closeWait,
        Path runtimeDirectory,
        ChannelEvents events) {

    /// Checks that no limit is zero or negative; [#dialWindow] may be zero.
    public ChannelConfig {
        positive(frameMaxBytes, "frameMaxBytes");
        if (frameMaxBytes > Protocol.FRAME_BODY_MAX) {
            throw new IllegalArgumentException(
                    "frameMaxBytes exceeds " + Protocol.FRAME_BODY_MAX + ": " + frameMaxBytes);
        }
        positive(windowBytes, "windowBytes");
        positive(windowFrames, "windowFrames");
        positive(silentConnectionsMax, "silentConnectionsMax");
        positive(ackTimeout.toNanos(), "ackTimeout");
        positive(helloTimeout.toNanos(), "helloTimeout");
        positive(closeWait.toNanos(), "closeWait");
        if (dialWindow.isNegative()) {
            throw new IllegalArgumentException("dialWindow is negative: " + dialWindow);
        }
    }

    private static void positive(long value, String name) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + " is not positive: " + value);
        }
    }

    /// The defaults.
    public static ChannelConfig standard() {
        return new ChannelConfig(
                16 << 20,
                16 << 20,
                65_536,
                Duration.ofSeconds(30),
                Duration.ofSeconds(30),
                Duration.ofSeconds(2),
                64,
                Duration.ofSeconds(1),
                RuntimeDirectory.standard(),
                event -> {});
    }

    /// Changes the longest body of a frame.
    public ChannelConfig withFrameMaxBytes(int bytes) {
        return new ChannelConfig(
                bytes,
                windowBytes,
                windowFrames,
                dialWindow,
                ackTimeout,
                helloTimeout,
                silentConnectionsMax,
                closeWait,
                runtimeDirectory,
                events);
    }

    /// Changes how much a [Tx] may hold unacknowledged.
    public ChannelConfig withWindow(int bytes, int frames) {
        return new ChannelConfig(
                frameMaxBytes,
                bytes,
                frames,
                dialWindow,
                ackTimeout,
                helloTimeout,
                silentConnectionsMax,
                closeWait,
                runtimeDirectory,
                events);
    }

    /// Changes how long connecting is tried.
    public ChannelConfig withDialWindow(Duration window) {
        return new ChannelConfig(
                frameMaxBytes,
                windowBytes,
                windowFrames,
                window,
                ackTimeout,
                helloTimeout,
                silentConnectionsMax,
                closeWait,
                runtimeDirectory,
                events);
    }

    /// Changes how long a link may make no progress.
    public ChannelConfig withAckTimeout(Duration timeout) {
        return new ChannelConfig(
                frameMaxBytes,
                windowBytes,
                windowFrames,
                dialWindow,
                timeout,
                helloTimeout,
                silentConnectionsMax,
                closeWait,
                runtimeDirectory,
                events);
    }

    /// Changes how long, and how many, connections may be silent.
    public ChannelConfig withSilentConnections(Duration timeout, int max) {
        return new ChannelConfig(
                frameMaxBytes,
                windowBytes,
                windowFrames,
                dialWindow,
                ackTimeout,
                timeout,
                max,
                closeWait,
                runtimeDirectory,
                events);
    }

    /// Changes how long closing waits for peers.
    public ChannelConfig withCloseWait(Duration wait) {
        return new ChannelConfig(
                frameMaxBytes,
                windowBytes,
                windowFrames,
                dialWindow,
                ackTimeout,
                helloTimeout,
                silentConnectionsMax,
                wait,
                runtimeDirectory,
                events);
    }

    /// Changes where sockets without a path of their own are put.
    public ChannelConfig withRuntimeDirectory(Path directory) {
        return new ChannelConfig(
                frameMaxBytes,
                windowBytes,
                windowFrames,
                dialWindow,
                ackTimeout,
                helloTimeout,
                silentConnectionsMax,
                closeWait,
                directory,
                events);
    }

    /// Changes who hears the events.
    public ChannelConfig withEvents(ChannelEvents listener) {
        return new ChannelConfig(
                frameMaxBytes,
                windowBytes,
                windowFrames,
                dialWindow,
                ackTimeout,
                helloTimeout,
                silentConnectionsMax,
                closeWait,
                runtimeDirectory,
                listener);
    }
}

package io.hyperactor.channel;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// The limits of [Channels]. [#standard()] has the defaults; the `with` methods change one each.
///
/// @param frameMaxBytes longest body of a frame, sent or received; 16 MiB
/// @param windowBytes how much one [Tx] may hold unacknowledged; 16 MiB. One frame alone may exceed
///   it.
/// @param windowFrames how many frames one [Tx] may hold unacknowledged; 65,536
/// @param linksMaxBytes how much all [Tx] of one [Channels] may hold unacknowledged, beyond 64 KiB
///   of each; a quarter of the heap. One frame alone of a [Tx] may exceed it
/// @param arrivingMaxBytes how much the links to all servers of one [Channels] may hold of frames
///   that have not wholly arrived, as the memory that it takes, beyond 64 KiB of each; a quarter of
///   the heap. Beyond it the frame of the link that holds the most is refused, with
///   [RejectCode#NO_ROOM]; one frame alone may exceed it
/// @param dialWindow how long connecting is tried; 30 s. Zero is one attempt.
/// @param ackTimeout how long a connected link with frames outstanding may make no progress; 30 s.
///   An acknowledgement is progress, and so are bytes of a frame that go out for the first time
///   while the peer is heard, or that the peer says are arriving: so a link may be slow
/// @param helloTimeout how long an accepted connection may take to say hello; 2 s
/// @param silentConnectionsMax how many accepted connections of one server may not yet have said
///   hello, or have been turned away and not hung up; 64
/// @param sessions how sessions outlive connections
/// @param closeWait how long closing a [Tx], a [ChannelServer] or [Channels] waits for its peers; 1
///   s
/// @param runtimeDirectory where servers of `unix:` without a path put their socket; created
///   private to the user
/// @param insecure whether plain TCP is served and dialled without knowing who is at the other end
/// @param tls who this process is over TLS, and whom it believes; without it there is no TLS
/// @param events hears what an operator may want to know
public record ChannelConfig(
        int frameMaxBytes,
        int windowBytes,
        int windowFrames,
        long linksMaxBytes,
        long arrivingMaxBytes,
        Duration dialWindow,
        Duration ackTimeout,
        Duration helloTimeout,
        int silentConnectionsMax,
        SessionConfig sessions,
        Duration closeWait,
        Path runtimeDirectory,
        boolean insecure,
        Optional<TlsIdentity> tls,
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
        positive(linksMaxBytes, "linksMaxBytes");
        positive(arrivingMaxBytes, "arrivingMaxBytes");
        positive(silentConnectionsMax, "silentConnectionsMax");
        positive(ackTimeout.toNanos(), "ackTimeout");
        positive(helloTimeout.toNanos(), "helloTimeout");
        positive(closeWait.toNanos(), "closeWait");
        if (dialWindow.isNegative()) {
            throw new IllegalArgumentException("dialWindow is negative: " + dialWindow);
        }
    }

    static void positive(long value, String name) {
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
                Runtime.getRuntime().maxMemory() / 4,
                Runtime.getRuntime().maxMemory() / 4,
                Duration.ofSeconds(30),
                Duration.ofSeconds(30),
                Duration.ofSeconds(2),
                64,
                SessionConfig.standard(),
                Duration.ofSeconds(1),
                RuntimeDirectory.standard(),
                false,
                Optional.empty(),
                event -> {});
    }

    /// Changes the longest body of a frame.
    public ChannelConfig withFrameMaxBytes(int bytes) {
        Draft draft = new Draft(this);
        draft.frameMaxBytes = bytes;
        return draft.config();
    }

    /// Changes how much a [Tx] may hold unacknowledged.
    public ChannelConfig withWindow(int bytes, int frames) {
        Draft draft = new Draft(this);
        draft.windowBytes = bytes;
        draft.windowFrames = frames;
        return draft.config();
    }

    /// Changes how much all [Tx] together may hold unacknowledged.
    public ChannelConfig withLinksMaxBytes(long bytes) {
        Draft draft = new Draft(this);
        draft.linksMaxBytes = bytes;
        return draft.config();
    }

    /// Changes how much all links to servers together may hold of frames that have not wholly
    /// arrived.
    public ChannelConfig withArrivingMaxBytes(long bytes) {
        Draft draft = new Draft(this);
        draft.arrivingMaxBytes = bytes;
        return draft.config();
    }

    /// Changes how long connecting is tried.
    public ChannelConfig withDialWindow(Duration window) {
        Draft draft = new Draft(this);
        draft.dialWindow = window;
        return draft.config();
    }

    /// Changes how long a link may make no progress.
    public ChannelConfig withAckTimeout(Duration timeout) {
        Draft draft = new Draft(this);
        draft.ackTimeout = timeout;
        return draft.config();
    }

    /// Changes how long, and how many, connections may be silent.
    public ChannelConfig withSilentConnections(Duration timeout, int max) {
        Draft draft = new Draft(this);
        draft.helloTimeout = timeout;
        draft.silentConnectionsMax = max;
        return draft.config();
    }

    /// Changes how sessions outlive connections.
    public ChannelConfig withSessions(SessionConfig limits) {
        Draft draft = new Draft(this);
        draft.sessions = limits;
        return draft.config();
    }

    /// Changes how long closing waits for peers.
    public ChannelConfig withCloseWait(Duration wait) {
        Draft draft = new Draft(this);
        draft.closeWait = wait;
        return draft.config();
    }

    /// Changes where sockets without a path of their own are put.
    public ChannelConfig withRuntimeDirectory(Path directory) {
        Draft draft = new Draft(this);
        draft.runtimeDirectory = directory;
        return draft.config();
    }

    /// Changes whether plain TCP is served and dialled without knowing who is at the other end.
    /// Without it, plain TCP stays on the loopback addresses and among processes of one user.
    public ChannelConfig withInsecure(boolean allowed) {
        Draft draft = new Draft(this);
        draft.insecure = allowed;
        return draft.config();
    }

    /// Changes who this process is over TLS, and whom it believes.
    public ChannelConfig withTls(TlsIdentity identity) {
        Draft draft = new Draft(this);
        draft.tls = Optional.of(identity);
        return draft.config();
    }

    /// Changes who hears the events.
    public ChannelConfig withEvents(ChannelEvents listener) {
        Draft draft = new Draft(this);
        draft.events = listener;
        return draft.config();
    }

    /// One that can be changed.
    private static final class Draft {
        private int frameMaxBytes;
        private int windowBytes;
        private int windowFrames;
        private long linksMaxBytes;
        private long arrivingMaxBytes;
        private Duration dialWindow;
        private Duration ackTimeout;
        private Duration helloTimeout;
        private int silentConnectionsMax;
        private SessionConfig sessions;
        private Duration closeWait;
        private Path runtimeDirectory;
        private boolean insecure;
        private Optional<TlsIdentity> tls;
        private ChannelEvents events;

        Draft(ChannelConfig from) {
            frameMaxBytes = from.frameMaxBytes;
            windowBytes = from.windowBytes;
            windowFrames = from.windowFrames;
            linksMaxBytes = from.linksMaxBytes;
            arrivingMaxBytes = from.arrivingMaxBytes;
            dialWindow = from.dialWindow;
            ackTimeout = from.ackTimeout;
            helloTimeout = from.helloTimeout;
            silentConnectionsMax = from.silentConnectionsMax;
            sessions = from.sessions;
            closeWait = from.closeWait;
            runtimeDirectory = from.runtimeDirectory;
            insecure = from.insecure;
            tls = from.tls;
            events = from.events;
        }

        ChannelConfig config() {
            return new ChannelConfig(
                    frameMaxBytes,
                    windowBytes,
                    windowFrames,
                    linksMaxBytes,
                    arrivingMaxBytes,
                    dialWindow,
                    ackTimeout,
                    helloTimeout,
                    silentConnectionsMax,
                    sessions,
                    closeWait,
                    runtimeDirectory,
                    insecure,
                    tls,
                    events);
        }
    }
}

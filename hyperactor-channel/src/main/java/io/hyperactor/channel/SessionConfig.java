package io.hyperactor.channel;

import java.time.Duration;

/// How sessions outlive their connections, and how many there may be. [#standard()] has the
/// defaults.
///
/// @param heartbeat neither end of a link is silent for longer; 1 s
/// @param suspicion an end that was silent for that long is suspected, and another connection is
///   tried; 5 s. Also how long one attempt to connect may take.
/// @param keep how long a server keeps a session that has no connection; 60 s
/// @param perPeerMax how many sessions a server has with one peer: with whoever has shown one
///   secret, or one certificate's names, else with one process, and with all that do not say which
///   they are; 256
/// @param totalMax how many it has in all; 4096
public record SessionConfig(
        Duration heartbeat, Duration suspicion, Duration keep, int perPeerMax, int totalMax) {

    /// Checks that no limit is zero or negative, and that a heartbeat comes before suspicion.
    public SessionConfig {
        ChannelConfig.positive(heartbeat.toMillis(), "heartbeat in milliseconds");
        ChannelConfig.positive(keep.toNanos(), "keep");
        ChannelConfig.positive(perPeerMax, "perPeerMax");
        ChannelConfig.positive(totalMax, "totalMax");
        if (suspicion.compareTo(heartbeat) <= 0) {
            throw new IllegalArgumentException(
                    "suspicion " + suspicion + " does not exceed heartbeat " + heartbeat);
        }
    }

    /// The defaults.
    public static SessionConfig standard() {
        return new SessionConfig(
                Duration.ofSeconds(1), Duration.ofSeconds(5), Duration.ofSeconds(60), 256, 4096);
    }
}

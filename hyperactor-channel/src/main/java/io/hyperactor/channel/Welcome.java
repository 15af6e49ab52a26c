package io.hyperactor.channel;

import java.nio.ByteBuffer;

/// A server's answer to a good hello.
///
/// @param features bits of [Feature] that this link has
/// @param bodyMax the longest frame body that the server takes
/// @param incarnation the life of the server's process
/// @param resumed whether this is the session that the ticket was for, or a new one
/// @param upTo the last frame that the server has had; not an acknowledgement, for frames that were
///   refused are told after it
/// @param ticket resumes the session the next time
/// @param heartbeatMillis the server is never silent for longer than that
record Welcome(
        int features,
        int bodyMax,
        long incarnation,
        boolean resumed,
        long upTo,
        Secret ticket,
        int heartbeatMillis) {
    private static final int PLAIN = 1 + 4 + 4;
    private static final int FULL = PLAIN + 8 + 1 + 8 + Secret.BYTES + 4;

    /// With its length and kind.
    static final int BYTES_MAX = Protocol.LENGTH_BYTES + 1 + FULL;

    /// An answer to a hello without features.
    static Welcome plain(int bodyMax) {
        return new Welcome(0, bodyMax, 0, false, 0, Secret.NONE, 0);
    }

    boolean has(int feature) {
        return (features & feature) != 0;
    }

    void put(ByteBuffer out) {
        out.putInt(1 + (features == 0 ? PLAIN : FULL))
                .put(Protocol.ACCEPT)
                .put((byte) Protocol.VERSION)
                .putInt(features)
                .putInt(bodyMax);
        if (features != 0) {
            out.putLong(incarnation)
                    .put((byte) (resumed ? 1 : 0))
                    .putLong(upTo)
                    .putLong(ticket.high())
                    .putLong(ticket.low())
                    .putInt(heartbeatMillis);
        }
    }

    /// Reads what follows the kind; null if it makes no sense.
    static @org.jspecify.annotations.Nullable Welcome decode(byte[] bytes, int at, int length) {
        if (length < PLAIN || bytes[at] != Protocol.VERSION || Protocol.int32(bytes, at + 5) < 1) {
            return null;
        }
        int features = Protocol.int32(bytes, at + 1);
        int bodyMax = Protocol.int32(bytes, at + 5);
        if (features == 0) {
            return plain(bodyMax);
        }
        int more = at + PLAIN;
        if (length < FULL || (bytes[more + 8] & ~1) != 0) {
            return null;
        }
        return new Welcome(
                features,
                bodyMax,
                Protocol.int64(bytes, more),
                bytes[more + 8] == 1,
                Protocol.int64(bytes, more + 9),
                new Secret(Protocol.int64(bytes, more + 17), Protocol.int64(bytes, more + 25)),
                Protocol.int32(bytes, more + 33));
    }
}

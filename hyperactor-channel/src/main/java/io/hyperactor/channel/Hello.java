package io.hyperactor.channel;

import java.nio.ByteBuffer;

/// What a dialler says of itself, once per connection.
///
/// The first part, up to the secret, is all that a dialler without features needs. The second is
/// there when it speaks of any feature, and may be followed by more that a later version adds.
///
/// @param features bits of [Feature]
/// @param session the number of the session
/// @param bodyMax the longest frame body that it takes
/// @param windowBytes what it holds unacknowledged at most
/// @param windowFrames the same, in frames
/// @param secret tells the server's [Admission] who it is, or none
/// @param incarnation the life of the dialler's process
/// @param expects the life of the server's process that the session was begun with; 0 for any
/// @param ticket resumes the session, or none
/// @param acknowledged what it knows to be accepted
/// @param heartbeatMillis it is never silent for longer than that
record Hello(
        int features,
        long session,
        int bodyMax,
        int windowBytes,
        int windowFrames,
        Secret secret,
        long incarnation,
        long expects,
        Secret ticket,
        long acknowledged,
        int heartbeatMillis) {
    /// Magic, oldest version spoken, and length: the part that no later version may change.
    static final int PREFIX = 6;

    /// What follows the prefix at least.
    static final int PLAIN_REST = 24 + Secret.BYTES;

    private static final int FULL_REST = PLAIN_REST + 1 + 8 + 8 + Secret.BYTES + 8 + 4;

    static final int PLAIN_BYTES = PREFIX + PLAIN_REST;
    static final int FULL_BYTES = PREFIX + FULL_REST;

    /// A hello without any feature.
    static Hello plain(long session, int bodyMax, int windowBytes, int windowFrames) {
        return new Hello(
                0,
                session,
                bodyMax,
                windowBytes,
                windowFrames,
                Secret.NONE,
                0,
                0,
                Secret.NONE,
                0,
                0);
    }

    /// The same with a secret.
    Hello showing(Secret shown) {
        return new Hello(
                features,
                session,
                bodyMax,
                windowBytes,
                windowFrames,
                shown,
                incarnation,
                expects,
                ticket,
                acknowledged,
                heartbeatMillis);
    }

    boolean has(int feature) {
        return (features & feature) != 0;
    }

    ByteBuffer encode() {
        int rest = features == 0 ? PLAIN_REST : FULL_REST;
        ByteBuffer out =
                ByteBuffer.allocate(PREFIX + rest)
                        .putInt(Protocol.MAGIC)
                        .put((byte) Protocol.VERSION)
                        .put((byte) rest)
                        .putInt(features)
                        .putLong(session)
                        .putInt(bodyMax)
                        .putInt(windowBytes)
                        .putInt(windowFrames)
                        .putLong(secret.high())
                        .putLong(secret.low());
        if (rest == FULL_REST) {
            out.put((byte) Protocol.VERSION)
                    .putLong(incarnation)
                    .putLong(expects)
                    .putLong(ticket.high())
                    .putLong(ticket.low())
                    .putLong(acknowledged)
                    .putInt(heartbeatMillis);
        }
        return out.flip();
    }

    /// Reads the `rest` bytes that follow the prefix, at least [#PLAIN_REST].
    static Hello decode(byte[] bytes, int at, int rest) {
        boolean full = rest >= FULL_REST;
        int more = at + PLAIN_REST + 1; // behind the newest version spoken: there is but one
        return new Hello(
                full ? Protocol.int32(bytes, at) & Feature.ALL : 0,
                Protocol.int64(bytes, at + 4),
                Protocol.int32(bytes, at + 12),
                Protocol.int32(bytes, at + 16),
                Protocol.int32(bytes, at + 20),
                secret(bytes, at + 24),
                full ? Protocol.int64(bytes, more) : 0,
                full ? Protocol.int64(bytes, more + 8) : 0,
                full ? secret(bytes, more + 16) : Secret.NONE,
                full ? Protocol.int64(bytes, more + 32) : 0,
                full ? Protocol.int32(bytes, more + 40) : 0);
    }

    private static Secret secret(byte[] bytes, int at) {
        return new Secret(Protocol.int64(bytes, at), Protocol.int64(bytes, at + Long.BYTES));
    }
}

package io.hyperactor.channel;

import java.io.IOException;
import java.nio.ByteBuffer;

/// What a server says on one connection, as far as the socket has not taken it.
///
/// A peer that hung up may have left frames behind, so a failure of the socket ends nothing: then
/// nothing more is said.
///
/// **Threads:** the loop's.
final class AnswerBuffer {
    /// Room for an acknowledgement, a beat and a closed.
    private static final int SHORT_BYTES = 64;

    /// A peer that leaves more than that unread is hung up on.
    private static final int UNREAD_MAX = 64 * 1024;

    private final Connection connection;
    private ByteBuffer out = ByteBuffer.allocate(SHORT_BYTES).limit(0);
    private final ByteBuffer[] views = new ByteBuffer[1];
    private boolean broken;

    AnswerBuffer(Connection connection) {
        this.connection = connection;
    }

    boolean isEmpty() {
        return !out.hasRemaining();
    }

    /// Does it wait for the socket to have room?
    boolean waits() {
        return out.hasRemaining() && !broken;
    }

    /// Has the peer left so much unread that it does not listen?
    boolean isUnread() {
        return out.remaining() > UNREAD_MAX;
    }

    /// Adds an acknowledgement; only while it is empty.
    void acknowledge(long sequence) {
        out.clear();
        Protocol.putAck(out, sequence);
        out.flip();
    }

    /// Adds that there is nothing else to say; only while it is empty.
    void beat() {
        out.clear();
        Protocol.putBare(out, Protocol.BEAT_BACK);
        out.flip();
    }

    /// Adds these words behind what waits.
    void add(ByteBuffer... words) {
        int bytes = out.remaining();
        for (ByteBuffer word : words) {
            bytes += word.remaining();
        }
        ByteBuffer longer = ByteBuffer.allocate(Math.max(SHORT_BYTES, bytes)).put(out);
        for (ByteBuffer word : words) {
            longer.put(word);
        }
        out = longer.flip();
    }

    /// Sends what it can.
    ///
    /// @param last whether nothing more follows
    /// @return whether nothing waits any more
    boolean send(boolean last) {
        if (broken) {
            return true;
        }
        try {
            if (out.hasRemaining()) {
                views[0] = out;
                long _ = connection.write(views, 0, 1);
            }
            boolean sent = !out.hasRemaining() && connection.flush();
            if (sent && last) {
                connection.shutdownOutput();
            }
            return sent;
        } catch (IOException e) {
            broken = true;
            out.limit(0);
            return true;
        }
    }
}

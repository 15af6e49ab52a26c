package io.hyperactor.channel;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;

/// Reads what a server says on one connection of a [SocketTx].
///
/// **Threads:** the loop's.
final class AnswerReader implements Answers.Listener {
    private final SocketTx tx;
    private final Connection connection;
    private final EventLoop loop;
    private final FrameSplitter input;

    AnswerReader(SocketTx tx, Connection connection, ChannelContext context) {
        this.tx = tx;
        this.connection = connection;
        this.loop = context.loop();
        this.input =
                new FrameSplitter(
                        new Answers(this),
                        context.pool(),
                        ArrivingBytes.unbounded(), // answers are short
                        Protocol.ANSWER_MAX,
                        false);
    }

    /// Reads once, and passes on what that was.
    ///
    /// @return as [Connection#read]
    int read() throws IOException {
        ByteBuffer target = input.target(loop.readBuffer);
        int bytes = connection.read(target);
        if (bytes > 0) {
            tx.heard();
            boolean _ = input.received(target);
        }
        return bytes;
    }

    /// Passes nothing on any more.
    void end() {
        input.end();
    }

    @Override
    public void accepted(Welcome welcome) {
        tx.accepted(welcome);
    }

    @Override
    public @Nullable String acknowledged(long sequence) {
        return tx.acknowledged(sequence);
    }

    @Override
    public @Nullable String refused(long sequence, RejectCode code, String text) {
        return tx.refused(sequence, code, text);
    }

    @Override
    public void over(CloseReason reason) {
        tx.over(reason);
    }

    @Override
    public boolean listens() {
        return tx.listensTo(this);
    }
}

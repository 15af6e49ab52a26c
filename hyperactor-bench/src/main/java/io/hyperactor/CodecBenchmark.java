package io.hyperactor;

import io.hyperactor.wire.MessageType;
import io.hyperactor.wire.WireReader;
import io.hyperactor.wire.WireWriter;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/// A small record to bytes and back: by the codec that was derived from it, and by a method that
/// somebody wrote for it.
@State(Scope.Thread)
public class CodecBenchmark {
    private static final int BUFFER_BYTES = 256;

    /// A protocol, as users write them.
    public sealed interface Message {
        /// One of two.
        record Add(long amount, int times, String reason) implements Message {}

        /// The other one.
        record Forget(boolean all) implements Message {}
    }

    private final MessageType<Message> type = Protocols.of(Message.class);
    private final WireWriter out = new WireWriter(BUFFER_BYTES);
    private final Message.Add message = new Message.Add(1L << 40, 17, "because it is so");
    private final byte[] derived;
    private final byte[] manual;
    private final WireReader in = new WireReader(new byte[0]);

    /// Encodes once.
    public CodecBenchmark() {
        encode();
        derived = out.toByteArray();
        encodeByHand();
        manual = out.toByteArray();
    }

    /// By the derived codec.
    @Benchmark
    public final int encode() {
        out.position(0);
        type.write(out, message);
        return out.position();
    }

    /// By hand.
    @Benchmark
    public final int encodeByHand() {
        out.position(0);
        out.writeVarint(0);
        out.writeLong(message.amount());
        out.writeInt(message.times());
        out.writeString(message.reason());
        return out.position();
    }

    /// By the derived codec.
    @Benchmark
    public Message decode() {
        in.reset(derived, 0, derived.length);
        return type.readFully(in);
    }

    /// By hand.
    @Benchmark
    public Message decodeByHand() {
        in.reset(manual, 0, manual.length);
        if (in.readVarint() != 0) {
            throw in.malformed("tag");
        }
        Message decoded = new Message.Add(in.readLong(), in.readInt(), in.readString());
        in.requireEnd();
        return decoded;
    }
}

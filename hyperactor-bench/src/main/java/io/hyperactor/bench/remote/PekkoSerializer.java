package io.hyperactor.bench.remote;

import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.serialization.ByteBufferSerializer;
import org.apache.pekko.serialization.SerializerWithStringManifest;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Writes [PekkoTraffic] straight into the transport's buffer, as one would by hand who wants it
/// fast. Pekko makes it by its name in the configuration.
public final class PekkoSerializer extends SerializerWithStringManifest
        implements ByteBufferSerializer {
    private static final int IDENTIFIER = 917_001;
    private static final int SMALL_BYTES = 1 << 17;

    private final ActorRefResolver refs;

    /// Called by Pekko.
    public PekkoSerializer(ExtendedActorSystem system) {
        refs = ActorRefResolver.get(Adapter.toTyped(system));
    }

    @Override
    public int identifier() {
        return IDENTIFIER;
    }

    @Override
    public String manifest(Object message) {
        return switch ((PekkoTraffic) message) {
            case PekkoTraffic.Expect _ -> "E";
            case PekkoTraffic.Handled _ -> "H";
            case PekkoTraffic.Data _ -> "D";
            case PekkoTraffic.Request _ -> "Q";
            case PekkoTraffic.Reply _ -> "R";
        };
    }

    @Override
    public void toBinary(Object message, ByteBuffer out) {
        switch ((PekkoTraffic) message) {
            case PekkoTraffic.Expect(long messages, long reportEvery, var sender) -> {
                out.putLong(messages).putLong(reportEvery);
                putRef(out, sender);
            }
            case PekkoTraffic.Handled(long messages) -> out.putLong(messages);
            case PekkoTraffic.Data(long id, byte[] payload) -> out.putLong(id).put(payload);
            case PekkoTraffic.Request(long id, byte[] payload, var replyTo) -> {
                out.putLong(id);
                putRef(out, replyTo);
                out.put(payload);
            }
            case PekkoTraffic.Reply(long id, byte[] payload) -> out.putLong(id).put(payload);
        }
    }

    @Override
    public Object fromBinary(ByteBuffer in, String manifest) {
        long number = in.getLong();
        return switch (manifest) {
            case "E" -> new PekkoTraffic.Expect(number, in.getLong(), ref(in));
            case "H" -> new PekkoTraffic.Handled(number);
            case "D" -> new PekkoTraffic.Data(number, rest(in));
            case "Q" -> {
                ActorRef<PekkoTraffic> replyTo = ref(in);
                yield new PekkoTraffic.Request(number, rest(in), replyTo);
            }
            case "R" -> new PekkoTraffic.Reply(number, rest(in));
            default -> throw new IllegalArgumentException("unknown manifest " + manifest);
        };
    }

    private void putRef(ByteBuffer out, ActorRef<?> ref) {
        byte[] text = refs.toSerializationFormat(ref).getBytes(StandardCharsets.ISO_8859_1);
        out.putShort((short) text.length).put(text);
    }

    private ActorRef<PekkoTraffic> ref(ByteBuffer in) {
        byte[] text = new byte[in.getShort()];
        in.get(text);
        return refs.resolveActorRef(new String(text, StandardCharsets.ISO_8859_1));
    }

    private static byte[] rest(ByteBuffer in) {
        byte[] bytes = new byte[in.remaining()];
        in.get(bytes);
        return bytes;
    }

    @Override
    public byte[] toBinary(Object message) {
        ByteBuffer out = ByteBuffer.allocate(SMALL_BYTES);
        toBinary(message, out);
        return Arrays.copyOf(out.array(), out.position());
    }

    @Override
    public Object fromBinary(byte[] bytes, String manifest) {
        return fromBinary(ByteBuffer.wrap(bytes), manifest);
    }
}

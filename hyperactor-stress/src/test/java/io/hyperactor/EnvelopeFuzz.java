package io.hyperactor;

import io.hyperactor.stress.Check;
import io.hyperactor.wire.ActorId;
import io.hyperactor.wire.WireFormatException;
import io.hyperactor.wire.WireReader;
import io.hyperactor.wire.WireWriter;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;

/// The body of a frame is an envelope or malformed. A relay passes it on as it is, with one hop
/// less; and what this runtime would write for it is read as the same.
public final class EnvelopeFuzz {
    private static final int MARGIN = 9;
    private static final int TTL_AT = 1;
    private static final int TEXT_BYTES_MAX = 1024;
    private static final Home NOWHERE = Home.of(new Nowhere());

    static { // so that payloads of these are known by their hash
        Protocols.of(ProcAgentMessage.class);
        var _ = NewsTypes.all();
    }

    private EnvelopeFuzz() {}

    /// One input of the fuzzer.
    public static void fuzzerTestOneInput(byte[] input) {
        byte[] buffer = new byte[input.length + 2 * MARGIN];
        System.arraycopy(input, 0, buffer, MARGIN, input.length);
        WireEnvelope envelope;
        try {
            envelope =
                    Check.bounded(
                            input.length,
                            () -> WireEnvelope.parse(buffer, MARGIN, input.length, NOWHERE));
        } catch (WireFormatException e) {
            Check.that(
                    e.offset() >= 0 && e.offset() <= input.length,
                    "offset " + e.offset() + " of " + input.length);
            return;
        }
        checkAddress(envelope.senderAddress());
        checkAddress(envelope.destinationAddress());
        Check.that(Arrays.equals(input, envelope.toBytes()), "its bytes");
        checkRelay(envelope, input);
        checkPayload(envelope);
    }

    /// The text is kept as it came, for those that it is passed on to.
    private static void checkAddress(Address address) {
        byte[] bytes = address.text();
        String text = strictly(bytes);
        Check.same(address.id().toString(), ActorId.parse(text).toString(), "id of the text");
        byte[] canonical = Address.of(address.id()).text();
        Check.that(bytes.length <= TEXT_BYTES_MAX, "a text of " + bytes.length + " bytes");
        Check.that(canonical.length <= TEXT_BYTES_MAX, "an id of " + canonical.length + " bytes");
        Check.same(
                address.id().toString(),
                Address.read(new WireReader(canonical), canonical.length).id().toString(),
                "id of its own text");
    }

    private static String strictly(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            throw new AssertionError("an address that is no UTF-8", e);
        }
    }

    private static void checkRelay(WireEnvelope envelope, byte[] input) {
        WireWriter out = new WireWriter(input.length);
        envelope.writeTo(out);
        byte[] relayed = out.toByteArray();
        Check.same(
                (byte) (input[TTL_AT] - 1), relayed[TTL_AT], "hops that are left behind the relay");
        relayed[TTL_AT] = input[TTL_AT];
        Check.that(Arrays.equals(input, relayed), "changed by the relay");
    }

    /// What is known here by its hash decodes or is malformed.
    private static void checkPayload(WireEnvelope envelope) {
        var type = Protocols.byHash(envelope.typeHash());
        if (type == null) {
            return;
        }
        try {
            envelope.message(type);
        } catch (WireFormatException e) {
            Check.that(e.offset() >= 0, "offset " + e.offset());
        }
    }

    private static final class Nowhere implements MailboxSender {
        @Override
        public boolean offer(Envelope envelope) {
            throw new AssertionError("sent while it was read: " + envelope);
        }

        @Override
        public CompletableFuture<Void> flush() {
            return CompletableFuture.completedFuture(null);
        }
    }
}

package io.hyperactor;

import io.hyperactor.wire.ActorId;
import io.hyperactor.wire.AddressSyntaxException;
import io.hyperactor.wire.WireReader;

import org.jspecify.annotations.Nullable;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// An actor id together with its text as bytes, which is how it travels.
///
/// Parsing a text costs hundreds of nanoseconds and the same few ids come again and again, so
/// parsed ones are kept in a small direct-mapped table of this process. Its races are benign: an
/// entry is immutable and checked byte by byte before it is believed.
final class Address {
    private static final int TABLE = 4096;
    private static final @Nullable Address[] RECENT = new Address[TABLE];
    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /// Twice what any id needs. Leading zeros could make the text of one endless, but an envelope
    /// has 65,535 bytes for it, and what is kept here must have a bound.
    static final int TEXT_BYTES_MAX = 1024;

    /// What the JDK makes of malformed UTF-8: two texts must not become equal by it.
    private static final char REPLACEMENT = '\uFFFD';

    private final ActorId id;
    private volatile byte @Nullable [] text; // made when it first travels: most actors never do

    /// Who had this id when it was last looked up; racy, checked when used.
    private @Nullable InstanceCell holder;

    // What last counted a message from or to this id; racy, checked when used.
    private @Nullable Tally tally;
    private @Nullable RemoteOrigin origin;

    private Address(ActorId id, byte @Nullable [] text) {
        this.id = id;
        this.text = text;
    }

    static Address of(ActorId id) {
        return new Address(id, null);
    }

    /// Reads `length` bytes, the text of an actor id.
    ///
    /// @throws io.hyperactor.wire.WireFormatException if they are no such text
    static Address read(WireReader in, int length) {
        return read(in, length, null);
    }

    /// The same, where it is likely that the text is that of `guess`.
    static Address read(WireReader in, int length, @Nullable Address guess) {
        byte[] buffer = in.array();
        int offset = in.position();
        in.skip(length);
        if (guess != null && guess.isText(buffer, offset, length)) {
            return guess;
        }
        int slot = hash(buffer, offset, length) & (TABLE - 1);
        Address known = RECENT[slot];
        if (known != null && known.isText(buffer, offset, length)) {
            return known;
        }
        if (length > TEXT_BYTES_MAX) {
            throw in.malformed("not an actor id: " + length + " bytes");
        }
        byte[] text = Arrays.copyOfRange(buffer, offset, offset + length);
        Address parsed = new Address(parse(in, text), text);
        RECENT[slot] = parsed;
        return parsed;
    }

    private static ActorId parse(WireReader in, byte[] utf8) {
        String text = new String(utf8, StandardCharsets.UTF_8);
        if (text.indexOf(REPLACEMENT) >= 0
                && !Arrays.equals(utf8, text.getBytes(StandardCharsets.UTF_8))) {
            throw in.malformed("not an actor id: malformed UTF-8");
        }
        try {
            return ActorId.parse(text);
        } catch (AddressSyntaxException e) {
            throw in.malformed("not an actor id: " + e.getMessage(), e);
        }
    }

    private static int hash(byte[] buffer, int offset, int length) {
        long h = length;
        int i = offset;
        for (int end = offset + length - 7; i < end; i += 8) {
            h = (h ^ (long) LONGS.get(buffer, i)) * 0x9E3779B97F4A7C15L;
        }
        for (; i < offset + length; i++) {
            h = (h ^ buffer[i]) * 0x9E3779B97F4A7C15L;
        }
        return (int) (h >>> 40);
    }

    ActorId id() {
        return id;
    }

    /// The live instance of `proc` that was last seen to have this id, if it still lives there.
    @Nullable InstanceCell holderIn(Proc proc) {
        InstanceCell known = holder;
        return known != null && known.proc() == proc && known.acceptsMessages() ? known : null;
    }

    void heldBy(@Nullable InstanceCell instance) {
        holder = instance;
    }

    @Nullable Tally tally() {
        return tally;
    }

    void countedBy(Tally counter) {
        tally = counter;
    }

    @Nullable RemoteOrigin origin() {
        return origin;
    }

    void countedBy(RemoteOrigin counter) {
        origin = counter;
    }

    private boolean isText(byte[] buffer, int offset, int length) {
        byte[] own = text();
        return Arrays.equals(own, 0, own.length, buffer, offset, offset + length);
    }

    /// Not to be written to.
    byte[] text() {
        byte[] known = text;
        if (known == null) {
            text = known = id.toString().getBytes(StandardCharsets.UTF_8);
        }
        return known;
    }
}

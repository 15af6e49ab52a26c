package io.hyperactor.system;

import io.hyperactor.channel.FaultProxy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// Changes what goes through a [FaultProxy] frame by frame. Of frames it knows the length, and that
/// a dialler's first words are a hello (docs/wire-format.md).
@SuppressWarnings("ReferenceEquality") // a frame that goes on is the same object
final class FrameTamper implements FaultProxy.Tamper {
    private static final int HELLO_PREFIX = 6;

    /// What is done to frames.
    @FunctionalInterface
    interface Rule {
        /// What goes on instead of a frame; null cuts the connection behind what went before.
        ///
        /// @param index of the frame in its connection, 0 for the first behind a hello
        List<byte[]> instead(int index, byte[] frame);
    }

    private final Rule rule;
    private final AtomicInteger changed;
    private byte[] rest = new byte[0];
    private boolean helloExpected;
    private boolean cut;
    private int index;

    /// @param changed counts frames that did not go on as they were
    FrameTamper(FaultProxy.Way way, Rule rule, AtomicInteger changed) {
        this.rule = rule;
        this.changed = changed;
        this.helloExpected = way == FaultProxy.Way.FORTH;
    }

    @Override
    public byte[] instead(byte[] bytes) {
        if (cut) {
            return null;
        }
        ByteBuffer all = ByteBuffer.allocate(rest.length + bytes.length).put(rest).put(bytes);
        all.flip();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        while (!cut && all.remaining() >= length(all)) {
            byte[] frame = new byte[length(all)];
            all.get(frame);
            pass(frame, out);
        }
        rest = new byte[all.remaining()];
        all.get(rest);
        return out.toByteArray();
    }

    private void pass(byte[] frame, ByteArrayOutputStream out) {
        if (helloExpected) {
            helloExpected = false;
            out.writeBytes(frame);
            return;
        }
        List<byte[]> instead = rule.instead(index++, frame);
        if (instead == null) {
            cut = true;
            changed.incrementAndGet();
            return;
        }
        if (instead.size() != 1 || instead.getFirst() != frame) {
            changed.incrementAndGet();
        }
        instead.forEach(out::writeBytes);
    }

    /// Of the next frame, as far as it can be told yet.
    private int length(ByteBuffer all) {
        if (helloExpected) {
            return all.remaining() < HELLO_PREFIX
                    ? HELLO_PREFIX
                    : HELLO_PREFIX + (all.get(all.position() + HELLO_PREFIX - 1) & 0xff);
        }
        return all.remaining() < Integer.BYTES
                ? Integer.BYTES
                : Integer.BYTES + all.getInt(all.position());
    }
}

package io.hyperactor.channel;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// A listener that remembers how its link ended.
final class Ending implements TxListener {
    record Frame(String text, boolean written) {}

    private final CompletableFuture<CloseReason> reason = new CompletableFuture<>();
    private final List<Frame> frames = new CopyOnWriteArrayList<>();
    final List<String> refused = new CopyOnWriteArrayList<>();
    final AtomicInteger calls = new AtomicInteger();
    final AtomicInteger roomAgain = new AtomicInteger();

    @Override
    public void ended(CloseReason why, UnackedFrames unacked) {
        calls.incrementAndGet();
        unacked.forEach((buffer, offset, length, written) ->
                frames.add(
                        new Frame(
                                new String(buffer, offset, length, StandardCharsets.UTF_8),
                                written)));
        reason.complete(why);
    }

    @Override
    public void refused(RejectCode code, String text, byte[] buffer, int offset, int length) {
        refused.add(code + " " + new String(buffer, offset, length, StandardCharsets.UTF_8));
    }

    @Override
    public void roomAgain() {
        roomAgain.incrementAndGet();
    }

    boolean hasEnded() {
        return reason.isDone();
    }

    CloseReason reason() {
        try {
            return reason.get(Recorder.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("the link did not end", e);
        }
    }

    /// Those without an acknowledgement.
    List<Frame> frames() {
        CloseReason _ = reason();
        return frames;
    }
}

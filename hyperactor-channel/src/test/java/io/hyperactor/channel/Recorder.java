package io.hyperactor.channel;

import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/// A receiver that keeps what comes, while it is open.
final class Recorder implements FrameReceiver {
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ConcurrentLinkedQueue<byte[]> frames = new ConcurrentLinkedQueue<>();
    final AtomicInteger refused = new AtomicInteger();
    final AtomicInteger batches = new AtomicInteger();
    volatile Runnable onBatchEnd = () -> {};
    volatile boolean open = true;
    volatile Inbound last;
    private volatile String bad = "";

    @Override
    public boolean received(Inbound from, byte[] buffer, int offset, int length) {
        last = from;
        if (!open) {
            refused.incrementAndGet();
            return false;
        }
        byte[] frame = Arrays.copyOfRange(buffer, offset, offset + length);
        if (!bad.isEmpty() && bad.equals(new String(frame, StandardCharsets.UTF_8))) {
            throw new FrameRefused("no " + bad);
        }
        frames.add(frame);
        return true;
    }

    @Override
    public void batchEnd() {
        batches.incrementAndGet();
        onBatchEnd.run();
    }

    /// Refuses frames with this text from now on.
    void refuses(String text) {
        bad = text;
    }

    void clear() {
        frames.clear();
    }

    int count() {
        return frames.size();
    }

    void awaitCount(int count) {
        await().atMost(PATIENCE).until(() -> frames.size() >= count);
    }

    List<byte[]> frames() {
        return new ArrayList<>(frames);
    }

    List<String> texts() {
        return frames.stream().map(bytes -> new String(bytes, StandardCharsets.UTF_8)).toList();
    }
}

package io.hyperactor;

import io.hyperactor.BlobMessage.Piece;
import io.hyperactor.BlobMessage.Pull;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.time.Duration;
import java.util.function.BiFunction;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// Gives out a blob, piece by piece, as it is asked to.
final class BlobActor implements Actor<BlobMessage> {
    private final Supplier<? extends Blob.Source> origin;
    private final long keepNanos;
    private final LongSupplier clock;
    private final BiFunction<Duration, Runnable, Timers.Timer> timers;

    private Blob.@Nullable Source source;
    private long length;
    private String unreadable = "";

    // also the timer's
    private volatile long askedAt;
    private volatile Timers.@Nullable Timer timer;

    BlobActor(
            Supplier<? extends Blob.Source> origin,
            Duration keep,
            LongSupplier clock,
            BiFunction<Duration, Runnable, Timers.Timer> timers) {
        this.origin = origin;
        this.keepNanos = Proc.nanos(keep);
        this.clock = clock;
        this.timers = timers;
    }

    @Override
    public void init(Context<BlobMessage> cx) {
        try {
            Blob.Source made = origin.get();
            source = made;
            length = made.length();
        } catch (IOException | RuntimeException e) { // the source is somebody else's
            unreadable = Texts.describe(e);
        }
        askedAt = clock.getAsLong();
        lookIn(cx, keepNanos);
    }

    private void lookIn(Context<BlobMessage> cx, long nanos) {
        timer = timers.apply(Duration.ofNanos(nanos), () -> look(cx));
    }

    /// On the timer's thread.
    private void look(Context<BlobMessage> cx) {
        long left = keepNanos - (clock.getAsLong() - askedAt);
        if (left > 0) {
            lookIn(cx, left);
        } else {
            // any thread may: it does what a handle does
            cx.stop("nobody has read for " + Duration.ofNanos(keepNanos));
        }
    }

    @Override
    public void receive(Context<BlobMessage> cx, BlobMessage message) {
        askedAt = clock.getAsLong();
        switch (message) {
            case Pull(long offset, int wanted, var replyTo) ->
                    cx.send(replyTo, piece(offset, wanted));
        }
    }

    private Piece piece(long offset, int wanted) {
        Blob.Source open = source;
        if (open == null || !unreadable.isEmpty()) {
            return new Piece.Unreadable(unreadable);
        }
        if (offset < 0 || wanted < 0) {
            return new Piece.Unreadable("no " + wanted + " bytes from " + offset + " on");
        }
        long there = Math.max(0, length - offset);
        int most = (int) Math.min(there, Math.min(wanted, Blob.PIECE_MAX_BYTES));
        try {
            return new Piece.Bytes(length, open.read(Math.min(offset, length), most));
        } catch (IOException | RuntimeException e) {
            return new Piece.Unreadable(Texts.describe(e));
        }
    }

    /// A reader has left meanwhile, which is no reason to end.
    @Override
    public void undeliverable(Context<BlobMessage> cx, Undeliverable returned) {}

    @Override
    public void cleanup(Context<BlobMessage> cx) throws IOException {
        Timers.Timer set = timer;
        if (set != null) {
            set.cancel();
        }
        if (source != null) {
            source.close();
        }
    }
}

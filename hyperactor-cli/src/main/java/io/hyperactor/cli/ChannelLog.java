package io.hyperactor.cli;

import io.hyperactor.channel.ChannelEvent;
import io.hyperactor.channel.ChannelEvents;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// Logs what an operator should know of a host's connections; a little of it when there is much.
final class ChannelLog implements ChannelEvents {
    private static final Logger LOG = LoggerFactory.getLogger(ChannelLog.class);
    private static final long PERIOD = TimeUnit.SECONDS.toNanos(10);
    private static final int PER_PERIOD = 10;

    private final LongSupplier clock;
    private final Consumer<String> lines;
    private final AtomicLong period = new AtomicLong();
    private final AtomicInteger inPeriod = new AtomicInteger();

    /// To the log of this process.
    ChannelLog() {
        this(System::nanoTime, LOG::warn);
    }

    /// @param clock nanoseconds
    /// @param lines takes what is to be logged
    ChannelLog(LongSupplier clock, Consumer<String> lines) {
        this.clock = clock;
        this.lines = lines;
        period.set(clock.getAsLong());
    }

    @Override
    public void happened(ChannelEvent event) {
        String text =
                switch (event) {
                    case ChannelEvent.HandshakeFailed(var address, var peer, var cause) ->
                            address + ": no TLS with " + peer + ": " + cause.getMessage();
                    case ChannelEvent.ForeignPeer(var address, var user) ->
                            address + ": user " + user + " connected and was dropped";
                    case ChannelEvent.IdentityNotReloaded(var _, var cause) ->
                            "new certificates are not used: " + cause.getMessage();
                    case ChannelEvent.IdentityReloaded(var _) -> "new certificates are used";
                    case ChannelEvent.PeerDistrusted(var address, var names, var cause) ->
                            address + ": " + names + " not believed now: " + cause.getMessage();
                    case ChannelEvent.AcceptFailed(var address, var cause, var _) ->
                            address + ": connections cannot be accepted: " + cause.getMessage();
                    default -> "";
                };
        if (!text.isEmpty() && mayLog()) {
            lines.accept(text);
        }
    }

    private boolean mayLog() {
        long now = clock.getAsLong();
        long began = period.get();
        if (now - began >= PERIOD && period.compareAndSet(began, now)) {
            inPeriod.set(0);
        }
        return inPeriod.incrementAndGet() <= PER_PERIOD;
    }
}

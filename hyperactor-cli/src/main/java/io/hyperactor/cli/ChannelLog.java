package io.hyperactor.cli;

import io.hyperactor.channel.ChannelEvent;
import io.hyperactor.channel.ChannelEvents;
import io.hyperactor.channel.LineLimit;
import io.hyperactor.channel.RejectCode;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// Logs what an operator should know of a host's connections: of each kind, and of each reason that
/// one is rejected for, one line a second, which says how many were suppressed.
final class ChannelLog implements ChannelEvents {
    private static final Logger LOG = LoggerFactory.getLogger(ChannelLog.class);

    private final LongSupplier clock;
    private final Consumer<String> lines;
    private final LineLimit limit = new LineLimit();

    /// To the log of this process.
    ChannelLog() {
        this(System::nanoTime, LOG::warn);
    }

    /// @param clock nanoseconds
    /// @param lines takes what is to be logged
    ChannelLog(LongSupplier clock, Consumer<String> lines) {
        this.clock = clock;
        this.lines = lines;
    }

    @Override
    public void happened(ChannelEvent event) {
        switch (event) {
            case ChannelEvent.LinkRejected(var address, var code, var text) -> {
                if (code != RejectCode.FORBIDDEN) { // who shows no secret is logged where it counts
                    log(code, address + ": refused a connection: " + code + ", " + text);
                }
            }
            case ChannelEvent.HandshakeFailed(var address, var peer, var cause) ->
                    log(event, address + ": no TLS with " + peer + ": " + cause.getMessage());
            case ChannelEvent.ForeignPeer(var address, var user) ->
                    log(event, address + ": user " + user + " connected and was dropped");
            case ChannelEvent.IdentityNotReloaded(var _, var cause) ->
                    log(event, "new certificates are not used: " + cause.getMessage());
            case ChannelEvent.IdentityReloaded(var _) -> log(event, "new certificates are used");
            case ChannelEvent.PeerDistrusted(var address, var names, var cause) ->
                    log(event, address + ": " + names + " not believed now: " + cause.getMessage());
            case ChannelEvent.AcceptFailed(var address, var cause, var _) ->
                    log(event, address + ": connections cannot be accepted: " + cause.getMessage());
            default -> {}
        }
    }

    private void log(ChannelEvent event, String text) {
        log(event.getClass(), text);
    }

    private void log(Object kind, String text) {
        String more = limit.ask(kind, clock.getAsLong());
        if (more != null) {
            lines.accept(text + more);
        }
    }
}

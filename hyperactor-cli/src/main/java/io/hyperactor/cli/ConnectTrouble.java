package io.hyperactor.cli;

import io.hyperactor.channel.ChannelEvent;
import io.hyperactor.channel.ChannelEvents;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

import javax.net.ssl.SSLException;

/// Remembers why a command and its host do not believe each other. A link would try again, as
/// certificates may be replaced; whoever typed the command wants to know now.
///
/// **Threads:** any.
final class ConnectTrouble implements ChannelEvents {
    private final AtomicReference<String> first = new AtomicReference<>("");

    @Override
    public void happened(ChannelEvent event) {
        switch (event) {
            case ChannelEvent.DialRetried(var address, var cause, var _)
                    when cause instanceof SSLException ->
                    remember("no TLS with " + address + ": " + cause.getMessage());
            case ChannelEvent.HandshakeFailed(var address, var _, var cause) ->
                    remember(
                            "the host does not reach "
                                    + address
                                    + " of this command by TLS: "
                                    + cause.getMessage());
            default -> {}
        }
    }

    private void remember(String text) {
        first.compareAndSet("", text);
    }

    /// What went wrong first, if anything did.
    Optional<String> what() {
        return Optional.of(first.get()).filter(text -> !text.isEmpty());
    }
}

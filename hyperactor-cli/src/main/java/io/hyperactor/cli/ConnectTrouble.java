package io.hyperactor.cli;

import io.hyperactor.channel.ChannelEvent;
import io.hyperactor.channel.ChannelEvents;
import io.hyperactor.wire.ChannelAddress;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

import javax.net.ssl.SSLException;

/// Remembers why a command and its host do not believe each other. A link would try again, as
/// certificates may be replaced; whoever typed the command wants to know now. Once the host has
/// answered they do believe each other, and there is none. Of those who connect to the command only
/// who comes from the machine of the host counts.
///
/// **Threads:** any.
final class ConnectTrouble implements ChannelEvents {
    private final List<String> hosts; // as a peer of one begins
    private final AtomicReference<String> first = new AtomicReference<>("");
    private volatile boolean over;

    /// Looks up the name of the host.
    ConnectTrouble(ChannelAddress host) {
        hosts = host instanceof ChannelAddress.Network network ? peers(network.host()) : List.of();
    }

    private static List<String> peers(String host) {
        try {
            return Stream.of(InetAddress.getAllByName(host))
                    .map(address -> peer(new InetSocketAddress(address, 0)))
                    .toList();
        } catch (UnknownHostException _) {
            return List.of(); // who dials it says so
        }
    }

    /// The text of a peer, without its name and port.
    private static String peer(InetSocketAddress address) {
        String text = address.toString();
        return text.substring(text.indexOf('/'), text.lastIndexOf(':') + 1);
    }

    @Override
    public void happened(ChannelEvent event) {
        switch (event) {
            case ChannelEvent.DialRetried(var address, var cause, var _)
                    when cause instanceof SSLException ->
                    remember("no TLS with " + address + ": " + cause.getMessage());
            case ChannelEvent.HandshakeFailed(var address, var peer, var cause)
                    when hosts.stream().anyMatch(peer::contains) ->
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

    /// The host has answered.
    void end() {
        over = true;
    }

    /// What went wrong first, if anything did.
    Optional<String> what() {
        return Optional.of(first.get()).filter(text -> !over && !text.isEmpty());
    }
}

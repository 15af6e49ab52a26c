package io.hyperactor.wire;

import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// What this machine calls itself, and how others reach it.
final class OwnHost {

    private static final String LOOPBACK = "::1";

    private OwnHost() {}

    /// The machine's name, or the loopback address if it has none.
    static String name() {
        try {
            var name = Hosts.normalize(InetAddress.getLocalHost().getHostName());
            return name == null ? LOOPBACK : name;
        } catch (UnknownHostException e) {
            return LOOPBACK;
        }
    }

    /// The first address that others can reach.
    ///
    /// @throws IllegalStateException if there is none
    static String address() {
        return routable(addresses())
                .map(InetAddress::getHostAddress)
                .orElseThrow(() ->
                        new IllegalStateException(
                                "this machine has no address that others can reach"));
    }

    /// The first address that is bound to more than this machine or this wire.
    static Optional<InetAddress> routable(Collection<InetAddress> addresses) {
        return addresses.stream()
                .filter(a ->
                        !a.isLoopbackAddress() && !a.isLinkLocalAddress() && !a.isAnyLocalAddress())
                .findFirst();
    }

    private static List<InetAddress> addresses() {
        var found = new ArrayList<InetAddress>();
        try {
            for (var card :
                    (Iterable<NetworkInterface>) NetworkInterface.networkInterfaces()::iterator) {
                if (card.isUp()) {
                    card.inetAddresses().forEach(found::add);
                }
            }
        } catch (SocketException e) {
            throw new UncheckedIOException("cannot list the network interfaces", e);
        }
        return found;
    }
}

package io.hyperactor.wire;

import io.hyperactor.wire.ChannelAddress.Alias;
import io.hyperactor.wire.ChannelAddress.Local;
import io.hyperactor.wire.ChannelAddress.Network;
import io.hyperactor.wire.ChannelAddress.Unix;

/// The total order of channel addresses: by transport, plain ones before aliases, then by the
/// parts.
final class AddressOrder {

    private AddressOrder() {}

    static int compare(ChannelAddress a, ChannelAddress b) {
        int byTransport = a.transport().compareTo(b.transport());
        if (byTransport != 0) {
            return byTransport;
        }
        if (a instanceof Local(long x) && b instanceof Local(long y)) {
            return Long.compareUnsigned(x, y);
        }
        if (a instanceof Unix(String x) && b instanceof Unix(String y)) {
            return x.compareTo(y);
        }
        if (a instanceof Network x && b instanceof Network y) {
            return network(x, y);
        }
        if (a instanceof Alias(Network dialA, Network bindA)
                && b instanceof Alias(Network dialB, Network bindB)) {
            int byDial = network(dialA, dialB);
            return byDial != 0 ? byDial : network(bindA, bindB);
        }
        return a instanceof Alias ? 1 : -1;
    }

    private static int network(Network a, Network b) {
        int byTransport = a.transport().compareTo(b.transport());
        int byHost = byTransport != 0 ? byTransport : a.host().compareTo(b.host());
        return byHost != 0 ? byHost : Integer.compare(a.port(), b.port());
    }
}

package io.hyperactor.channel;

import io.hyperactor.wire.ChannelAddress;

import java.io.IOException;
import java.net.InetAddress;
import java.util.Optional;

/// Without TLS, TCP stays among the processes of one user on one machine, unless somebody has said
/// that it may be insecure.
final class PlainTcp {
    private PlainTcp() {}

    /// Fails unless `host` may be served or dialled.
    ///
    /// @param address what it was resolved from
    static void check(ChannelAddress address, InetAddress host, ChannelConfig config) {
        if (!config.insecure() && !host.isLoopbackAddress()) {
            throw new ChannelException.Insecure(
                    address, "anybody on the network could take part in it");
        }
    }

    /// Who tells whose the other ends are; empty where that is of no interest.
    static Optional<SocketOwners> owners(ChannelAddress address, ChannelConfig config) {
        if (config.insecure()) {
            return Optional.empty();
        }
        try {
            return Optional.of(SocketOwners.ofThisSystem());
        } catch (IOException e) {
            throw new ChannelException.Insecure(
                    address, "this system does not tell which users connect (" + e + ")");
        }
    }
}

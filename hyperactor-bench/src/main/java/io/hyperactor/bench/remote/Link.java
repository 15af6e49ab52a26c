package io.hyperactor.bench.remote;

import io.hyperactor.channel.ChannelConfig;
import io.hyperactor.channel.TlsIdentity;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.Transport;

import java.nio.file.Path;

/// What two processes of ours send over, as arguments say it: `unix`, `tcp`, or `tls:` and the
/// folder with the certificates.
///
/// @param address to be served at, any that is free
/// @param channels the limits as they come, with the certificates
record Link(ChannelAddress address, ChannelConfig channels) {
    private static final String TLS = "tls:";

    static Link parse(String text) {
        ChannelConfig standard = ChannelConfig.standard();
        if (text.startsWith(TLS)) {
            Path folder = Path.of(text.substring(TLS.length()));
            TlsIdentity identity =
                    new TlsIdentity(
                            folder.resolve("localhost.pem"),
                            folder.resolve("localhost-key.pem"),
                            folder.resolve("ca.pem"));
            return new Link(ChannelAddress.parse("tls:[::1]:0"), standard.withTls(identity));
        }
        return switch (text) {
            case "unix" -> new Link(ChannelAddress.any(Transport.UNIX), standard);
            case "tcp" -> new Link(ChannelAddress.any(Transport.TCP), standard);
            default -> throw new IllegalArgumentException("no link: " + text);
        };
    }
}

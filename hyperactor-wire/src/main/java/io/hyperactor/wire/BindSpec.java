package io.hyperactor.wire;

/// Reads what a server is told to listen on.
final class BindSpec {

    private BindSpec() {}

    static ChannelAddress parse(String text) {
        var transport = Transport.ofScheme(text);
        if (transport != null) {
            return ChannelAddress.any(transport);
        }
        return switch (text) {
            case "tcp(Localhost)" -> ChannelAddress.any(Transport.TCP);
            case "tcp(Hostname)" -> new ChannelAddress.Network(Transport.TCP, OwnHost.address(), 0);
            default -> ChannelAddress.parse(text);
        };
    }
}

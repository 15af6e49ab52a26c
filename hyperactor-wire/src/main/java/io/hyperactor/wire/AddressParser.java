package io.hyperactor.wire;

import io.hyperactor.wire.AddressSyntaxException.Reason;
import io.hyperactor.wire.ChannelAddress.Alias;
import io.hyperactor.wire.ChannelAddress.Local;
import io.hyperactor.wire.ChannelAddress.Network;
import io.hyperactor.wire.ChannelAddress.Unix;

/// Reads both text forms of a channel address. One parser reads one text.
final class AddressParser {

    private static final String SCHEMES =
            "local, unix, tcp, tls, metatls, quic, metaquic, inproc:// or ipc://";
    private static final String URL_SLASHES = "//";

    private final String text;

    private AddressParser(String text) {
        this.text = text;
    }

    static ChannelAddress parse(String text) {
        return new AddressParser(text).address();
    }

    private ChannelAddress address() {
        if (text.isEmpty()) {
            throw error(Reason.EMPTY, 0, "a channel address", "the end");
        }
        int separator = separator();
        if (separator < 0) {
            throw error(Reason.NO_TRANSPORT, 0, "one of " + SCHEMES, Quote.of(text));
        }
        var scheme = text.substring(0, separator);
        int rest = separator + 1;
        boolean isUrl = text.charAt(separator) == ':' && text.startsWith(URL_SLASHES, rest);
        if (isUrl && scheme.equals("inproc")) {
            return local(rest + 2);
        }
        if (isUrl && scheme.equals("ipc")) {
            return unix(rest + 2);
        }
        var transport = Transport.ofScheme(scheme);
        if (transport == null) {
            throw error(Reason.UNKNOWN_TRANSPORT, 0, "one of " + SCHEMES, Quote.of(scheme));
        }
        return switch (transport) {
            case LOCAL -> local(rest);
            case UNIX -> unix(rest);
            case TCP -> tcpOrAlias();
            case TLS, METATLS, QUIC, METAQUIC -> network(transport, rest, text.length());
        };
    }

    /// The first `!` or `:`: no scheme contains either, so a later one is part of a path or host.
    private int separator() {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == ':' || text.charAt(i) == '!') {
                return i;
            }
        }
        return -1;
    }

    private ChannelAddress local(int from) {
        return new Local(Digits.unsignedLong(text, from, text.length()));
    }

    private ChannelAddress unix(int from) {
        try {
            return new Unix(text.substring(from));
        } catch (AddressSyntaxException e) {
            int position = e.position() - "unix:".length() + from;
            throw error(e.reason(), position, e.expected(), e.found());
        }
    }

    private ChannelAddress tcpOrAlias() {
        int at = text.indexOf('@');
        if (at < 0) {
            return tcp(0, text.length());
        }
        return new Alias(tcp(0, at), tcp(at + 1, text.length()));
    }

    /// One side of an alias, or a whole address.
    private Network tcp(int from, int to) {
        if (!text.startsWith("tcp:", from) && !text.startsWith("tcp!", from)) {
            throw error(Reason.SOCKET_ADDRESS, from, "tcp on both sides of '@'", found(from, to));
        }
        return network(Transport.TCP, from + 4, to);
    }

    private Network network(Transport transport, int rest, int to) {
        boolean isUrl = text.charAt(rest - 1) == ':' && text.startsWith(URL_SLASHES, rest);
        int from = isUrl ? rest + 2 : rest;
        int colon = text.lastIndexOf(':', to - 1);
        if (colon < from) {
            throw error(Reason.SOCKET_ADDRESS, to, "':' and a port", found(to, to));
        }
        var host = host(transport, from, colon, isUrl);
        return new Network(transport, host, port(colon + 1, to));
    }

    private String host(Transport transport, int from, int to, boolean isUrl) {
        var host = text.substring(from, to);
        if (isUrl && host.equals("*")) {
            return "::";
        }
        // Only TCP insists on brackets, for there `::1:80` would be an address without a port.
        boolean isBare = host.indexOf(':') >= 0 && !host.startsWith("[");
        var normal = isBare && transport == Transport.TCP ? null : Hosts.normalize(host);
        if (normal == null) {
            throw error(
                    Reason.SOCKET_ADDRESS,
                    from,
                    isBare ? "an IPv6 address in brackets" : "a host name or numeric address",
                    found(from, to));
        }
        return normal;
    }

    private int port(int from, int to) {
        int port = 0;
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            port = c >= '0' && c <= '9' && port <= 65_535 ? port * 10 + c - '0' : 65_536;
        }
        if (from == to || port > 65_535) {
            throw error(Reason.SOCKET_ADDRESS, from, "a port from 0 to 65535", found(from, to));
        }
        return port;
    }

    private String found(int from, int to) {
        return from == to ? "the end" : Quote.of(text.substring(from, to));
    }

    private AddressSyntaxException error(
            Reason reason, int position, String expected, String found) {
        return new AddressSyntaxException(reason, text, position, expected, found);
    }
}

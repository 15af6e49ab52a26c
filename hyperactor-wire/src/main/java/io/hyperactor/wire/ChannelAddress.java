package io.hyperactor.wire;

import org.jspecify.annotations.Nullable;

/// Where a channel is served and dialled: a value with a text form.
///
/// [#toString()] gives the one canonical text, `scheme:rest` with IPv6 hosts in brackets, and
/// [#parse] takes it back. [#parse] also takes `!` as the separator, and the URL form. Host names
/// stay names: they are resolved when they are dialled or served, each time anew.
///
/// The order is by transport, then by the parts; it means nothing beyond being total, and agrees
/// with equality but for unnamed [Unix] addresses.
public sealed interface ChannelAddress extends Comparable<ChannelAddress> {

    /// Parses either form.
    ///
    /// | Text | Address |
    /// |---|---|
    /// | `local:7`, `inproc://7` | [Local] |
    /// | `unix:/run/a.sock`, `ipc:///run/a.sock`, `unix:` | [Unix] |
    /// | `tcp:127.0.0.1:80`, `tcp:[::1]:80`, `tcp:name:80`, `tcp://name:80` | [Network] |
    /// | `tcp://*:80` | all addresses of the machine, `tcp:[::]:80` |
    /// | `tls:name:80`, `tls://name:80`, likewise `metatls`, `quic`, `metaquic` | [Network] |
    /// | `tcp://name:80@tcp://10.0.0.1:81`, `tcp:name:80@tcp:10.0.0.1:81` | [Alias] |
    ///
    /// @throws AddressSyntaxException if it is none of these
    static ChannelAddress parse(String text) {
        return AddressParser.parse(text);
    }

    /// Parses what to serve: an address, or the name of a transport for [#any], for example `tcp`.
    ///
    /// Besides the schemes it takes `tcp(Localhost)`, which is `tcp`, and `tcp(Hostname)`: the
    /// first address of this machine that others can reach, any port. That one looks at the network
    /// interfaces.
    ///
    /// @throws AddressSyntaxException if it is neither
    /// @throws IllegalStateException if it is `tcp(Hostname)` and there is no such address
    static ChannelAddress parseBind(String text) {
        return BindSpec.parse(text);
    }

    /// An address at which the server picks what is open: a free number, a private file, a free
    /// port.
    ///
    /// `tcp` is the loopback address. The secured transports are this machine's own name, for which
    /// the resolver may be asked.
    static ChannelAddress any(Transport transport) {
        return switch (transport) {
            case LOCAL -> new Local(0);
            case UNIX -> new Unix("");
            case TCP -> new Network(transport, "::1", 0);
            case TLS, METATLS, QUIC, METAQUIC -> new Network(transport, OwnHost.name(), 0);
        };
    }

    /// How its bytes travel.
    Transport transport();

    /// The address that others use and ids contain: this one, but for an alias its dial side.
    default ChannelAddress dialAddress() {
        return this;
    }

    /// The address that a server listens on: this one, but for an alias its bind side.
    default ChannelAddress bindAddress() {
        return this;
    }

    /// Whether it may lead to another machine.
    default boolean isRemote() {
        return transport().isNetwork();
    }

    /// The canonical text, for [#parse].
    @Override
    String toString();

    @Override
    default int compareTo(ChannelAddress other) {
        return AddressOrder.compare(this, other);
    }

    /// Within this process.
    ///
    /// @param number unsigned; 0 lets the server pick a free one
    record Local(long number) implements ChannelAddress {
        @Override
        public Transport transport() {
            return Transport.LOCAL;
        }

        @Override
        public String toString() {
            return "local:" + Long.toUnsignedString(number);
        }
    }

    /// A socket file.
    ///
    /// An empty path lets the server pick a private file. Such an address is equal to itself only,
    /// as each time it is served it is another file. A path that starts with `@` is an abstract
    /// name of Linux: it has a text, but Java can neither serve nor dial it.
    ///
    /// @param path at most 107 bytes of UTF-8, which is what the kernel takes, without comma and
    ///   control characters
    record Unix(String path) implements ChannelAddress {
        /// The longest path in bytes: 108 with the terminating zero.
        static final int PATH_BYTES_MAX = 107;

        /// @throws AddressSyntaxException if the path cannot be one
        public Unix {
            for (int i = 0; i < path.length(); i++) {
                char c = path.charAt(i);
                if (c == ',' || Character.isISOControl(c)) {
                    throw invalid(path, i, "no comma or control character", Quote.of(c + ""));
                }
            }
            int bytes = bytes(path);
            if (bytes > PATH_BYTES_MAX) {
                var most = "at most " + PATH_BYTES_MAX + " bytes";
                throw invalid(path, path.length(), most, bytes + " bytes");
            }
        }

        private static int bytes(String path) {
            try {
                return Utf8.length(path);
            } catch (EncodeException e) {
                throw invalid(path, 0, "Unicode", "half a surrogate pair");
            }
        }

        private static AddressSyntaxException invalid(
                String path, int index, String expected, String found) {
            return new AddressSyntaxException(
                    AddressSyntaxException.Reason.UNIX_PATH,
                    "unix:" + path,
                    "unix:".length() + index,
                    expected,
                    found);
        }

        /// Whether the server picks the file.
        public boolean isUnnamed() {
            return path.isEmpty();
        }

        /// Whether it is a name outside the file system.
        public boolean isAbstract() {
            return path.startsWith("@");
        }

        @Override
        public Transport transport() {
            return Transport.UNIX;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return this == other
                    || (other instanceof Unix that && !path.isEmpty() && path.equals(that.path));
        }

        @Override
        public int hashCode() {
            return path.hashCode();
        }

        @Override
        public String toString() {
            return "unix:" + path;
        }
    }

    /// A host and a port.
    ///
    /// @param transport one whose addresses are a host and a port
    /// @param host a name, kept as it is, or a numeric address without brackets, kept in its
    ///   canonical form
    /// @param port 0 to 65535; 0 lets the server pick
    record Network(Transport transport, String host, int port) implements ChannelAddress {
        /// @throws AddressSyntaxException if host or port cannot be one
        /// @throws IllegalArgumentException if the transport has other addresses
        public Network {
            if (!transport.isNetwork()) {
                throw new IllegalArgumentException(transport + " has no host and port");
            }
            var normal = Hosts.normalize(host);
            if (normal == null) {
                throw invalid(
                        transport, host, port, "a host name or numeric address", Quote.of(host));
            }
            if (port < 0 || port > 65_535) {
                throw invalid(
                        transport, host, port, "a port from 0 to 65535", Integer.toString(port));
            }
            host = normal;
        }

        private static AddressSyntaxException invalid(
                Transport transport, String host, int port, String expected, String found) {
            int position = transport.scheme().length() + 1;
            return new AddressSyntaxException(
                    AddressSyntaxException.Reason.SOCKET_ADDRESS,
                    transport.scheme() + ":" + host + ":" + port,
                    position,
                    expected,
                    found);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return this == other
                    || (other instanceof Network that
                            && port == that.port
                            && transport == that.transport
                            && host.equals(that.host));
        }

        @Override
        public int hashCode() {
            return (host.hashCode() * 31 + port) * 31 + transport.scheme().hashCode();
        }

        @Override
        public String toString() {
            var bracketed = host.indexOf(':') < 0 ? host : "[" + host + "]";
            return transport.scheme() + ":" + bracketed + ":" + port;
        }
    }

    /// Two sides of one server: what it listens on, and what others dial, for example through a
    /// port mapping.
    ///
    /// Ids hold the dial side only.
    ///
    /// @param dial what others use
    /// @param bind what the server listens on
    record Alias(Network dial, Network bind) implements ChannelAddress {
        /// @throws IllegalArgumentException unless both sides are TCP
        public Alias {
            if (dial.transport() != Transport.TCP || bind.transport() != Transport.TCP) {
                throw new IllegalArgumentException(
                        "an alias is of two tcp addresses, not " + dial + " and " + bind);
            }
        }

        @Override
        public Transport transport() {
            return bind.transport();
        }

        @Override
        public ChannelAddress dialAddress() {
            return dial;
        }

        @Override
        public ChannelAddress bindAddress() {
            return bind;
        }

        @Override
        public String toString() {
            return dial + "@" + bind;
        }
    }
}

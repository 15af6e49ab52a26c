package io.hyperactor.channel;

import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.Transport;

import java.nio.file.Files;
import java.nio.file.Path;

/// What tests of several transports serve and dial.
final class TestTransports {
    private static final class Certified {
        static final TlsIdentity LOCALHOST = issue();

        private static TlsIdentity issue() {
            try {
                Path directory = Files.createTempDirectory("hyperactor-test");
                TlsIdentity issued =
                        new TestAuthority(directory)
                                .issue(TestAuthority.Kind.of("localhost", "127.0.0.1", "::1"));
                directory.toFile().deleteOnExit();
                for (Path file :
                        new Path[] {issued.certificates(), issued.key(), issued.authorities()}) {
                    file.toFile().deleteOnExit();
                }
                return issued;
            } catch (Exception e) {
                throw new ExceptionInInitializerError(e);
            }
        }
    }

    private TestTransports() {}

    /// The standard limits, and a certificate of this machine.
    static ChannelConfig config() {
        return ChannelConfig.standard().withTls(Certified.LOCALHOST);
    }

    /// An address that is free.
    static ChannelAddress any(Transport transport) {
        return transport.isNetwork()
                ? new ChannelAddress.Network(transport, "localhost", 0)
                : ChannelAddress.any(transport);
    }
}

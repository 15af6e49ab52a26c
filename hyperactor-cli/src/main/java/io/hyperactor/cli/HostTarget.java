package io.hyperactor.cli;

import io.hyperactor.channel.ChannelConfig;
import io.hyperactor.channel.PrivateFolder;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.Transport;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;

/// The host that a command is for, and how to speak with it.
///
/// @param address where it is
/// @param network who this process is there
/// @param reply where its answers go, if that is given
record HostTarget(ChannelAddress address, ChannelConfig network, Optional<ChannelAddress> reply) {
    private static final String HOST = "--host";
    private static final String REPLY = "--reply";

    /// The options for it.
    static CommandSpec addTo(CommandSpec spec) {
        return NetworkOptions.addTo(
                        spec.value(
                                HOST,
                                "ADDRESS",
                                "The host's address, for example unix:/run/host.sock. Default: the variable"
                                        + " HYPERACTOR_ADDRESS, else your own private socket."))
                .value(
                        REPLY,
                        "ADDRESS",
                        "Where the host is to send its answers, on a network. Default: the"
                                + " address of this machine that it sees, any port.");
    }

    /// What the options say.
    static HostTarget of(Arguments arguments, Shell shell) {
        return new HostTarget(
                HostAddress.toDial(arguments.value(HOST).orElse(null), shell),
                NetworkOptions.config(arguments, shell),
                arguments.value(REPLY).map(text -> HostAddress.toReply(REPLY, text)));
    }

    /// Where this process is to be served for the host's answers.
    ///
    /// @throws CliException.Failed if the host is nowhere
    ChannelAddress replyAddress() {
        if (reply.isPresent()) {
            return reply.get();
        }
        return address instanceof ChannelAddress.Network network
                ? new ChannelAddress.Network(network.transport(), towards(network), 0)
                : ChannelAddress.any(Transport.UNIX);
    }

    /// How this process is to be reached there: where the host's socket is in a folder of this
    /// user's alone, its own is beside it. A host that runs as a service may see no other folder
    /// that this process sees: its `/tmp` is another, and there are no homes.
    ChannelConfig channels() {
        if (!(address instanceof ChannelAddress.Unix unix) || unix.isAbstract()) {
            return network;
        }
        Path folder = Path.of(unix.path()).toAbsolutePath().getParent();
        return folder == null
                        || folder.equals(network.runtimeDirectory())
                        || !PrivateFolder.isOne(folder)
                ? network
                : network.withRuntimeDirectory(folder);
    }

    /// Connecting a socket for datagrams sends nothing: it only finds out the way.
    private static String towards(ChannelAddress.Network host) {
        try (DatagramSocket socket = new DatagramSocket()) {
            InetAddress there = InetAddress.getAllByName(host.host())[0];
            socket.connect(new InetSocketAddress(there, host.port()));
            return socket.getLocalAddress().getHostAddress();
        } catch (IOException e) {
            throw new CliException.Failed(
                    "cannot reach a host at " + host + ": " + CliException.reason(e), e);
        }
    }
}

package io.hyperactor.cli;

import io.hyperactor.wire.AddressSyntaxException;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.Transport;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/// `hyperactor certs [--host NAME[,NAME...]]... [--force] DIR`
final class CertsCommand implements Command {
    private static final String HOST = "--host";
    private static final String FORCE = "--force";
    private static final String COMMA = ",";

    private final InstantSource clock;

    CertsCommand(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public String name() {
        return "certs";
    }

    @Override
    public CommandSpec spec() {
        return CommandSpec.of(
                        name(),
                        "Makes a certificate authority for tests, and certificates of hosts.",
                        "An authority that is in DIR already makes the certificates of more hosts."
                                + " Whoever can read its key can be any host: for more than tests,"
                                + " use an authority that you run.")
                .values(
                        HOST,
                        "NAME[,NAME...]",
                        "A host, by all names and addresses that it is dialled by; its"
                                + " files are called after the first. Can be given several"
                                + " times. Default: this machine and its loopback"
                                + " addresses, in files called localhost.")
                .flag(FORCE, "Replace certificates that are there. The authority stays.")
                .argument(
                        "DIR",
                        "The folder for the files; private to you, and made if it is"
                                + " missing.");
    }

    @Override
    public int run(Arguments arguments, Shell shell) {
        Path folder = folder(arguments.positional().getFirst());
        List<List<String>> hosts = hosts(arguments.values(HOST));
        CertificateFolder certificates =
                CertificateFolder.open(folder, clock, arguments.has(FORCE));
        shell.result("authority " + certificates.authority());
        for (List<String> names : hosts) {
            CertificateFolder.Files files = certificates.issue(names);
            shell.result(names.getFirst() + " " + files.certificate() + " " + files.key());
        }
        return ExitCode.DONE;
    }

    private static Path folder(String argument) {
        try {
            return Path.of(argument);
        } catch (InvalidPathException e) {
            throw new CliException.Usage("DIR: " + e.getMessage());
        }
    }

    private static List<List<String>> hosts(List<String> options) {
        if (options.isEmpty()) {
            List<String> here = new ArrayList<>(List.of("localhost", "127.0.0.1", "::1"));
            String own = host(ChannelAddress.any(Transport.TLS));
            if (!here.contains(own)) {
                here.add(own);
            }
            return List.of(here);
        }
        return options.stream()
                .map(option -> List.of(option.split(COMMA, -1)))
                .map(names -> names.stream().map(CertsCommand::checked).toList())
                .toList();
    }

    /// A name as addresses have it.
    private static String checked(String name) {
        try {
            return host(new ChannelAddress.Network(Transport.TLS, name, 0));
        } catch (AddressSyntaxException e) {
            throw new CliException.Usage(HOST + ": '" + name + "' is no host name or address");
        }
    }

    private static String host(ChannelAddress address) {
        return address instanceof ChannelAddress.Network network ? network.host() : "";
    }
}

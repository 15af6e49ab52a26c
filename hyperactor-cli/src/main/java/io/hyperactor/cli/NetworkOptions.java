package io.hyperactor.cli;

import io.hyperactor.channel.ChannelConfig;
import io.hyperactor.channel.TlsIdentity;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The options that say who this process is to others on a network, and whom it believes.
final class NetworkOptions {
    private static final String CERTIFICATE = "--tls-cert";
    private static final String KEY = "--tls-key";
    private static final String AUTHORITIES = "--tls-ca";
    private static final String INSECURE = "--insecure";

    /// What is used instead of the options. They name files, and are no secrets.
    private static final Map<String, String> VARIABLES =
            Map.of(
                    CERTIFICATE,
                    "HYPERACTOR_TLS_CERT",
                    KEY,
                    "HYPERACTOR_TLS_KEY",
                    AUTHORITIES,
                    "HYPERACTOR_TLS_CA");

    private NetworkOptions() {}

    static CommandSpec addTo(CommandSpec spec) {
        return spec.value(
                        CERTIFICATE,
                        "FILE",
                        "The certificate of this machine, for addresses with tls:. Default:"
                                + " the variable HYPERACTOR_TLS_CERT.")
                .value(
                        KEY,
                        "FILE",
                        "Its private key, which nobody else may read. Default: the variable"
                                + " HYPERACTOR_TLS_KEY.")
                .value(
                        AUTHORITIES,
                        "FILE",
                        "Whose certificates to believe. Default: the variable"
                                + " HYPERACTOR_TLS_CA.")
                .flag(
                        INSECURE,
                        "Use addresses with tcp: also beyond this machine, and believe"
                                + " whoever is there.");
    }

    /// What channels need to know of it.
    ///
    /// @throws CliException.Usage if only some of the files are named
    static ChannelConfig config(Arguments arguments, Shell shell) {
        ChannelConfig config = ChannelConfig.standard().withInsecure(arguments.has(INSECURE));
        List<Path> files = new ArrayList<>();
        for (String option : List.of(CERTIFICATE, KEY, AUTHORITIES)) {
            file(option, arguments, shell).ifPresent(files::add);
        }
        return switch (files.size()) {
            case 0 -> config;
            case 3 -> config.withTls(new TlsIdentity(files.get(0), files.get(1), files.get(2)));
            default ->
                    throw new CliException.Usage(
                            CERTIFICATE + ", " + KEY + " and " + AUTHORITIES + " go together");
        };
    }

    private static Optional<Path> file(String option, Arguments arguments, Shell shell) {
        String variable = VARIABLES.getOrDefault(option, option);
        String fallback = shell.environment().getOrDefault(variable, "");
        String text = arguments.value(option).orElse(fallback);
        try {
            return text.isEmpty() ? Optional.empty() : Optional.of(Path.of(text));
        } catch (InvalidPathException e) {
            throw new CliException.Usage(option + ": " + e.getMessage());
        }
    }
}

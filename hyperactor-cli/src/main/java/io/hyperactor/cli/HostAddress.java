package io.hyperactor.cli;

import io.hyperactor.wire.AddressSyntaxException;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.Transport;

import org.jspecify.annotations.Nullable;

import java.util.function.Function;

/// Which host a command means: the one its option names, else the one that the variable
/// `HYPERACTOR_ADDRESS` names, else the one on the user's own private socket.
final class HostAddress {
    static final String VARIABLE = "HYPERACTOR_ADDRESS";
    static final String DEFAULT_NAME = "host.sock";

    private HostAddress() {}

    /// Where a running host is to be found.
    ///
    /// @param option the value of `--host`, or null without
    static ChannelAddress toDial(@Nullable String option, Shell shell) {
        ChannelAddress address = resolve("--host", option, shell, ChannelAddress::parse);
        if (address instanceof ChannelAddress.Unix unix && unix.isUnnamed()) {
            throw new CliException.Usage(address + " names no socket: a path is missing");
        }
        return address.dialAddress();
    }

    /// Where a new host is to be found.
    ///
    /// @param option the value of `--listen`, or null without
    static ChannelAddress toServe(@Nullable String option, Shell shell) {
        return resolve("--listen", option, shell, ChannelAddress::parseBind);
    }

    /// Where the answers of a host go.
    ///
    /// @param name of the option
    static ChannelAddress toReply(String name, String text) {
        return parse(name, text, ChannelAddress::parseBind);
    }

    /// Whether `address` is the user's own default, whose folder may have to be made.
    static boolean isDefault(ChannelAddress address, Shell shell) {
        return address.equals(standard(shell));
    }

    private static ChannelAddress resolve(
            String name,
            @Nullable String option,
            Shell shell,
            Function<String, ChannelAddress> parser) {
        String variable = shell.environment().getOrDefault(VARIABLE, "");
        if (option != null) {
            return parse(name, option, parser);
        }
        return variable.isEmpty() ? standard(shell) : parse(VARIABLE, variable, parser);
    }

    private static ChannelAddress parse(
            String source, String text, Function<String, ChannelAddress> parser) {
        try {
            ChannelAddress address = parser.apply(text);
            if (address.transport() == Transport.LOCAL) {
                throw new CliException.Usage(
                        source + ": " + text + " cannot be reached from another process");
            }
            return address;
        } catch (AddressSyntaxException | IllegalStateException e) {
            throw new CliException.Usage(source + ": " + e.getMessage());
        }
    }

    private static ChannelAddress standard(Shell shell) {
        String path = shell.runtimeDirectory().resolve(DEFAULT_NAME).toString();
        try {
            return new ChannelAddress.Unix(path);
        } catch (AddressSyntaxException e) {
            throw new CliException.Usage("the default address: " + e.getMessage());
        }
    }
}

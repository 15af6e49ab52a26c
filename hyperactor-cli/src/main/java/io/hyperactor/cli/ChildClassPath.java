package io.hyperactor.cli;

import io.hyperactor.Proc;
import io.hyperactor.channel.Channels;
import io.hyperactor.host.Host;
import io.hyperactor.wire.ChannelAddress;

import org.slf4j.Logger;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.List;
import java.util.stream.Stream;

/// What child procs of the command line need to run: our own modules and the logging API. What else
/// the command line uses would only make them start later.
final class ChildClassPath {
    private ChildClassPath() {}

    /// The jars, or folders of classes, that this process has loaded them from.
    static List<Path> entries() {
        return Stream.of(
                        ChannelAddress.class,
                        Channels.class,
                        Proc.class,
                        Host.class,
                        ChildClassPath.class,
                        Logger.class)
                .map(ChildClassPath::source)
                .toList();
    }

    private static Path source(Class<?> loaded) {
        CodeSource source = loaded.getProtectionDomain().getCodeSource();
        if (source == null) {
            throw new IllegalStateException(loaded + " comes from nowhere");
        }
        try {
            return Path.of(source.getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(loaded + " comes from " + source.getLocation(), e);
        }
    }
}

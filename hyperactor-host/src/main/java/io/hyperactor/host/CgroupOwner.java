package io.hyperactor.host;

import java.io.IOException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Who made a group of a launcher, as its name says, so that a later one can tell that it is dead.
///
/// @param process the process
/// @param number of the launcher in that process
record CgroupOwner(ProcessIdentity process, int number) {
    static final String PREFIX = "hyperactor-";

    private static final Pattern NAME =
            Pattern.compile(PREFIX + "(\\d{1,18})-(\\d{1,18})-(\\d{1,18})-(\\d{1,9})");

    /// This process.
    ///
    /// @throws IOException if `/proc` does not say
    static CgroupOwner self(int number) throws IOException {
        return new CgroupOwner(ProcessIdentity.self(), number);
    }

    static Optional<CgroupOwner> parse(String name) {
        Matcher parts = NAME.matcher(name);
        return parts.matches()
                ? Optional.of(
                        new CgroupOwner(
                                new ProcessIdentity(
                                        Long.parseLong(parts.group(1)),
                                        Long.parseLong(parts.group(2)),
                                        Long.parseLong(parts.group(3))),
                                Integer.parseInt(parts.group(4))))
                : Optional.empty();
    }

    String groupName() {
        return PREFIX
                + process.pid()
                + "-"
                + process.startTicks()
                + "-"
                + process.pidNamespace()
                + "-"
                + number;
    }

    /// Whether the process has certainly ended.
    boolean isDead() {
        return process.isDead();
    }
}

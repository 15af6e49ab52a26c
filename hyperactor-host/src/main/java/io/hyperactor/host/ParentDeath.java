package io.hyperactor.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The kernel's promise to kill a child when the thread that started it ends, which then must be
/// one that never does. `setpriv` asks for it and then becomes the program, so that not even a
/// child that is stopped or has not come to its first line survives its host.
final class ParentDeath {
    // Not searched on a PATH: what stands in front of every program is not for an environment to
    // choose.
    private static final List<Path> PLACES =
            List.of(Path.of("/usr/bin/setpriv"), Path.of("/bin/setpriv"));

    private final Optional<Path> setpriv;

    /// @param setpriv the program; empty to do without
    ParentDeath(Optional<Path> setpriv) {
        this.setpriv = setpriv;
    }

    /// With the `setpriv` of this machine, if it has one.
    static ParentDeath ofThisMachine() {
        return new ParentDeath(PLACES.stream().filter(ParentDeath::isUsable).findFirst());
    }

    /// `command` so that it is killed with the thread that starts it; unchanged where there is no
    /// `setpriv`. Then the end of the control pipe and the [Guardian] have to do.
    List<String> guard(List<String> command) {
        return setpriv.map(path -> prefix(path, command)).orElse(command);
    }

    private static List<String> prefix(Path setpriv, List<String> command) {
        var guarded = new ArrayList<>(List.of(setpriv.toString(), "--pdeathsig", "KILL", "--"));
        guarded.addAll(command);
        return guarded;
    }

    /// BusyBox has a `setpriv` too, a link to itself, which does not know the option.
    private static boolean isUsable(Path path) {
        try {
            return Files.isExecutable(path) && path.toRealPath().endsWith("setpriv");
        } catch (IOException e) {
            return false;
        }
    }
}

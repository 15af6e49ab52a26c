package io.hyperactor.system;

import io.hyperactor.ProcAgentMessage;
import io.hyperactor.host.JavaCommand;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// How a host is started in a process of its own.
///
/// @param before what stands in front of its command, such as `prlimit`
/// @param flags of its JVM
/// @param child the command of its procs
record HostLaunch(List<String> before, List<String> flags, String address, List<String> child) {
    private static final String BY_NAME =
            """
            case "$HYPERACTOR_HOST_PROC_ID" in
            *,jvm*) shift 2; exec "$@";;
            *) exec "$1" "$2";;
            esac\
            """;

    /// Its procs are of any program.
    static HostLaunch of(List<String> child) {
        return new HostLaunch(List.of(), List.of(), "unix:", child);
    }

    /// Its procs are [WorkerProc]s.
    static HostLaunch ofWorkers() {
        return of(
                JavaCommand.of(WorkerProc.class)
                        .withProperty("slf4j.provider", "io.hyperactor.host.StderrLogs")
                        .withProperty("slf4j.internal.verbosity", "WARN")
                        .command());
    }

    /// Its procs are [Stub]s.
    static HostLaunch ofStubs() {
        return of(Stub.command(ProcAgentMessage.class));
    }

    /// Procs whose names begin with `jvm` are [WorkerProc]s, the others are [Stub]s.
    static HostLaunch ofBoth() {
        return of(
                Stream.of(
                                List.of("/bin/sh", "-c", BY_NAME, "sh"),
                                ofStubs().child(),
                                ofWorkers().child())
                        .flatMap(List::stream)
                        .toList());
    }

    HostLaunch at(Path socket) {
        return new HostLaunch(before, flags, "unix:" + socket, child);
    }

    HostLaunch under(String... command) {
        return new HostLaunch(List.of(command), flags, address, child);
    }

    HostLaunch with(String... moreFlags) {
        return new HostLaunch(before, List.of(moreFlags), address, child);
    }

    HostProcess start() throws IOException, InterruptedException {
        var command = new ArrayList<>(before);
        command.addAll(
                Program.javaCommand(
                        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                                .map(Path::of)
                                .toList(),
                        flags,
                        HostProgram.class.getName()));
        command.addAll(List.of(address, "program"));
        command.addAll(child);
        return HostProcess.serving(Program.run(command));
    }
}

package io.hyperactor.system;

import io.hyperactor.ProcAgentMessage;
import io.hyperactor.host.JavaCommand;
import io.hyperactor.host.ProcMain;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// How a host is started in a process of its own.
///
/// @param before what stands in front of its command, such as `prlimit`
/// @param flags of its JVM
/// @param child what its procs are, as [HostProgram] takes it
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
        var program = new ArrayList<>(List.of("program"));
        program.addAll(child);
        return new HostLaunch(List.of(), List.of(), "unix:", program);
    }

    /// Its procs are JVMs that it knows to be such, from jars: so it has an AOT cache made for them
    /// and can keep spares.
    ///
    /// @param spares how many
    static HostLaunch ofJvms(int spares) {
        return new HostLaunch(
                List.of(),
                List.of("-D" + HostProgram.SPARES + "=" + spares),
                "unix:",
                List.of("java", ClassPaths.text(ClassPaths.runtime()), ProcMain.class.getName()));
    }

    /// Its procs are [WorkerProc]s.
    static HostLaunch ofWorkers() {
        return of(workers());
    }

    private static List<String> workers() {
        return JavaCommand.of(WorkerProc.class)
                .withProperty("slf4j.provider", "io.hyperactor.host.StderrLogs")
                .withProperty("slf4j.internal.verbosity", "WARN")
                .command();
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
                                Stub.command(ProcAgentMessage.class),
                                workers())
                        .flatMap(List::stream)
                        .toList());
    }

    HostLaunch at(Path socket) {
        return at("unix:" + socket);
    }

    HostLaunch at(String other) {
        return new HostLaunch(before, flags, other, child);
    }

    /// With a flag for the JVMs of its procs.
    HostLaunch ofProcsWith(String flag) {
        var more = new ArrayList<>(child);
        more.add(flag);
        return new HostLaunch(before, flags, address, more);
    }

    HostLaunch under(String... command) {
        return under(List.of(command));
    }

    HostLaunch under(List<String> command) {
        return new HostLaunch(command, flags, address, child);
    }

    /// Where it can make no control groups: root can elsewhere, other users mostly cannot.
    HostLaunch withoutControlGroups() {
        return "root".equals(System.getProperty("user.name"))
                ? under(
                        "unshare",
                        "--mount",
                        "sh",
                        "-c",
                        "umount -R -l /sys/fs/cgroup; exec \"$@\"",
                        "sh")
                : this;
    }

    HostLaunch with(String... moreFlags) {
        return new HostLaunch(
                before,
                Stream.concat(flags.stream(), Stream.of(moreFlags)).toList(),
                address,
                child);
    }

    HostProcess start() throws IOException, InterruptedException {
        return HostProcess.serving(Program.run(command()));
    }

    List<String> command() {
        var command = new ArrayList<>(before);
        command.addAll(
                Program.javaCommand(ClassPaths.everything(), flags, HostProgram.class.getName()));
        command.add(address);
        command.addAll(child);
        return command;
    }
}

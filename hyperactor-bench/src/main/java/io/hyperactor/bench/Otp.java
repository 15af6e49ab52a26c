package io.hyperactor.bench;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Erlang/OTP, if it is installed: the module in `otp.erl`, compiled when it is first needed.
final class Otp {
    static final String NAME = "OTP";
    private static final List<String> CROWDED = List.of("+P", "4000000");
    private static @Nullable Path folder;

    private Otp() {}

    static Contender contender(String... arguments) {
        return new Contender(NAME, () -> command(List.of(), arguments));
    }

    /// Inside one node, which may have some millions of processes.
    static Contender local(String... work) {
        return new Contender(NAME, () -> command(CROWDED, arguments("local", work)));
    }

    private static String[] arguments(String first, String... rest) {
        return Stream.concat(Stream.of(first), Stream.of(rest)).toArray(String[]::new);
    }

    /// Nodes are killed, and it takes how long until another one knows.
    static Contender killing() {
        return new Contender(NAME, () -> command(List.of(), "kill", RawC.program().toString()));
    }

    /// What is installed, if anything.
    static Optional<String> version() {
        return Machine.said(
                "erl",
                "-noshell",
                "-eval",
                "io:format(\"~s, erts ~s~n\", [erlang:system_info(otp_release),"
                        + " erlang:system_info(version)]), halt().");
    }

    private static List<String> command(List<String> flags, String... arguments)
            throws Unavailable {
        String erl = Programs.find("erl").toString();
        List<String> command = new ArrayList<>();
        command.addAll(List.of(Programs.find("env").toString(), "ERL_CRASH_DUMP_SECONDS=0"));
        command.add(erl);
        command.addAll(flags);
        command.addAll(List.of("-noshell", "-pa", beam().toString(), "-s", "otp", "main"));
        command.add("-extra");
        command.addAll(Arrays.asList(arguments));
        return command;
    }

    /// Where the compiled module lies.
    private static synchronized Path beam() throws Unavailable {
        if (folder == null) {
            Path source = Programs.resource("otp.erl");
            Path compiled = source.resolveSibling("");
            Programs.run(
                    List.of(
                            Programs.find("erlc").toString(),
                            "-o",
                            compiled.toString(),
                            source.toString()));
            folder = compiled;
        }
        return folder;
    }
}

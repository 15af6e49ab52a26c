package io.hyperactor.bench;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The program in `raw.c`, compiled when it is first needed.
final class RawC {
    private static @Nullable Path compiled;

    private RawC() {}

    static Contender contender(String name, String... arguments) {
        return new Contender(
                name,
                () -> {
                    List<String> command = new ArrayList<>(List.of(program().toString()));
                    command.addAll(Arrays.asList(arguments));
                    return command;
                });
    }

    /// @throws Unavailable if it can not be compiled
    static synchronized Path program() throws Unavailable {
        if (compiled == null) {
            compiled = Programs.compileC("raw");
        }
        return compiled;
    }
}

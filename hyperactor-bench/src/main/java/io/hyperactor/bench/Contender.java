package io.hyperactor.bench;

import java.util.List;

/// One side of a comparison: a program that speaks the lines of [Worker].
///
/// @param name what the report calls it
record Contender(String name, Launch launch) {
    /// Where the threads of a contender, and of the processes it starts, may run.
    enum Placement {
        /// Wherever the kernel likes.
        FREE,
        /// All on one processor.
        ONE_CPU
    }

    /// Prepares what is needed and says how to start it.
    @FunctionalInterface
    interface Launch {
        List<String> command() throws Unavailable;
    }

    /// A JVM with everything on its class path.
    static Contender jvm(String name, Class<?> main, String... arguments) {
        return new Contender(name, () -> Jvm.measured().command(main, arguments));
    }

    /// A JVM with everything on its class path and flags of its own.
    static Contender jvm(Jvm jvm, String name, Class<?> main, String... arguments) {
        return new Contender(name, () -> jvm.command(main, arguments));
    }

    /// A JVM with the class path of a user's program, which its procs inherit.
    static Contender program(String name, Class<?> main, String... arguments) {
        return new Contender(name, () -> Jvm.measured().withoutPeers().command(main, arguments));
    }

    Contender placed(Placement placement) {
        return switch (placement) {
            case FREE -> this;
            case ONE_CPU -> new Contender(name, () -> Pinned.command(launch.command()));
        };
    }
}

package io.hyperactor.bench;

import java.io.File;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// How a JVM is started: its flags and its class path.
public record Jvm(List<String> flags, String classPath) {
    /// What every measured JVM gets, ours and a peer's. The last two keep a peer's warnings away.
    static final List<String> FLAGS =
            List.of(
                    "-Xms1g",
                    "-Xmx1g",
                    "-XX:+UseSerialGC",
                    "--enable-native-access=ALL-UNNAMED",
                    "--sun-misc-unsafe-memory-access=allow");

    public Jvm {
        flags = List.copyOf(flags);
    }

    /// The usual flags, with everything on the class path.
    static Jvm measured() {
        return new Jvm(FLAGS, System.getProperty("java.class.path"));
    }

    /// The same with a heap of this size, for example `6g`.
    Jvm withHeap(String size) {
        return without("-Xms").without("-Xmx").with("-Xms" + size, "-Xmx" + size);
    }

    /// The same with another garbage collector, for example `-XX:+UseG1GC`.
    Jvm withCollector(String flag) {
        return without("-XX:+UseSerialGC").with(flag);
    }

    private Jvm without(String prefix) {
        return new Jvm(flags.stream().filter(flag -> !flag.startsWith(prefix)).toList(), classPath);
    }

    private Jvm with(String... more) {
        return new Jvm(Stream.concat(flags.stream(), Stream.of(more)).toList(), classPath);
    }

    /// The flags and the class path of this JVM.
    public static Jvm likeThis() {
        return new Jvm(
                ManagementFactory.getRuntimeMXBean().getInputArguments(),
                System.getProperty("java.class.path"));
    }

    /// The same with what a user's program has on its class path: our jars and the logging API.
    Jvm withoutPeers() {
        Predicate<String> ours =
                entry -> {
                    String name = Path.of(entry).getFileName().toString();
                    return !name.endsWith(".jar")
                            || name.startsWith("hyperactor-")
                            || name.startsWith("slf4j-api-");
                };
        return new Jvm(
                flags,
                Arrays.stream(classPath.split(File.pathSeparator, -1))
                        .filter(entry -> !entry.isEmpty())
                        .filter(ours)
                        .collect(Collectors.joining(File.pathSeparator)));
    }

    /// The command line that runs the `main` of a class.
    public List<String> command(Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.add("-cp");
        command.add(classPath);
        command.add(main.getName());
        command.addAll(Arrays.asList(arguments));
        return command;
    }
}

package io.hyperactor.host;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/// The command line of a child JVM. Any user of the machine can read it, so nothing secret belongs
/// here.
///
/// @param flags JVM flags
/// @param classPath files and folders, may be empty if there is a main module
/// @param modulePath files and folders, all of whose modules the child resolves
/// @param properties system properties
/// @param mainModule the module of the main class, empty if that is on the class path
/// @param mainClass its binary name
/// @param arguments what `main` gets
/// @param aotCache whether children may start from an AOT cache, which is made when it is missing:
///   docs/operations.md, "Quick starts"
public record JavaCommand(
        List<String> flags,
        List<String> classPath,
        List<String> modulePath,
        Map<String, String> properties,
        Optional<String> mainModule,
        String mainClass,
        List<String> arguments,
        boolean aotCache) {

    /// What makes a child start fast, die fast and keep quiet. An idle virtual-thread poller would
    /// otherwise hold up the end of a JVM by 300 ms; the log and the performance file cost start-up
    /// time and are nobody's here. The archives of classes are mapped where they were made for, if
    /// there is room, which saves patching every pointer in them: 6 MB of memory that a child would
    /// have for itself. Their place is then known; that of everything else is as random as ever.
    public static final List<String> FLAGS =
            List.of(
                    "-XX:UserThreadWaitAttemptsAtExit=0",
                    "-XX:+UseSerialGC",
                    "-Xlog:disable",
                    "-XX:-UsePerfData",
                    "-XX:+UnlockDiagnosticVMOptions",
                    "-XX:ArchiveRelocationMode=0",
                    "-XX:+ExitOnOutOfMemoryError");

    public JavaCommand {
        flags = List.copyOf(flags);
        classPath = List.copyOf(classPath);
        modulePath = List.copyOf(modulePath);
        properties = Map.copyOf(properties);
        arguments = List.copyOf(arguments);
        if (classPath.isEmpty() && mainModule.isEmpty()) {
            // Java would take the working directory instead, and load what happens to be there.
            throw new IllegalArgumentException("no class path to find " + mainClass + " on");
        }
    }

    /// One that may start from an AOT cache.
    public JavaCommand(
            List<String> flags,
            List<String> classPath,
            List<String> modulePath,
            Map<String, String> properties,
            Optional<String> mainModule,
            String mainClass,
            List<String> arguments) {
        this(flags, classPath, modulePath, properties, mainModule, mainClass, arguments, true);
    }

    /// A child that runs `main` with the class path and module path of this JVM and [#FLAGS].
    public static JavaCommand of(Class<?> main) {
        return new JavaCommand(
                FLAGS,
                entries(System.getProperty("java.class.path", "")),
                entries(System.getProperty("jdk.module.path", "")),
                Map.of(),
                Optional.ofNullable(main.getModule().getName()),
                main.getName(),
                List.of(),
                true);
    }

    /// The same with `classPath` in place of this JVM's class path and module path, so that `main`
    /// is found there.
    public JavaCommand withClassPath(List<Path> classPath) {
        List<String> entries = classPath.stream().map(Path::toString).toList();
        return new JavaCommand(
                flags,
                entries,
                List.of(),
                properties,
                Optional.empty(),
                mainClass,
                arguments,
                aotCache);
    }

    /// The same with more flags. A later flag wins over an earlier one.
    public JavaCommand withFlags(String... more) {
        List<String> all = Stream.concat(flags.stream(), Stream.of(more)).toList();
        return with(all, properties, arguments, aotCache);
    }

    /// The same with one more flag before all others, which win.
    JavaCommand withFirstFlag(String first) {
        List<String> all = Stream.concat(Stream.of(first), flags.stream()).toList();
        return with(all, properties, arguments, aotCache);
    }

    /// The same with one more system property, which wins over a flag `-D`.
    public JavaCommand withProperty(String name, String value) {
        var all = new TreeMap<>(properties);
        all.put(name, value);
        return with(flags, all, arguments, aotCache);
    }

    /// The same with these arguments for `main`.
    public JavaCommand withArguments(String... arguments) {
        return with(flags, properties, List.of(arguments), aotCache);
    }

    /// The same for children that never start from an AOT cache.
    public JavaCommand withoutAotCache() {
        return with(flags, properties, arguments, false);
    }

    private JavaCommand with(
            List<String> flags,
            Map<String, String> properties,
            List<String> arguments,
            boolean aotCache) {
        return new JavaCommand(
                flags,
                classPath,
                modulePath,
                properties,
                mainModule,
                mainClass,
                arguments,
                aotCache);
    }

    /// The program and its arguments: the `java` of this JVM, never one from a `PATH`.
    public List<String> command() {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        new TreeMap<>(properties).forEach((name, value) -> command.add("-D" + name + "=" + value));
        if (!modulePath.isEmpty()) {
            command.addAll(List.of("--module-path", path(modulePath)));
            command.addAll(List.of("--add-modules", "ALL-MODULE-PATH"));
        }
        if (!classPath.isEmpty()) {
            command.addAll(List.of("-cp", path(classPath)));
        }
        mainModule.ifPresentOrElse(
                module -> command.addAll(List.of("-m", module + "/" + mainClass)),
                () -> command.add(mainClass));
        command.addAll(arguments);
        return command;
    }

    private static String path(List<String> entries) {
        return String.join(File.pathSeparator, entries);
    }

    private static List<String> entries(String path) {
        return Stream.of(path.split(File.pathSeparator)).filter(entry -> !entry.isEmpty()).toList();
    }
}

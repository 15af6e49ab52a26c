package io.hyperactor.system;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Class paths for processes that must not have everything a test has.
final class ClassPaths {
    private ClassPaths() {}

    /// What the tests have.
    static List<Path> everything() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of)
                .toList();
    }

    /// What a child proc needs, without any program: our jars and `slf4j-api`.
    static List<Path> runtime() {
        return entries("hyperactor-(wire|channel|core|host)|slf4j-api");
    }

    /// The same and the examples.
    static List<Path> examples() {
        return entries("hyperactor-(wire|channel|core|host|examples)|slf4j-api|examples");
    }

    /// What the command line needs.
    static List<Path> commandLine() {
        return entries(
                "hyperactor-(wire|channel|core|host|cli)|slf4j-api|commons-cli|bc[a-z]+-jdk18on");
    }

    /// Jars are named `name-version.jar`; a module that was only compiled is `name/target/classes`.
    private static List<Path> entries(String names) {
        Pattern entry =
                Pattern.compile(
                        ".*/(("
                                + names
                                + ")-[0-9][^/]*(?<!-tests)\\.jar|("
                                + names
                                + ")/target/classes)");
        return everything().stream()
                .filter(path -> entry.matcher(path.toString()).matches())
                .toList();
    }

    /// [#runtime()] and copies of these classes, and of no other.
    ///
    /// @param directory where the copies go
    static List<Path> runtimeAnd(Path directory, Class<?>... classes) throws IOException {
        for (Class<?> type : classes) {
            copy(type, directory);
            for (Class<?> nested : type.getDeclaredClasses()) {
                copy(nested, directory);
            }
        }
        List<Path> all = new ArrayList<>(runtime());
        all.add(directory);
        return all;
    }

    private static void copy(Class<?> type, Path directory) throws IOException {
        String file = type.getName().replace('.', '/') + ".class";
        Path target = directory.resolve(file);
        Files.createDirectories(Objects.requireNonNull(target.getParent()));
        try (InputStream in =
                Objects.requireNonNull(type.getClassLoader()).getResourceAsStream(file)) {
            Files.copy(Objects.requireNonNull(in), target);
        }
    }

    static String text(List<Path> classPath) {
        return String.join(File.pathSeparator, classPath.stream().map(Path::toString).toList());
    }
}

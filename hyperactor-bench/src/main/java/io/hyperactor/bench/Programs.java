package io.hyperactor.bench;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Programs that are not ours: found on the path, or compiled from a resource into a folder that is
/// deleted when this JVM ends. And our own command line.
final class Programs {
    private Programs() {}

    /// @throws Unavailable if it is not installed
    static Path find(String program) throws Unavailable {
        String path = System.getenv().getOrDefault("PATH", "");
        for (String folder : path.split(File.pathSeparator, -1)) {
            Path file = Path.of(folder, program);
            if (!folder.isEmpty() && Files.isExecutable(file)) {
                return file;
            }
        }
        throw new Unavailable(program + " is not installed");
    }

    /// Compiles a C source.
    ///
    /// @param name of the resource without `.c`
    /// @throws Unavailable if there is no compiler or it fails
    static Path compileC(String name) throws Unavailable {
        Path source = resource(name + ".c");
        Path program = source.resolveSibling(name);
        run(List.of(find("cc").toString(), "-O2", "-o", program.toString(), source.toString()));
        return program;
    }

    /// A copy of a resource as a file, alone in its folder.
    static Path resource(String name) throws Unavailable {
        try (InputStream in = Programs.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new Unavailable("no resource " + name);
            }
            Path file = folder().resolve(name);
            Files.copy(in, file);
            return file;
        } catch (IOException e) {
            throw new Unavailable("can not copy " + name + ": " + e);
        }
    }

    /// An empty folder for files.
    static Path folder() throws Unavailable {
        try {
            Path folder = Files.createTempDirectory("hyperactor-bench-");
            deleteAtExit(folder);
            return folder;
        } catch (IOException e) {
            throw new Unavailable("can not make a folder: " + e);
        }
    }

    /// The script that runs our own command line.
    static Path ourCommand() throws Unavailable {
        return Path.of(sourceTree(), "hyperactor");
    }

    private static String sourceTree() throws Unavailable {
        String home = System.getProperty(Options.HOME);
        if (home == null) {
            throw new Unavailable("nobody said where the source tree is");
        }
        return home;
    }

    /// Runs a program to its end and returns what it said.
    ///
    /// @throws Unavailable if it fails
    static String run(List<String> command) throws Unavailable {
        try {
            Process process =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectInput(Redirect.from(new File("/dev/null")))
                            .start();
            String said =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new Unavailable(command.getFirst() + " failed: " + said.strip());
            }
            return said;
        } catch (IOException e) {
            throw new Unavailable(command.getFirst() + " can not be started: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Unavailable("interrupted while running " + command.getFirst());
        }
    }

    private static void deleteAtExit(Path folder) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
    }

    private static void delete(Path folder) {
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
            Files.delete(folder);
        } catch (IOException e) {
            System.err.println("could not delete " + folder + ": " + e);
        }
    }
}

package io.hyperactor.system;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/// The script `hyperactor`, in a source tree that has the jars already, and another Maven.
@SystemTest
class ScriptIT {
    private static final List<String> MODULES = List.of("wire", "channel", "core", "host", "cli");
    private static final String VERSION = "0.1.0-SNAPSHOT";

    @TempDir Path tree;

    @BeforeEach
    void makeTree() throws IOException {
        copy(Repository.file("hyperactor"), tree.resolve("hyperactor"));
        copy(Repository.file(".mvn/find-jdk"), tree.resolve(".mvn/find-jdk"));
        Files.createDirectories(tree.resolve("hyperactor-cli/target/lib"));
        source("pom.xml");
        for (String module : MODULES) {
            source("hyperactor-" + module + "/pom.xml");
            source("hyperactor-" + module + "/src/main/Source.java");
        }
        for (Path jar : ClassPaths.commandLine()) {
            String name = jar.getFileName().toString();
            if (name.startsWith("hyperactor-")) {
                copy(jar, jar(name.substring(0, name.length() - VERSION.length() - 5)));
            } else {
                copy(jar, tree.resolve("hyperactor-cli/target/lib/" + name));
            }
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to.getParent());
        Files.copy(from, to, StandardCopyOption.COPY_ATTRIBUTES);
        Files.setLastModifiedTime(to, FileTime.from(Instant.now()));
    }

    private Path jar(String module) {
        return tree.resolve(module + "/target/" + module + "-" + VERSION + ".jar");
    }

    private Path cache() {
        return tree.resolve("hyperactor-cli/target/hyperactor-cli.aot");
    }

    /// Older than every jar.
    private void source(String name) throws IOException {
        Path file = tree.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "");
        Files.setLastModifiedTime(file, FileTime.from(Instant.EPOCH));
    }

    private String version() throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(tree.resolve("hyperactor").toString(), "--version")
                        .redirectErrorStream(true)
                        .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(said).isZero();
        return said.lines().reduce("", (_, last) -> last);
    }

    /// Instead of Maven: it puts the jar of another version where Maven would.
    private void nextBuildMakes(String version) throws IOException {
        Path built = tree.resolve("built.jar");
        try (JarFile old = new JarFile(jar("hyperactor-cli").toFile())) {
            Manifest manifest = new Manifest(old.getManifest());
            manifest.getMainAttributes().put(Attributes.Name.IMPLEMENTATION_VERSION, version);
            try (OutputStream file = Files.newOutputStream(built);
                    var out = new JarOutputStream(file, manifest)) {
                for (JarEntry entry : old.stream().toList()) {
                    if (!entry.getName().equals(JarFile.MANIFEST_NAME)) {
                        out.putNextEntry(new JarEntry(entry.getName()));
                        try (InputStream in = old.getInputStream(entry)) {
                            in.transferTo(out);
                        }
                    }
                }
            }
        }
        Path maven = tree.resolve("mvnw");
        Files.writeString(maven, "#!/bin/sh\ncp built.jar " + jar("hyperactor-cli") + "\n");
        assertThat(maven.toFile().setExecutable(true)).isTrue();
    }

    @Test
    void whatWasBuiltAnewIsNotRunFromTheCacheOfTheOld() throws Exception {
        assertThat(version()).isEqualTo("hyperactor " + VERSION);
        assertThat(cache()).isNotEmptyFile();
        FileTime made = Files.getLastModifiedTime(cache());
        assertThat(version()).isEqualTo("hyperactor " + VERSION);
        assertThat(Files.getLastModifiedTime(cache())).isEqualTo(made);

        nextBuildMakes("of tomorrow");
        Path source = tree.resolve("hyperactor-cli/src/main/Source.java");
        Files.setLastModifiedTime(source, FileTime.from(Instant.now()));

        assertThat(version()).isEqualTo("hyperactor of tomorrow");
        assertThat(cache()).isNotEmptyFile();
        assertThat(Files.getLastModifiedTime(cache())).isGreaterThan(made);
    }

    @Test
    void aCacheThatIsNoneIsDoneWithout() throws Exception {
        Files.writeString(cache(), "this is no cache");

        assertThat(version()).isEqualTo("hyperactor " + VERSION);
    }
}

package io.hyperactor.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// What an AOT cache is made from: commands with the same key run the same code in the same JVM.
/// The JVM itself does not see when a jar was replaced by one of the same size and time.
///
/// @param text names the cache
/// @param sources every file that goes into it, as it is now
record AotKey(String text, Map<Path, ContentHashes.Content> sources) {
    /// Changes when the caches of a command are made in another way.
    private static final String SCHEME = "3";

    private static final int SOURCES_MAX = 4096;

    /// With these the JVM makes no cache, or runs code that the class path does not tell of.
    private static final List<String> UNFIT =
            List.of(
                    "@",
                    "-javaagent:",
                    "-agentlib:",
                    "-agentpath:",
                    "-Xbootclasspath",
                    "-Xshare",
                    "-XX:AOT",
                    "-XX:SharedArchiveFile",
                    "-XX:SharedClassListFile",
                    "-XX:DumpLoadedClassList",
                    "-XX:ArchiveClassesAtExit",
                    "-XX:Flags=",
                    "-XX:VMOptionsFile",
                    "-Djava.system.class.loader",
                    "-Djava.class.path",
                    "-Djdk.module.",
                    "--patch-module",
                    "--upgrade-module-path",
                    "--limit-modules",
                    "--class-path",
                    "--module-path",
                    "-classpath",
                    "-cp",
                    "-p",
                    "-jar");

    AotKey {
        sources = Map.copyOf(sources);
    }

    /// The key of a command as its files are now.
    ///
    /// @param directory where it is run: relative paths start there
    /// @throws IOException if there can be no cache for it, with the reason
    static AotKey of(JavaCommand java, Path directory, ContentHashes hashes) throws IOException {
        for (String flag : java.flags()) {
            checkFit(flag);
        }
        for (String name : java.properties().keySet()) {
            checkFit("-D" + name);
        }
        return new Maker(directory, hashes).make(java);
    }

    private static void checkFit(String flag) throws IOException {
        for (String unfit : UNFIT) {
            if (flag.startsWith(unfit)) {
                throw new IOException("flag " + flag);
            }
        }
    }

    /// What instructions the processor has: of a cache that was made on another one, in a home that
    /// machines share or before a virtual machine was moved, the JVM may run some that it does not
    /// have. Read once.
    private static final class Processor {
        private static final List<String> NAMES = List.of("flags", "Features", "isa");

        /// Empty where the kernel does not say.
        static final String INSTRUCTIONS = read();

        private static String read() {
            try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
                return lines.filter(line -> NAMES.stream().anyMatch(line::startsWith))
                        .findFirst()
                        .orElse("");
            } catch (IOException | UncheckedIOException e) {
                return "";
            }
        }
    }

    private static final class Maker {
        private final Path directory;
        private final ContentHashes hashes;
        private final MessageDigest digest = ContentHashes.sha256();
        private final Map<Path, ContentHashes.Content> sources = new LinkedHashMap<>();

        Maker(Path directory, ContentHashes hashes) {
            this.directory = directory;
            this.hashes = hashes;
        }

        AotKey make(JavaCommand java) throws IOException {
            String home = System.getProperty("java.home");
            add(SCHEME, home, System.getProperty("os.arch"), System.getProperty("java.vm.version"));
            add("processor", Processor.INSTRUCTIONS);
            addFiles("jdk", List.of(Path.of(home, "release").toString()));
            java.flags().forEach(flag -> add("flag", flag));
            addFiles("module path", java.modulePath());
            addFiles("class path", java.classPath());
            add("main", java.mainModule().orElse(""), java.mainClass());
            return new AotKey(HexFormat.of().formatHex(digest.digest()), sources);
        }

        /// The files in order, and after them what they name themselves.
        private void addFiles(String what, List<String> entries) throws IOException {
            Deque<Path> left = new ArrayDeque<>();
            for (String entry : entries) {
                add(what, entry); // the JVM compares the text, too
                left.add(directory.resolve(entry));
            }
            while (!left.isEmpty()) {
                Path file = left.remove();
                if (!sources.containsKey(file)) {
                    if (sources.size() == SOURCES_MAX) {
                        throw new IOException("more than " + SOURCES_MAX + " jars");
                    }
                    ContentHashes.Content content = hashes.of(file);
                    sources.put(file, content);
                    left.addAll(content.more());
                }
                add("content", file.toString(), sources.get(file).sha256());
            }
        }

        /// Each text ends with what is in none of them, so that they cannot be taken for others.
        private void add(String... texts) {
            for (String text : texts) {
                digest.update(text.getBytes(StandardCharsets.UTF_8));
                digest.update((byte) 0);
            }
        }
    }
}

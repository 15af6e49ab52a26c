package io.hyperactor.host;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A JVM as it is launched.
///
/// @param directory where it starts; empty for the directory of this process
record ChildJvm(JavaCommand java, Map<String, String> environment, Optional<Path> directory) {
    /// Variables that add flags which nobody looks at.
    private static final List<String> HIDDEN_FLAGS =
            List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

    /// The flag that has a JVM start from a cache.
    static final String AOT_CACHE = "-XX:AOTCache=";

    ChildJvm {
        environment = Map.copyOf(environment);
    }

    /// Whether it could start from an AOT cache as far as can be told at a glance.
    boolean mayUseAotCache() {
        return java.aotCache() && HIDDEN_FLAGS.stream().noneMatch(environment::containsKey);
    }

    /// Where relative paths start.
    Path base() {
        return directory.orElseGet(() -> Path.of("")).toAbsolutePath();
    }

    /// The same started from a cache. Of the profiles that one may hold the JVM would at once
    /// compile what they say: 20 ms of processor time when a child has least of it. So there are
    /// none in it, and nobody looks for them.
    ChildJvm withAotCache(Path cache) {
        return withFlags(
                AOT_CACHE + cache, "-XX:+UnlockDiagnosticVMOptions", "-XX:-AOTReplayTraining");
    }

    /// The same that writes a cache when it ends.
    ChildJvm withAotOutput(Path cache) {
        return withFlags(
                "-XX:AOTCacheOutput=" + cache,
                "-XX:+UnlockDiagnosticVMOptions",
                "-XX:-AOTRecordTraining");
    }

    /// The same started with more flags.
    ChildJvm withFlags(String... flags) {
        return new ChildJvm(java.withFlags(flags), environment, directory);
    }
}

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

    /// The same started with more flags.
    ChildJvm withFlags(String... flags) {
        return new ChildJvm(java.withFlags(flags), environment, directory);
    }
}

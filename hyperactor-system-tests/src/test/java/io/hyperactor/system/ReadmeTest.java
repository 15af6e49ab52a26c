package io.hyperactor.system;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What the README shows is what [ExamplesIT] runs.
class ReadmeTest {
    private static final Pattern JAVA = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final Pattern NEXT_TYPE = Pattern.compile("\n\n(?=public )");

    @Test
    void theCodeOfTheReadmeIsThatOfTheExamples() throws IOException {
        List<String> types =
                JAVA.matcher(Files.readString(Repository.file("README.md")))
                        .results()
                        .flatMap(block -> NEXT_TYPE.splitAsStream(block.group(1)))
                        .map(String::strip)
                        .toList();
        assertThat(types).hasSizeGreaterThanOrEqualTo(3);

        List<String> sources = sources();
        assertThat(types)
                .allSatisfy(type ->
                        assertThat(sources).anyMatch(source -> source.contains(type + "\n")));
    }

    private static List<String> sources() throws IOException {
        List<String> sources = new ArrayList<>();
        Path examples = Repository.file("examples/src/main/java/io/hyperactor/examples");
        try (Stream<Path> files = Files.list(examples)) {
            for (Path file : files.toList()) {
                sources.add(Files.readString(file));
            }
        }
        return sources;
    }
}

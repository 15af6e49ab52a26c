package io.hyperactor.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

class JavaCommandTest {
    private static final String JAVA = Path.of(System.getProperty("java.home"), "bin", "java") + "";

    @Test
    void aChildRunsThisJvmsJavaOnThisJvmsClassPath() {
        List<String> command = JavaCommand.of(JavaCommandTest.class).command();

        assertThat(command.getFirst()).isEqualTo(JAVA);
        assertThat(command).containsAll(JavaCommand.FLAGS);
        assertThat(command).containsSequence("-cp", System.getProperty("java.class.path"));
        assertThat(command.getLast()).isEqualTo(JavaCommandTest.class.getName());
    }

    @Test
    void everyPartHasItsPlace() {
        List<String> command =
                JavaCommand.of(JavaCommandTest.class)
                        .withClassPath(List.of(Path.of("a.jar"), Path.of("classes")))
                        .withFlags("-Xmx64m")
                        .withProperty("z", "1")
                        .withProperty("a", "b c")
                        .withArguments("one", "two")
                        .command();

        assertThat(command.subList(1 + JavaCommand.FLAGS.size(), command.size()))
                .containsExactly(
                        "-Xmx64m",
                        "-Da=b c",
                        "-Dz=1",
                        "-cp",
                        "a.jar:classes",
                        JavaCommandTest.class.getName(),
                        "one",
                        "two");
    }

    @Test
    void aMainClassInAModuleIsFoundOnTheModulePath() {
        var command =
                new JavaCommand(
                        List.of(),
                        List.of(),
                        List.of("mods", "more"),
                        Map.of(),
                        Optional.of("m"),
                        "m.Main",
                        List.of("one"));

        assertThat(command.command())
                .containsExactly(
                        JAVA,
                        "--module-path",
                        "mods:more",
                        "--add-modules",
                        "ALL-MODULE-PATH",
                        "-m",
                        "m/m.Main",
                        "one");
    }

    @Test
    void withoutAnyPathThereIsNoCommand() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JavaCommand.of(JavaCommandTest.class).withClassPath(List.of()))
                .withMessageContaining("no class path");
    }
}

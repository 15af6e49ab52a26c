package io.hyperactor.host;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

class MinimalEnvironmentTest {
    @Test
    void onlyWhatAProgramNeedsAndWhatIsMeantForProcsIsPassedOn() {
        Map<String, String> allowed =
                Map.ofEntries(
                        Map.entry("PATH", "/bin"),
                        Map.entry("HOME", "/h"),
                        Map.entry("USER", "u"),
                        Map.entry("LANG", "C"),
                        Map.entry("LC_ALL", "C"),
                        Map.entry("TZ", "UTC"),
                        Map.entry("TMPDIR", "/t"),
                        Map.entry("XDG_RUNTIME_DIR", "/r"),
                        Map.entry("JAVA_HOME", "/j"),
                        Map.entry("HYPERACTOR_HOST_PROC_ID", "x"));
        var given = new HashMap<>(allowed);
        given.putAll(
                Map.of(
                        "AWS_SECRET_ACCESS_KEY",
                        "s",
                        "JAVA_TOOL_OPTIONS",
                        "-agentlib:x",
                        "LD_PRELOAD",
                        "x.so",
                        "CLASSPATH",
                        "x",
                        "PATHS",
                        "x",
                        "HYPERACTOR",
                        "x",
                        ControlPipe.VARIABLE,
                        "3",
                        ProcMain.ROLE,
                        "training",
                        ProcBoot.SOCKETS,
                        "1-2-3."));

        assertThat(MinimalEnvironment.of(given, Set.of())).isEqualTo(allowed);
    }

    @Test
    void whatASpecNamesIsPassedOnTooIfTheHostHasIt() {
        Map<String, String> given =
                Map.of("PATH", "/bin", "GREETING", "hello", "GREETINGS", "x", "SECRET", "s");
        ProcSpec spec =
                ProcSpec.command(List.of("true")).withInherited("GREETING").withInherited("ABSENT");

        assertThat(MinimalEnvironment.of(given, spec.inherits()))
                .containsExactlyInAnyOrderEntriesOf(Map.of("PATH", "/bin", "GREETING", "hello"));
    }
}

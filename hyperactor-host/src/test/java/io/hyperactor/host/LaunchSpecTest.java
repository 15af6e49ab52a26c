package io.hyperactor.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.ProcId;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

class LaunchSpecTest {
    private static LaunchSpec spec(List<String> command, Map<String, String> env, String line) {
        return new LaunchSpec("worker-1", command, env, Optional.empty(), line);
    }

    private static void assertRefused(
            String complaint, List<String> command, Map<String, String> env, String line) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> spec(command, env, line))
                .withMessage("launch of worker-1 " + complaint);
    }

    @Test
    void whatNoProcessCanBeGivenIsRefused() {
        assertRefused("has no program", List.of(), Map.of(), "");
        assertRefused("has no program", List.of(""), Map.of(), "");
        assertRefused("has a NUL in an argument", List.of("a", "b\0"), Map.of(), "");
        assertRefused("has a variable without a name", List.of("a"), Map.of("", "x"), "");
        assertRefused("has a variable without a name", List.of("a"), Map.of("A=B", "x"), "");
        assertRefused("has a NUL in A", List.of("a"), Map.of("A", "\0"), "");
        assertRefused("has more than one first line", List.of("a"), Map.of(), "x\ny");
        assertRefused("has too long a first line", List.of("a"), Map.of(), "x".repeat(4096));
    }

    @Test
    void theLongestFirstLineFitsIntoAPage() {
        assertThat(spec(List.of("a"), Map.of(), "x".repeat(4095)).firstLineBytes()).hasSize(4096);
    }

    @Test
    void itsTextHasNoSecret() {
        assertThat(spec(List.of("a", "b"), Map.of("C", "d"), "token")).hasToString("worker-1 (a)");
    }

    @Test
    void aLaunchThatTooManyOthersWaitBeforeIsRefusedForALimit() {
        var full = new LaunchesWaitingException(7);
        IOException told = spec(List.of("a"), Map.of(), "").failure(full);
        HostException refused =
                HostException.notLaunched(new ProcId(new ChannelAddress.Unix("/here"), "p"), told);

        assertThat(Refusal.of(refused)).isEqualTo(Refusal.LIMIT_REACHED);
        assertThat(refused).hasMessageEndingWith("the limit launchesWaiting of 7 is reached");
    }
}

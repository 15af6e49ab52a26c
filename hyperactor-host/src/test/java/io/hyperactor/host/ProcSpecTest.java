package io.hyperactor.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyperactor.wire.InvalidNameException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.List;

class ProcSpecTest {
    private static final ProcSpec SPEC = ProcSpec.command(List.of("true"));

    @ParameterizedTest
    @ValueSource(strings = {"", "A=B", "A\0B"})
    void aVariableNeedsAName(String name) {
        assertThatThrownBy(() -> SPEC.withVariable(name, "x"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> SPEC.withInherited(name))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ProcBoot.PROC_ID,
                ProcBoot.CALLBACK_ADDR,
                LaunchMarks.VARIABLE,
                ControlPipe.VARIABLE
            })
    void whoAProcIsOnlyItsHostSays(String name) {
        assertThatThrownBy(() -> SPEC.withVariable(name, "x"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(name);
    }

    @Test
    void aSpecNeedsAProgramAndNoTimeIsNegative() {
        assertThatThrownBy(() -> ProcSpec.command(List.of())).hasMessageContaining("no program");
        assertThatThrownBy(() -> SPEC.withReadyTimeout(Duration.ofMillis(-1)))
                .hasMessageContaining("readyTimeout");
        assertThatThrownBy(() -> Liveness.DEFAULT.withKillAfter(Duration.ZERO))
                .hasMessageContaining("killAfter");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a,b", "-a"})
    void anActorThatCannotBeIsNotWaitedFor(String name) {
        assertThatThrownBy(() -> SPEC.withReadyActor(name))
                .isInstanceOf(InvalidNameException.class)
                .hasMessageContaining("actor name");
    }

    @Test
    void eachWitherChangesOneThing() {
        ProcSpec spec =
                SPEC.withVariable("A", "1")
                        .withInherited("B")
                        .withReadyActor("warm")
                        .withReadyTimeout(Duration.ofSeconds(1))
                        .withLiveness(Liveness.DEFAULT)
                        .withRestart(RestartPolicy.TRANSIENT)
                        .withStopGrace(Duration.ofSeconds(2))
                        .withDirectory(java.nio.file.Path.of("/"));
        assertThat(spec.program()).isEqualTo(SPEC.program());
        assertThat(spec.environment()).containsExactlyEntriesOf(java.util.Map.of("A", "1"));
        assertThat(spec.inherits()).containsExactly("B");
        assertThat(spec.readyActor()).contains("warm");
        assertThat(spec.readyTimeout()).contains(Duration.ofSeconds(1));
        assertThat(spec.liveness()).contains(Liveness.DEFAULT);
        assertThat(spec.restart()).isEqualTo(RestartPolicy.TRANSIENT);
        assertThat(spec.stopGrace()).contains(Duration.ofSeconds(2));
        assertThat(spec.directory()).contains(java.nio.file.Path.of("/"));
    }
}

package io.hyperactor.bench.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

final class OpenLoopTest {
    @Test
    void aLoadIsAPartOfWhatCanBeDone() {
        assertThat(OpenLoop.Load.parse("80%").perSecond(1000)).isEqualTo(800);
    }

    @Test
    void orTheSameWhateverCanBeDone() {
        assertThat(OpenLoop.Load.parse("5000/s").perSecond(1000)).isEqualTo(5000);
    }

    @Test
    void aLoadOfNothingElse() {
        assertThatIllegalArgumentException().isThrownBy(() -> OpenLoop.Load.parse("many"));
    }
}

package io.hyperactor.host;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;

class RefusalLinesTest {
    private long now;
    private final RefusalLines lines = new RefusalLines(() -> now);

    @Test
    void aFloodOfOneReasonHidesNoOther() {
        assertThat(lines.next("a stranger", "")).contains("refused a stranger");
        assertThat(lines.next("a stranger", "")).isEmpty();
        assertThat(lines.next("a liar", " of p")).contains("refused a liar of p");
    }

    @Test
    void theNextLineOfAReasonSaysHowManyWereLeftOut() {
        assertThat(lines.next("a stranger", "")).isPresent();
        for (int i = 0; i < 7; i++) {
            assertThat(lines.next("a stranger", "")).isEmpty();
        }
        now += Duration.ofSeconds(1).toNanos();
        assertThat(lines.next("a stranger", ""))
                .contains("refused a stranger (7 more like this were not logged)");
        now += Duration.ofSeconds(1).toNanos();
        assertThat(lines.next("a stranger", "")).contains("refused a stranger");
    }
}

package io.hyperactor.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class UnitTest {
    @Test
    void valuesAreScaledForPeople() {
        assertThat(Unit.NANOS.text(95.13)).isEqualTo("95.1 ns");
        assertThat(Unit.NANOS.text(5_321)).isEqualTo("5.32 µs");
        assertThat(Unit.NANOS.text(2_700_000)).isEqualTo("2.70 ms");
        assertThat(Unit.NANOS.text(5e12)).isEqualTo("5000 s");
        assertThat(Unit.PER_SECOND.text(22_400_000)).isEqualTo("22.4 M/s");
        assertThat(Unit.BYTES.text(1536)).isEqualTo("1.50 KiB");
        assertThat(Unit.BYTES_PER_SECOND.text(2.85e9)).isEqualTo("2.85 GB/s");
        assertThat(Unit.PERCENT.text(2.5)).isEqualTo("2.50 %");
        assertThat(Unit.NANOS.text(0)).isEqualTo("0.00 ns");
    }

    @Test
    void bothEndsOfARangeHaveTheSameScale() {
        assertThat(Unit.NANOS.range(900, 1500)).isEqualTo("0.90–1.50");
        assertThat(Unit.PER_SECOND.range(21_000_000, 23_300_000)).isEqualTo("21.0–23.3");
    }
}

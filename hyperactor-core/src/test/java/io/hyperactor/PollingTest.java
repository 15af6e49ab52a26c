package io.hyperactor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.function.BooleanSupplier;

/// By a clock that only yields move on.
final class PollingTest {
    private static final long LATE = Long.MAX_VALUE - 1_000; // the clock may wrap

    private long now = LATE;
    private long yieldNanos;
    private int yields;

    private Polling on(int processors) {
        return new Polling(() -> now, this::yielded, processors);
    }

    private void yielded() {
        yields++;
        now += yieldNanos;
    }

    private BooleanSupplier afterYields(int enough) {
        return () -> yields >= enough;
    }

    private static boolean never() {
        return false;
    }

    @Test
    void whatIsReadyNeedsNoYield() {
        assertThat(on(2).poll(() -> true)).isTrue();
        assertThat(yields).isZero();
    }

    @Test
    void itYieldsUntilItIsReady() {
        yieldNanos = 500;
        assertThat(on(2).poll(afterYields(7))).isTrue();
        assertThat(yields).isEqualTo(7);
    }

    @Test
    void itGivesUpAfterFiftyMicroseconds() {
        yieldNanos = 500;
        assertThat(on(2).poll(PollingTest::never)).isFalse();
        assertThat(yields).isEqualTo(100);
    }

    @Test
    void itLooksOnceMoreAfterTheLastYield() {
        yieldNanos = Polling.POLL_NANOS;
        assertThat(on(2).poll(afterYields(1))).isTrue();
    }

    @Test
    void aSlowYieldEndsPollingForTwentyMilliseconds() {
        Polling polling = on(2);
        yieldNanos = Polling.SLOW_YIELD_NANOS;
        assertThat(polling.poll(PollingTest::never)).isFalse();
        yieldNanos = Polling.SLOW_YIELD_NANOS + 1;
        assertThat(polling.poll(PollingTest::never)).isFalse();
        assertThat(yields).isEqualTo(2);

        now += Polling.OFF_NANOS - 1;
        assertThat(polling.poll(PollingTest::never)).isFalse();
        assertThat(polling.poll(() -> true)).isTrue();
        assertThat(yields).isEqualTo(2);

        now++;
        assertThat(polling.poll(afterYields(3))).isTrue();
        assertThat(yields).isEqualTo(3);
    }

    @Test
    void onOneProcessorAYieldThatLetNobodyInIsTheLast() {
        Polling polling = on(1);
        yieldNanos = Polling.IDLE_YIELD_NANOS - 1;
        assertThat(polling.poll(PollingTest::never)).isFalse();
        assertThat(yields).isEqualTo(1);

        yieldNanos = Polling.IDLE_YIELD_NANOS;
        assertThat(polling.poll(afterYields(5))).isTrue();
        assertThat(yields).isEqualTo(5);
    }
}

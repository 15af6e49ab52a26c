package io.hyperactor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

final class StuckWatchTest {
    private static final long PATIENCE = 10;

    private final List<Long> told = new ArrayList<>();
    private final StuckWatch watch = new StuckWatch(Thread.currentThread());
    private final StuckWatch.Watched activation =
            new StuckWatch.Watched() {
                @Override
                public long stuckAfterNanos() {
                    return PATIENCE;
                }

                @Override
                public void lasts(long nanos, Thread thread) {
                    assertThat(thread).isSameAs(Thread.currentThread());
                    told.add(nanos);
                }

                @Override
                public void run() {}
            };

    private void look(long number, long... times) {
        for (long time : times) {
            watch.look(number, activation, time);
        }
    }

    @Test
    void itIsToldAfterItsPatienceAndThenEachTimeThatItHasLastedTwiceAsLong() {
        look(1, 100, 109, 110, 111, 119, 120, 139, 141, 150, 181, 182);
        assertThat(told).containsExactly(10L, 20L, 41L, 82L);
    }

    @Test
    void whatEndsInTimeIsNotMentionedHoweverOftenItRuns() {
        look(1, 100, 109);
        look(3, 111, 119);
        look(5, 200, 205);
        assertThat(told).isEmpty();
        look(5, 210);
        assertThat(told).containsExactly(10L);
        look(7, 211, 220);
        assertThat(told).hasSize(1);
    }

    @Test
    void timesMayBeNegative() {
        look(1, Long.MAX_VALUE - 2, Long.MIN_VALUE + 6, Long.MIN_VALUE + 7);
        assertThat(told).containsExactly(10L);
    }

    @Test
    void whatNobodyWatchesIsNotWatched() {
        watch.look(1, () -> {}, 0);
        watch.look(1, null, 100);
        look(1, 200, 205);
        assertThat(told).isEmpty();
    }
}

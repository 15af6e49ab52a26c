package io.hyperactor.host;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

class LogOrderTest {
    private static final Instant START = Instant.ofEpochSecond(1_000_000);

    private final LogOrder order = new LogOrder();
    private Instant now = START;

    private void add(long millis, String text) {
        order.add(
                LogRecord.line(START.plusMillis(millis), "p", 7, LogRecord.Source.STDOUT, text),
                now);
    }

    private List<String> poll() {
        List<String> all = new ArrayList<>();
        for (LogRecord next = order.poll(now); next != null; next = order.poll(now)) {
            all.add(next.text());
        }
        return all;
    }

    @Test
    void nothingIsHeldLongerThanTheWindowAndWhatComesWithinItComesInTheOrderOfTime() {
        for (long seed = 0; seed < 100; seed++) {
            Random random = new Random(seed);
            List<Long> out = new ArrayList<>();
            now = START;
            for (long millis = 0; millis < 5000; millis += 5) {
                now = START.plusMillis(millis);
                long made = millis - random.nextInt((int) LogOrder.WINDOW.toMillis());
                add(made, Long.toString(made));
                poll().forEach(text -> out.add(Long.parseLong(text)));
                assertThat(order.left(now)).isPositive().isLessThanOrEqualTo(LogOrder.WINDOW);
            }
            now = now.plus(LogOrder.WINDOW);
            poll().forEach(text -> out.add(Long.parseLong(text)));
            assertThat(out).as("seed %d", seed).hasSize(1000).isSorted();
        }
    }

    @Test
    void ofEqualTimesTheFirstToComeIsTheFirst() {
        for (int i = 0; i < 100; i++) {
            add(0, Integer.toString(i));
        }
        now = now.plus(LogOrder.WINDOW);
        assertThat(poll())
                .hasSize(100)
                .isSortedAccordingTo(Comparator.comparingInt(Integer::parseInt));
    }

    @Test
    void aTimeThatHasNotComeCountsAsNow() {
        add(3_600_000, "later");
        now = now.plus(LogOrder.WINDOW);
        assertThat(poll()).containsExactly("later");
    }

    @Test
    void aClockThatIsSetBackHoldsNothingUp() {
        add(0, "a");
        now = now.minus(Duration.ofHours(1));
        assertThat(poll()).containsExactly("a");
    }

    @Test
    void whatIsTooMuchGoesEarlyAndTheOldestFirst() {
        int count = 2 * LogOrder.CHARS_MAX / 1000;
        for (int i = 0; i < count; i++) {
            add(-i / 10, i + "x".repeat(1000));
        }
        List<String> early = poll();
        assertThat(early).hasSizeGreaterThan(count / 3).hasSizeLessThan(count);
        assertThat(early.getFirst()).startsWith(count / 10 * 10 + "x");
        assertThat(order.left(now)).isPositive();
    }
}

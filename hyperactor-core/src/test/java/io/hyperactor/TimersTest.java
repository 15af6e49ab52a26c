package io.hyperactor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

final class TimersTest {
    private long now = 1_000;
    private int failing; // at the so many-th look at the clock from now
    private final Timers timers = new Timers(this::clock);
    private final List<String> done = new ArrayList<>();

    private long clock() {
        if (failing > 0 && --failing == 0) {
            throw new OutOfMemoryError("planned");
        }
        return now;
    }

    private Timers.Timer set(long millis, String what) {
        return timers.set(Duration.ofMillis(millis), () -> done.add(what));
    }

    private void pass(long millis) {
        now += millis * 1_000_000;
        timers.step();
    }

    @Test
    void actionsRunInTheOrderOfTheirTimesAndNotEarlier() {
        set(30, "c");
        set(10, "a");
        set(20, "b");
        pass(9);
        assertThat(done).isEmpty();
        pass(1);
        assertThat(done).containsExactly("a");
        pass(100);
        assertThat(done).containsExactly("a", "b", "c");
    }

    @Test
    void aLookThatFailsIsTakenUpByTheNext() {
        set(10, "a");
        set(20, "b");
        now += 15_000_000;
        failing = 2; // the second time it asks, what was set has been taken
        assertThatThrownBy(timers::step).isInstanceOf(OutOfMemoryError.class);
        assertThat(done).isEmpty();
        assertThat(timers.untilNext()).isBetween(1L, 10_000_000L);
        pass(1);
        assertThat(done).containsExactly("a");
        pass(10);
        assertThat(done).containsExactly("a", "b");
    }

    @Test
    void whatIsCancelledDoesNotRun() {
        Timers.Timer early = set(10, "early");
        early.cancel();
        Timers.Timer late = set(20, "late");
        pass(1);
        late.cancel();
        pass(100);
        assertThat(done).isEmpty();
    }

    @Test
    void whatIsCancelledBeforeItIsLookedAtIsNotHeld() {
        for (int i = 0; i < 100; i++) {
            set(1_000_000, "never").cancel();
        }
        timers.step();
        assertThat(timers.size()).isZero();
    }

    @Test
    void ofManyThatAreCancelledLaterFewAreHeld() {
        for (int i = 0; i < 100_000; i++) {
            Timers.Timer timer = set(1_000_000, "never");
            timers.step();
            timer.cancel();
        }
        assertThat(timers.size()).isLessThan(3_000);
    }

    @Test
    void withoutTimersThereIsNothingToWakeUpFor() {
        timers.step();
        assertThat(timers.untilNext()).isGreaterThan(Duration.ofDays(365).toNanos());
    }

    @Test
    void theNextLookIsInTimeForEachTimer() {
        timers.step();
        set(5, "a");
        assertThat(timers.untilNext()).isEqualTo(5_000_000);
        set(100, "b");
        set(2, "c");
        assertThat(timers.untilNext()).isEqualTo(2_000_000);
        pass(5);
        assertThat(done).containsExactly("c", "a");
        assertThat(timers.untilNext()).isEqualTo(95_000_000);
    }

    @Test
    void anEndlessDelayIsNoMistake() {
        timers.set(Duration.ofSeconds(Long.MAX_VALUE), () -> done.add("never"));
        pass(1_000_000);
        assertThat(done).isEmpty();
    }

    @Test
    void anActionThatThrowsHarmsNoOther() {
        timers.set(
                Duration.ofMillis(1),
                () -> {
                    throw new IllegalStateException("on purpose");
                });
        set(2, "other");
        pass(10);
        assertThat(done).containsExactly("other");
    }

    @Test
    void theThreadOfTheProcessRunsThem() {
        CountDownLatch ran = new CountDownLatch(2);
        Timers.after(Duration.ofMillis(20), ran::countDown);
        Timers.after(Duration.ZERO, ran::countDown);
        Waiting.on(ran);
    }

    @Test
    void whatWaitsKeepsNothingThatWasSetBeforeAndCancelled() {
        WeakReference<Timers.Timer> cancelled = new WeakReference<>(set(100, "cancelled"));
        cancelled.get().cancel();
        set(100, "waits");
        pass(1);
        Waiting.until(() -> {
            System.gc();
            return cancelled.get() == null;
        });
        pass(100);
        assertThat(done).containsExactly("waits");
    }
}

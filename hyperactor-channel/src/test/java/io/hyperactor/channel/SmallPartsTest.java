package io.hyperactor.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

final class SmallPartsTest {
    @Test
    void whoeverAsksForATakenTurnIsSeenByItsOwner() {
        WriteTurn turn = new WriteTurn();
        assertThat(turn.take()).isTrue();
        turn.look();
        assertThat(turn.take()).isFalse();
        assertThat(turn.take()).isFalse();
        assertThat(turn.release()).as("somebody asked").isFalse();
        turn.look();
        assertThat(turn.release()).isTrue();
        assertThat(turn.take()).isTrue();
    }

    @Test
    void aBurstUsesUpTheCreditAndTimeBringsItBack() {
        InlineCredit credit = new InlineCredit(0);
        for (int i = 0; i < 2; i++) {
            assertThat(credit.take(i)).isTrue();
        }
        assertThat(credit.take(8)).isFalse();
        assertThat(credit.take(12_008)).isTrue();
        assertThat(credit.take(12_009)).isFalse();
        for (int i = 0; i < 2; i++) {
            assertThat(credit.take(1_000_000_000)).isTrue();
        }
        assertThat(credit.take(1_000_000_000)).isFalse();
    }

    @Test
    void pollingEndsFiftyMicrosecondsAfterTheLastEvent() {
        PollGuard guard = new PollGuard(0, 2);
        assertThat(guard.polls(49_999)).isTrue();
        assertThat(guard.polls(50_000)).isFalse();
        guard.event(100_000);
        assertThat(guard.polls(149_999)).isTrue();
        assertThat(guard.quiet(149_999)).isFalse();
        assertThat(guard.quiet(150_000)).isTrue();
    }

    @Test
    void onOneProcessorThereIsOnePollAfterAnEvent() {
        PollGuard guard = new PollGuard(0, 1);
        assertThat(guard.polls(1)).isTrue();
        assertThat(guard.polls(2)).isFalse();
        guard.event(3);
        assertThat(guard.polls(4)).isTrue();
        assertThat(guard.polls(5)).isFalse();
    }

    @Test
    void aLongYieldStopsPollingForTwentyMilliseconds() {
        PollGuard guard = new PollGuard(0, 2);
        guard.yielded(0, 100_000);
        guard.event(100_000);
        assertThat(guard.polls(100_001)).isTrue();
        guard.yielded(100_000, 200_001);
        guard.event(200_001);
        assertThat(guard.polls(200_002)).isFalse();
        guard.event(20_200_000);
        assertThat(guard.polls(20_200_000)).isFalse();
        assertThat(guard.polls(20_200_001)).isTrue();
    }

    @Test
    void pausesDoubleUpToTheCapAndVaryByATenth() {
        Backoff backoff = new Backoff(Duration.ofMillis(10), Duration.ofSeconds(5), new Random(1));
        for (int round = 0; round < 2; round++) {
            long expected = 10_000_000;
            for (int i = 0; i < 15; i++) {
                assertThat(backoff.next()).isBetween(expected * 9 / 10, expected * 11 / 10);
                expected = Math.min(2 * expected, 5_000_000_000L);
            }
            backoff.reset();
        }
    }

    @Test
    void timersRunInTheOrderOfTheirTimesEvenIfTheClockWraps() {
        Timers timers = new Timers();
        long now = Long.MAX_VALUE - 5;
        List<String> ran = new ArrayList<>();
        assertThat(timers.untilNext(now)).isEqualTo(Long.MAX_VALUE);
        timers.at(now + 10, () -> ran.add("after the wrap"));
        Timers.Timer cancelled = timers.at(now + 2, () -> ran.add("cancelled"));
        timers.at(now + 3, () -> ran.add("before the wrap"));
        timers.cancel(cancelled);

        assertThat(timers.untilNext(now)).isEqualTo(3);
        assertThat(timers.due(now)).isNull();
        for (Runnable task = timers.due(now + 20); task != null; task = timers.due(now + 20)) {
            task.run();
        }
        assertThat(ran).containsExactly("before the wrap", "after the wrap");
    }

    @Test
    void thePoolKeepsWithinItsBoundAndFindsWhatFits() {
        BytePool pool = new BytePool(1000);
        byte[] small = new byte[100];
        byte[] large = new byte[800];
        pool.give(small);
        pool.give(large);
        pool.give(new byte[200]); // would exceed it
        assertThat(pool.poll(150, 300)).isNull();
        assertThat(pool.take(401)).isSameAs(large);
        assertThat(pool.take(401)).hasSize(401);
        assertThat(pool.poll(1, Integer.MAX_VALUE)).isSameAs(small);
    }

    @Test
    void limitsMustBePositive() {
        ChannelConfig config = ChannelConfig.standard();
        assertThatThrownBy(() -> config.withFrameMaxBytes(0)).hasMessageContaining("frameMaxBytes");
        assertThatThrownBy(() -> config.withFrameMaxBytes(Integer.MAX_VALUE))
                .hasMessageContaining("frameMaxBytes");
        assertThatThrownBy(() -> config.withWindow(0, 1)).hasMessageContaining("windowBytes");
        assertThatThrownBy(() -> config.withWindow(1, 0)).hasMessageContaining("windowFrames");
        assertThatThrownBy(() -> config.withAckTimeout(Duration.ZERO))
                .hasMessageContaining("ackTimeout");
        assertThatThrownBy(() -> config.withCloseWait(Duration.ZERO))
                .hasMessageContaining("closeWait");
        assertThatThrownBy(() -> config.withSilentConnections(Duration.ZERO, 1))
                .hasMessageContaining("helloTimeout");
        assertThatThrownBy(() -> config.withSilentConnections(Duration.ofSeconds(1), 0))
                .hasMessageContaining("silentConnectionsMax");
        assertThatThrownBy(() -> config.withDialWindow(Duration.ofMillis(-1)))
                .hasMessageContaining("dialWindow");
        assertThat(config.withDialWindow(Duration.ZERO).dialWindow()).isZero();
    }

    @Test
    void rejectCodesKeepTheirNumbers() {
        for (RejectCode code : RejectCode.values()) {
            assertThat(RejectCode.of(code.number())).isEqualTo(code);
        }
        assertThat(RejectCode.of(4711)).isEqualTo(RejectCode.UNKNOWN);
    }
}

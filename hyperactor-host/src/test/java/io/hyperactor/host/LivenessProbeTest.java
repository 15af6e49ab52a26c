package io.hyperactor.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperactor.Client;
import io.hyperactor.Envelope;
import io.hyperactor.MailboxSender;
import io.hyperactor.Proc;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.ProcId;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// Whether a proc is asked again, whatever became of the last question.
@Timeout(60)
class LivenessProbeTest {
    private static final ChannelAddress HERE = new ChannelAddress.Unix("/here");
    private static final Liveness OFTEN =
            Liveness.DEFAULT.withTimes(Duration.ofMillis(1), Duration.ofDays(1));

    private final CountDownLatch asked = new CountDownLatch(2);

    /// Has no memory for the first question.
    private final MailboxSender out =
            new MailboxSender() {
                @Override
                public boolean offer(Envelope envelope) {
                    asked.countDown();
                    if (asked.getCount() > 0) {
                        throw new OutOfMemoryError("planned");
                    }
                    return true;
                }

                @Override
                public CompletableFuture<Void> flush() {
                    return CompletableFuture.completedFuture(null);
                }
            };

    /// All procs would be killed when a host goes on that was stopped.
    @Test
    void timeInWhichNobodyLookedIsNotHeldAgainstTheProc() {
        Liveness liveness =
                Liveness.DEFAULT
                        .withTimes(Duration.ofSeconds(1), Duration.ofSeconds(5))
                        .withKillAfter(Duration.ofSeconds(10));
        long[] now = {Long.MAX_VALUE - 5};
        List<Silence.Change> changes = new ArrayList<>();
        var never = new ScheduledThreadPoolExecutor(1, new ThreadPoolExecutor.DiscardPolicy());
        never.shutdown(); // the test looks itself
        try (Proc proc = Proc.configured(new ProcId(HERE, "service"), out);
                Client client = proc.client("host");
                var probe =
                        new LivenessProbe(
                                new ProcId(HERE, "a"),
                                liveness,
                                client,
                                never,
                                () -> now[0],
                                (change, _) -> changes.add(change))) {
            probe.run();
            now[0] += TimeUnit.MINUTES.toNanos(1);
            probe.run();
            assertThat(changes).isEmpty();
            for (int second = 0; second < 10; second++) {
                now[0] += TimeUnit.SECONDS.toNanos(1);
                probe.run();
            }
        }
        assertThat(changes).containsExactly(Silence.Change.SUSPECTED, Silence.Change.FATAL);
    }

    @Test
    void aQuestionForWhichThereWasNoMemoryIsAskedAgain() throws InterruptedException {
        try (Proc proc = Proc.configured(new ProcId(HERE, "service"), out);
                Client client = proc.client("host");
                var probe =
                        new LivenessProbe(
                                new ProcId(HERE, "a"),
                                OFTEN,
                                client,
                                Threads.timer(),
                                System::nanoTime,
                                (_, _) -> {})) {
            probe.run();
            assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();
        }
    }
}

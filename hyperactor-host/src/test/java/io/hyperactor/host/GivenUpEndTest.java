package io.hyperactor.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hyperactor.channel.Secret;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.ProcId;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/// What callers are told by a proc that outlives KILL for a while.
@Timeout(60)
class GivenUpEndTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final ProcExit EXIT = new ProcExit.Signalled(9, false);

    private final AtomicLong now = new AtomicLong();

    /// What is due later is due at once, and that much time has passed.
    private final ScheduledThreadPoolExecutor timer =
            new ScheduledThreadPoolExecutor(1) {
                @Override
                public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
                    now.addAndGet(unit.toNanos(delay));
                    return super.schedule(task, 0, unit);
                }
            };

    private final FakeProcess process = new FakeProcess("p", Secret.NONE);
    private final ProcessProcHandle<EchoMessage> handle =
            new ProcessProcHandle<>(
                    new ProcId(ChannelAddress.parse("unix:/run/s"), "p"),
                    ProcSpec.command(List.of("deaf")),
                    Secret.NONE,
                    0,
                    new LongAdder(),
                    timer,
                    now::get);

    @AfterEach
    void close() {
        timer.shutdownNow();
    }

    private static CompletableFuture<ProcExit> failed(Throwable e) {
        return CompletableFuture.failedFuture(e);
    }

    private CompletableFuture<ProcExit> kill() {
        try {
            return CompletableFuture.completedFuture(handle.kill());
        } catch (TerminateException | InterruptedException e) {
            return failed(e);
        }
    }

    @Test
    void whoComesAfterAnAttemptWasGivenUpIsNotToldOfThatAttempt() {
        handle.launched(process, Instant.EPOCH, ExitReport::of, () -> {});
        assertThatThrownBy(handle::kill).isInstanceOf(TerminateException.Io.class);

        CompletableFuture<CompletableFuture<ProcExit>> told = new CompletableFuture<>();
        var _ =
                handle.ready()
                        .whenComplete((_, _) -> { // it has ended, and not all are told
                            Thread caller = Thread.ofPlatform().start(() -> told.complete(kill()));
                            await().atMost(PATIENCE)
                                    .until(() ->
                                            told.isDone()
                                                    || caller.getState() == Thread.State.WAITING);
                        });
        process.exit.complete(EXIT);

        assertThat(told.thenCompose(exit -> exit)).succeedsWithin(PATIENCE).isEqualTo(EXIT);
        assertThat(handle.exit()).isCompletedWithValue(EXIT);
        assertThatThrownBy(handle::kill).isInstanceOf(TerminateException.AlreadyTerminated.class);
    }

    @Test
    void whoWantsTheEndOfWhatIsNotLaunchedIsToldSoInTimeAndItIsKilledWhenItIs() {
        assertThatThrownBy(handle::kill)
                .isInstanceOf(TerminateException.Io.class)
                .hasMessageContaining("has not been launched within 2 s");
        handle.launched(process, Instant.EPOCH, ExitReport::of, () -> {});
        assertThat(process.killed).isTrue();
        process.exit.complete(EXIT);
        assertThat(handle.exit()).isCompletedWithValue(EXIT);
    }
}

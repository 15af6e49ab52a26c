package io.hyperactor.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hyperactor.Protocols;
import io.hyperactor.channel.Secret;
import io.hyperactor.wire.ActorId;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.MessageType;
import io.hyperactor.wire.ProcId;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/// Who is told of the end of a proc, and when.
class ProcessProcHandleTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final ProcExit KILLED = new ProcExit.Signalled(9, false);

    private final FakeProcess process = new FakeProcess("p", Secret.NONE);
    private final List<String> order = new ArrayList<>();
    private final ProcessProcHandle<EchoMessage> handle = handle(Threads.timer());

    private static ProcessProcHandle<EchoMessage> handle(ScheduledExecutorService timer) {
        return new ProcessProcHandle<>(
                new ProcId(new ChannelAddress.Unix("/here"), "p"),
                ProcSpec.command(List.of("true")),
                Secret.NONE,
                0,
                new LongAdder(),
                timer,
                System::nanoTime);
    }

    private void launch(Runnable cleanUp) {
        handle.launched(process, Instant.EPOCH, this::gone, cleanUp);
        handle.atEnd(_ -> order.add("name and route"));
        var _ = handle.exit().thenRun(() -> order.add("told"));
    }

    private ExitReport gone(ProcExit how) {
        order.add("known");
        return ExitReport.of(how);
    }

    @Test
    void whoWaitsIsToldBeforeAnythingIsTidiedUp() {
        launch(() -> order.add("tidied up"));

        process.exit.complete(KILLED);

        assertThat(order).containsExactly("known", "name and route", "told", "tidied up");
        assertThat(handle.report()).isCompletedWithValue(ExitReport.of(KILLED));
    }

    @Test
    @Timeout(60)
    void whatHangsOnTheExitMayBlockAndHoldsUpNobody() {
        CountDownLatch free = new CountDownLatch(1);
        launch(() -> order.add("tidied up"));
        CompletableFuture<Void> hangsOnIt =
                handle.exit().thenAccept(_ -> assertThat(awaits(free)).isTrue());
        CompletableFuture<ProcExit> killed = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> killed.complete(kill()));
        Thread.ofVirtual().start(() -> process.exit.complete(KILLED));

        assertThat(killed).succeedsWithin(PATIENCE).isEqualTo(KILLED);
        assertThat(handle.exit()).isCompletedWithValue(KILLED);
        assertThat(handle.report()).isCompletedWithValue(ExitReport.of(KILLED));
        assertThat(hangsOnIt).isNotDone();
        free.countDown();
        assertThat(hangsOnIt).succeedsWithin(PATIENCE);
    }

    private ProcExit kill() {
        return kill(handle);
    }

    private static ProcExit kill(ProcessProcHandle<?> handle) {
        try {
            return handle.kill();
        } catch (TerminateException.AlreadyTerminated before) {
            return before.exit();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean awaits(CountDownLatch latch) {
        try {
            return latch.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /// Without a timer nobody would come back to it.
    @Test
    void aRungWithoutATimerIsNotSteppedOn() {
        AtomicInteger failures = new AtomicInteger(1);
        var timer =
                new ScheduledThreadPoolExecutor(1) {
                    @Override
                    public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
                        if (failures.getAndDecrement() > 0) {
                            throw new OutOfMemoryError("unable to create native thread");
                        }
                        return super.schedule(task, delay, unit);
                    }
                };
        try (timer) {
            var mine = handle(timer);
            mine.launched(process, Instant.EPOCH, ExitReport::of, () -> {});
            assertThatThrownBy(mine::kill).isInstanceOf(OutOfMemoryError.class);
            assertThat(process.killed).isFalse();

            CompletableFuture<ProcExit> killed = new CompletableFuture<>();
            Thread.ofVirtual().start(() -> killed.complete(kill(mine)));
            await().atMost(PATIENCE).until(() -> process.killed);
            process.exit.complete(KILLED);
            assertThat(killed).succeedsWithin(PATIENCE).isEqualTo(KILLED);
        }
    }

    @Test
    void whatFailsInTidyingUpChangesNothing() {
        launch(() -> {
            throw new IllegalStateException("a disk is full");
        });

        process.exit.complete(KILLED);

        assertThat(handle.exit()).isCompletedWithValue(KILLED);
        assertThat(handle.status().value()).isEqualTo(new ProcStatus.Killed(KILLED));
    }

    @Test
    void anEndForWhichThereIsNoMemoryIsToldAtLast() {
        AtomicInteger failures = new AtomicInteger(2);
        var crash = new Diagnosis.JvmCrash("SIGSEGV", Optional.of(unspeakable(failures)));
        handle.launched(
                process,
                Instant.EPOCH,
                how -> new ExitReport(how, Optional.of(crash), List.of()),
                () -> {});
        process.exit.complete(KILLED);

        assertThat(failures).hasValue(0);
        assertThat(handle.exit()).isCompletedWithValue(KILLED);
        assertThat(handle.ready()).isCompletedExceptionally();
    }

    /// A path for whose text there is no memory, so many times.
    private static Path unspeakable(AtomicInteger failures) {
        return (Path)
                Proxy.newProxyInstance(
                        Path.class.getClassLoader(),
                        new Class<?>[] {Path.class},
                        (_, _, _) -> {
                            if (failures.get() > 0) {
                                failures.decrementAndGet();
                                throw new OutOfMemoryError("planned");
                            }
                            return "/crash";
                        });
    }

    @Test
    void whoWaitsUntilItIsReadyIsToldThatItWillNotBe() {
        launch(() -> {});

        process.exit.complete(KILLED);

        assertThatThrownBy(() -> handle.ready().join())
                .hasCauseInstanceOf(ReadyException.Terminal.class);
    }

    @Test
    void whoHasCalledBackAsSomethingElseDoesNotBecomeReadyLater() {
        launch(() -> {});
        MessageType<EchoMessage> echo = Protocols.of(EchoMessage.class);
        var there = new ChannelAddress.Unix("/there");
        ActorId agent = handle.procId().actor("agent", 0);
        var unfit = new Callback(handle.procId(), there, agent, echo.hash(), 1);

        assertThat(handle.calledBack(unfit, echo)).isTrue(); // its handle wants protocol 0
        assertThat(handle.ready())
                .failsWithin(PATIENCE)
                .withThrowableThat()
                .withCauseInstanceOf(ReadyException.ChannelClosed.class);
        var fit = new Callback(handle.procId(), there, agent, 0, 1);

        assertThat(handle.calledBack(fit, echo)).isFalse();
        assertThat(handle.status().value()).isInstanceOf(ProcStatus.Running.class);
        assertThat(handle.agent()).isEmpty();
    }
}

package io.hyperactor.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hyperactor.ActorRef;
import io.hyperactor.Instance;
import io.hyperactor.ProcAgentMessage;
import io.hyperactor.channel.Secret;
import io.hyperactor.host.ExitReport;
import io.hyperactor.host.ProcExit;
import io.hyperactor.host.ProcHandle;
import io.hyperactor.host.TerminateException;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.ProcId;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/// What a host says of its procs when it has stopped.
class StoppedProcsTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /// Of a proc that has ended; only its exit matters.
    private record Ended(String name, CompletableFuture<ProcExit> exit)
            implements ProcHandle<ProcAgentMessage> {
        static Ended by(String name, ProcExit exit) {
            return new Ended(name, CompletableFuture.completedFuture(exit));
        }

        static Ended untold(String name) {
            return new Ended(name, new CompletableFuture<>());
        }

        @Override
        public ProcId procId() {
            return new ProcId(new ChannelAddress.Local(1), name);
        }

        @Override
        public Optional<ChannelAddress> address() {
            return Optional.empty();
        }

        @Override
        public Optional<ActorRef<ProcAgentMessage>> agent() {
            return Optional.empty();
        }

        @Override
        public Secret secret() {
            return Secret.NONE;
        }

        @Override
        public OptionalLong pid() {
            return OptionalLong.empty();
        }

        @Override
        public CompletableFuture<Void> ready() {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void atEnd(Consumer<ExitReport> action) {
            throw new UnsupportedOperationException();
        }

        @Override
        public ProcExit terminate(Instance cx, Duration grace, String reason) {
            throw new TerminateException.Unsupported();
        }

        @Override
        public ProcExit kill() {
            throw new TerminateException.Unsupported();
        }
    }

    @Test
    void whoDidNotEndInGoodOrderIsNamed() {
        assertThat(
                        RunningHost.describe(
                                List.of(
                                        Ended.by("a", new ProcExit.Exited(0)),
                                        Ended.by("b", new ProcExit.Signalled(9, false))),
                                PATIENCE))
                .isEqualTo("stopped 2 procs; b: killed by signal 9 (SIGKILL)");
    }

    @Test
    void anExitThatIsToldAMomentLaterIsWaitedFor() {
        Ended late = Ended.untold("late");
        Thread.startVirtualThread(() -> {
            await().atMost(PATIENCE).until(() -> late.exit().getNumberOfDependents() > 0);
            late.exit().complete(new ProcExit.Exited(7));
        });
        assertThat(RunningHost.describe(List.of(late), PATIENCE))
                .isEqualTo("stopped 1 proc; late: exited with status 7");
    }

    @Test
    void whatIsNotKnownIsNotTakenForGoodOrder() {
        Ended lost = Ended.untold("lost");
        lost.exit().completeExceptionally(new IllegalStateException("no manager"));
        assertThat(RunningHost.describe(List.of(Ended.untold("untold"), lost), Duration.ZERO))
                .isEqualTo(
                        "stopped 2 procs; untold: how it ended is not known"
                                + "; lost: how it ended is not known: "
                                + "java.lang.IllegalStateException: no manager");
    }
}

package io.hyperactor.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyperactor.Actor;
import io.hyperactor.ActorType;
import io.hyperactor.ActorTypes;
import io.hyperactor.Context;
import io.hyperactor.OncePortRef;
import io.hyperactor.Proc;
import io.hyperactor.ProcAgent;
import io.hyperactor.channel.ChannelConfig;
import io.hyperactor.host.Host;
import io.hyperactor.host.HostAgent;
import io.hyperactor.host.HostAgentMessage;
import io.hyperactor.host.HostAgentMessage.Counter;
import io.hyperactor.host.HostAgentMessage.ProcInfo;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.Transport;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;

@Timeout(60)
class AgentConnectionTest {
    private static final Duration LOOK_EVERY = Duration.ofMillis(20);
    private static final long PID = 42;

    private final Proc host =
            Proc.direct(ChannelAddress.any(Transport.UNIX), Host.SERVICE_PROC_NAME);

    /// Says of the proc that it spawns what it was told to, one state each time it is asked, and
    /// then that there is none.
    private static final class SlowAgent implements Actor<HostAgentMessage> {
        private final Queue<String> states;
        private final boolean answers;
        private Optional<HostAgentMessage.SpawnProc> spawn = Optional.empty();

        /// @param answers whether it says that the proc is ready when there are no more states
        SlowAgent(List<String> states, boolean answers) {
            this.states = new ArrayDeque<>(states);
            this.answers = answers;
        }

        @Override
        public void receive(Context<HostAgentMessage> cx, HostAgentMessage message) {
            switch (message) {
                case HostAgentMessage.SpawnProc asked -> spawn = Optional.of(asked);
                case HostAgentMessage.ListProcs(var replyTo) -> list(cx, replyTo);
                default -> throw new AssertionError(message);
            }
        }

        private void list(Context<HostAgentMessage> cx, OncePortRef<List<ProcInfo>> replyTo) {
            HostAgentMessage.SpawnProc asked = spawn.orElseThrow();
            String state = states.poll();
            if (state != null) {
                cx.send(
                        replyTo,
                        List.of(new ProcInfo(asked.name(), PID, state, 0, 0, 0, 0, "", List.of())));
                return;
            }
            cx.send(replyTo, List.of());
            if (answers) {
                cx.send(asked.replyTo(), new HostAgentMessage.Spawned(cx.proc().id(), PID));
            }
        }
    }

    private long spawn(List<String> states, boolean answers) throws InterruptedException {
        host.spawn(
                HostAgent.NAME,
                ActorType.of(
                        HostAgent.NAME,
                        HostAgentMessage.class,
                        () -> new SlowAgent(states, answers)));
        try (HostConnection connection = dial()) {
            return connection.spawn("p");
        }
    }

    private HostConnection dial() {
        var target =
                new HostTarget(host.id().address(), ChannelConfig.standard(), Optional.empty());
        return AgentConnection.dial(target, LOOK_EVERY);
    }

    @AfterEach
    void close() {
        host.close();
    }

    @Test
    void aSpawnWaitsAsLongAsTheHostIsAtItAndThenForItsAnswer() throws Exception {
        assertThat(spawn(List.of("starting", "running", "stopping"), true)).isEqualTo(PID);
    }

    @Test
    void whatAProcCountsItsAgentSays() throws Exception {
        host.spawn(ProcAgent.NAME, ProcAgent.type(ActorTypes.of()));
        try (HostConnection connection = dial()) {
            assertThat(connection.counters(host.id().name()))
                    .startsWith(new Counter("actors.live", 1))
                    .extracting(Counter::name)
                    .isSorted();
        }
    }

    @Test
    void aSpawnOfWhichTheHostKnowsNothingAnyMoreFails() {
        assertThatThrownBy(() -> spawn(List.of("starting"), false))
                .isInstanceOf(CliException.Failed.class)
                .hasMessageEndingWith("does not say what became of p");
    }
}

package io.hyperactor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperactor.Actor;
import io.hyperactor.ActorRef;
import io.hyperactor.ActorType;
import io.hyperactor.Client;
import io.hyperactor.Context;
import io.hyperactor.Proc;
import io.hyperactor.host.HostAgent;
import io.hyperactor.host.HostAgentMessage;
import io.hyperactor.host.LogBatch;
import io.hyperactor.host.LogPosition;
import io.hyperactor.host.LogQuery;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.Transport;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Follows an agent that sends one batch to who follows, and then says nothing more.
@Timeout(60)
class LogStreamTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Instant SINCE = Instant.ofEpochSecond(7);

    private static final class OneBatchAgent implements Actor<HostAgentMessage> {
        private long follows;

        @Override
        public void receive(Context<HostAgentMessage> cx, HostAgentMessage message) {
            if (message instanceof HostAgentMessage.FollowLogs follow) {
                assertThat(follow.procs()).containsExactly("a");
                assertThat(follow.since()).contains(SINCE);
                assertThat(follow.from())
                        .isEqualTo(
                                follows == 0 ? Optional.empty() : Optional.of(position(follows)));
                follows++;
                cx.send(follow.replyTo(), new HostAgentMessage.Following(follows));
                cx.send(follow.to(), new LogBatch(List.of(), follows, position(follows)));
            }
        }
    }

    private static LogPosition position(long follow) {
        return new LogPosition(1, follow, Instant.EPOCH);
    }

    @Test
    void whenTheHostHasGivenItUpItGoesOnFromWhereItWas() throws Exception {
        try (Proc proc = Proc.direct(ChannelAddress.any(Transport.LOCAL), "proc")) {
            ActorRef<HostAgentMessage> agent =
                    proc.spawn(
                                    HostAgent.NAME,
                                    ActorType.of(
                                            HostAgent.NAME,
                                            HostAgentMessage.class,
                                            OneBatchAgent::new))
                            .ref();
            Client client = proc.client("client");
            List<Long> missed = new ArrayList<>();
            var query = new LogQuery(Set.of("a"), Optional.of(SINCE), 10);
            new LogStream(client, agent, () -> {}, Duration.ofMillis(10))
                    .follow(
                            query,
                            batch -> {
                                missed.add(batch.missed());
                                return missed.size() < 3;
                            },
                            ask -> client.ask(agent, ask, LIMIT));
            assertThat(missed).containsExactly(1L, 2L, 3L);
        }
    }
}

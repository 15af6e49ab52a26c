package io.hyperactor.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperactor.ActorRef;
import io.hyperactor.Client;
import io.hyperactor.Port;
import io.hyperactor.Proc;
import io.hyperactor.ProcAgentMessage;
import io.hyperactor.host.HostAgentMessage.FollowReply;
import io.hyperactor.host.HostAgentMessage.Following;
import io.hyperactor.host.HostAgentMessage.Logs;
import io.hyperactor.host.HostAgentMessage.LogsReply;
import io.hyperactor.host.HostAgentMessage.NoLogs;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.Transport;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// A host is asked for its logs, over a socket.
@Timeout(120)
class HostAgentLogsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final ProcessProcManager<ProcAgentMessage> manager =
            ProcessProcManager.running(ProcMain.class);
    private final Host<ProcAgentMessage> host =
            Host.serve(ChannelAddress.any(Transport.UNIX), manager);
    private final ActorRef<HostAgentMessage> agent = HostAgent.spawn(host).ref();
    private final Proc outside = Proc.direct(ChannelAddress.any(Transport.UNIX), "outside");
    private final Client client = outside.client("client");

    @AfterEach
    void close() {
        client.close();
        outside.close();
        host.close();
    }

    private void printed(String proc, int second, String text) {
        Instant time = Instant.ofEpochSecond(second);
        manager.logs().add(LogRecord.line(time, proc, 7, LogRecord.Source.STDOUT, text));
    }

    private LogsReply find(List<String> procs, Optional<Instant> since, int max)
            throws InterruptedException {
        return client.ask(
                ActorRef.attest(agent.id(), HostAgentMessage.class),
                replyTo -> new HostAgentMessage.GetLogs(procs, since, max, replyTo),
                PATIENCE);
    }

    private FollowReply follow(Port<LogBatch> port, int max, String... procs)
            throws InterruptedException {
        return client.ask(
                agent,
                replyTo ->
                        new HostAgentMessage.FollowLogs(
                                List.of(procs),
                                Optional.empty(),
                                max,
                                Optional.empty(),
                                port.ref(),
                                replyTo),
                PATIENCE);
    }

    private static List<String> texts(List<LogRecord> records) {
        return records.stream().map(LogRecord::text).toList();
    }

    @Test
    void recordsAreFoundByNameTimeAndNumber() throws Exception {
        printed("a", 1, "a1");
        printed("b", 2, "b2");
        printed("a", 3, "a3");

        assertThat(find(List.of(), Optional.empty(), Integer.MAX_VALUE))
                .isInstanceOfSatisfying(
                        Logs.class,
                        logs ->
                                assertThat(texts(logs.records()))
                                        .containsExactly("a1", "b2", "a3"));
        assertThat(find(List.of("a"), Optional.of(Instant.ofEpochSecond(2)), 1))
                .isInstanceOfSatisfying(
                        Logs.class,
                        logs -> assertThat(texts(logs.records())).containsExactly("a3"));
        assertThat(find(List.of("a"), Optional.empty(), -1)).isEqualTo(new Logs(List.of()));
        assertThat(find(List.of("a", "c\n"), Optional.empty(), 1))
                .isEqualTo(new NoLogs(Refusal.NO_LOGS, "nothing is known of a proc 'c\\x0a'"));
    }

    @Test
    void whoFollowsGetsOneBatchAtATime() throws Exception {
        printed("a", 1, "a1");
        try (Port<LogBatch> port = client.openPort(LogBatch.class)) {
            long follow = ((Following) follow(port, 10, "a")).follow();
            assertThat(texts(port.receive(PATIENCE).orElseThrow().records())).containsExactly("a1");
            printed("a", 2, "a2");
            printed("b", 2, "not wanted");
            printed("a", 3, "a3");
            assertThat(find(List.of("b"), Optional.empty(), 1)).isInstanceOf(Logs.class);
            assertThat(port.poll()).as("before the first was taken").isEmpty();

            client.send(agent, new HostAgentMessage.LogsTaken(follow + 1)); // somebody else's
            client.send(agent, new HostAgentMessage.LogsTaken(follow));

            assertThat(texts(port.receive(PATIENCE).orElseThrow().records()))
                    .containsExactly("a2", "a3");
            client.send(agent, new HostAgentMessage.UnfollowLogs(follow));
            awaitNobodyFollows();
        }
    }

    /// There is room for as many as there may be.
    private void awaitNobodyFollows() {
        Awaitility.await()
                .atMost(PATIENCE)
                .pollInterval(10, TimeUnit.MILLISECONDS)
                .until(() -> manager.logs().followers() == 0);
    }

    @Test
    void whoHasGoneAwayFollowsNoMore() throws Exception {
        Port<LogBatch> port = client.openPort(LogBatch.class);
        long follow = ((Following) follow(port, 0)).follow();
        assertThat(manager.logs().followers()).isEqualTo(1);
        port.close();

        client.send(agent, new HostAgentMessage.LogsTaken(follow));
        printed("a", 1, "comes back");

        awaitNobodyFollows();
    }

    @Test
    void tooManyFollowersAreToldSo() throws Exception {
        Port<LogBatch> port = client.openPort(LogBatch.class);
        for (int i = 0; i < LogBook.FOLLOWERS_MAX; i++) {
            assertThat(follow(port, 0)).isInstanceOf(Following.class);
        }
        assertThat(follow(port, 0))
                .isEqualTo(
                        new NoLogs(
                                Refusal.TOO_MANY_FOLLOWERS,
                                LogBook.FOLLOWERS_MAX + " follow the logs already"));
        assertThat(follow(port, 0, "unknown"))
                .isEqualTo(new NoLogs(Refusal.NO_LOGS, "nothing is known of a proc 'unknown'"));
    }

    @Test
    void aHostOfLocalProcsKeepsNone() throws Exception {
        try (Host<EchoMessage> local =
                Host.serve(
                        ChannelAddress.any(Transport.LOCAL),
                        new LocalProcManager<>(
                                proc -> proc.spawn(EchoActor.NAME, EchoActor.TYPE)))) {
            var asked = HostAgent.spawn(local).ref();
            try (Client inside = local.systemProc().client("test")) {
                LogsReply reply =
                        inside.ask(
                                asked,
                                replyTo ->
                                        new HostAgentMessage.GetLogs(
                                                List.of(), Optional.empty(), 1, replyTo),
                                PATIENCE);
                assertThat(reply).isEqualTo(new NoLogs(Refusal.NO_LOGS, "this host keeps no logs"));
            }
        }
    }
}

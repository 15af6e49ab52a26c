package io.hyperactor.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperactor.ActorRef;
import io.hyperactor.Client;
import io.hyperactor.Proc;
import io.hyperactor.ProcAgent;
import io.hyperactor.ProcAgentMessage;
import io.hyperactor.host.HostAgentMessage;
import io.hyperactor.host.HostAgentMessage.ProcInfo;
import io.hyperactor.host.Refusal;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.ProcId;
import io.hyperactor.wire.Transport;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;

/// A host managed by a stranger, through its address alone.
@SystemTest
class HostAgentIT {
    @TempDir Path classes;

    private HostProcess host;
    private Proc here;
    private Client client;

    @BeforeEach
    void serve() throws Exception {
        host = HostProcess.start(classes);
        here = Proc.direct(ChannelAddress.any(Transport.UNIX), "stranger");
        client = here.client("client");
    }

    @AfterEach
    void close() throws Exception {
        client.close();
        here.close();
        try {
            host.stop();
        } finally {
            host.close();
        }
    }

    private HostAgentMessage.EndReply stop(String name) throws InterruptedException {
        return client.ask(
                host.agent(),
                replyTo -> new HostAgentMessage.StopProc(name, Patience.LIMIT, replyTo),
                Patience.LIMIT);
    }

    private HostAgentMessage.EndReply kill(String name) throws InterruptedException {
        return client.ask(
                host.agent(),
                replyTo -> new HostAgentMessage.KillProc(name, replyTo),
                Patience.LIMIT);
    }

    @Test
    void procsAreSpawnedListedStoppedAndKilled() throws Exception {
        OsProcess b = host.spawn(client, "b");
        OsProcess a = host.spawn(client, "a");

        List<ProcInfo> procs = host.list(client);
        assertThat(procs).extracting(ProcInfo::name).containsExactly("a", "b");
        assertThat(procs).extracting(ProcInfo::pid).containsExactly(a.pid(), b.pid());
        assertThat(procs)
                .allSatisfy(proc -> {
                    assertThat(proc.state()).isEqualTo("ready");
                    assertThat(proc.uptimeMillis()).isPositive();
                    assertThat(proc.rssBytes()).isGreaterThan(1 << 20);
                });

        assertThat(stop("a")).isEqualTo(ended("exited with status 0"));
        assertThat(a.isAlive()).isFalse();
        assertThat(kill("b")).isEqualTo(ended("killed by signal 9 (SIGKILL)"));
        assertThat(b.isAlive()).isFalse();
        assertThat(host.list(client)).isEmpty();
        // late, but told the truth
        assertThat(stop("a")).isEqualTo(ended("exited with status 0"));
        assertThat(stop("c"))
                .isEqualTo(new HostAgentMessage.NotEnded(Refusal.NO_SUCH_PROC, "no proc 'c'"));
    }

    @Test
    void aProcThatCanNotBeSpawnedIsToldInOneLine() throws Exception {
        var _ = host.spawn(client, "a");

        assertThat(spawn("a"))
                .isEqualTo(
                        new HostAgentMessage.NotSpawned(
                                Refusal.PROC_EXISTS, "proc 'a' already exists"));
        assertThat(spawn("b/c"))
                .isInstanceOfSatisfying(
                        HostAgentMessage.NotSpawned.class,
                        refused -> {
                            assertThat(refused.refusal()).isEqualTo(Refusal.INVALID_NAME);
                            assertThat(refused.why()).contains("'b/c'");
                        });
    }

    private static HostAgentMessage.Ended ended(String how) {
        return new HostAgentMessage.Ended(how, "", List.of());
    }

    private HostAgentMessage.SpawnReply spawn(String name) throws InterruptedException {
        return client.ask(
                host.agent(),
                replyTo -> new HostAgentMessage.SpawnProc(name, replyTo),
                Patience.LIMIT);
    }

    @Test
    void theLocalProcIsEmptyUntilItIsAskedForAndHasOneAgentThen() throws Exception {
        ProcId local = new ProcId(host.address(), "local");
        ActorRef<ProcAgentMessage> agent =
                ActorRef.attest(local.actor(ProcAgent.NAME, 0), ProcAgentMessage.class);
        assertThat(client.request(agent, ProcAgentMessage.GetReport::new, Patience.LIMIT))
                .failsWithin(Patience.AT_ONCE)
                .withThrowableThat()
                .withMessageContaining("actor does not exist");

        ActorRef<ProcAgentMessage> first =
                client.ask(host.agent(), HostAgentMessage.GetLocalProc::new, Patience.LIMIT);
        ActorRef<ProcAgentMessage> second =
                client.ask(host.agent(), HostAgentMessage.GetLocalProc::new, Patience.LIMIT);

        assertThat(first.id()).isEqualTo(agent.id());
        assertThat(second).isEqualTo(first);
        ProcAgentMessage.Report report =
                client.ask(second, ProcAgentMessage.GetReport::new, Patience.LIMIT);
        assertThat(report.actors()).isEqualTo(1);
        assertThat(report.pid()).isEqualTo(host.program().process().pid());
    }
}

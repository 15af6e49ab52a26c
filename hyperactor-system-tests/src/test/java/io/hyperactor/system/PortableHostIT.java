package io.hyperactor.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperactor.ActorRef;
import io.hyperactor.Client;
import io.hyperactor.Proc;
import io.hyperactor.host.HostAgentMessage;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.Transport;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;

/// A host that launches as it would on a system that is not Linux.
@SystemTest
class PortableHostIT {
    private Proc here;
    private Client client;

    @BeforeEach
    void begin() {
        here = Proc.direct(ChannelAddress.any(Transport.UNIX), "here");
        client = here.client("client");
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        here.close();
        Leftovers.removeSocketsOfTheKilled();
    }

    private static HostProcess start() throws IOException, InterruptedException {
        return HostLaunch.ofWorkers().under("env", "HYPERACTOR_LAUNCHER=portable").start();
    }

    private String ask(HostProcess host, String proc) throws InterruptedException {
        ActorRef<Task> worker = host.spawnWorker(client, proc, "w");
        return client.ask(worker, replyTo -> new Task.Reverse("again", replyTo), Patience.LIMIT);
    }

    @Test
    void itsProcsWorkStopAreKilledAndEndWithIt() throws Exception {
        try (HostProcess host = start()) {
            OsProcess stopped = host.spawn(client, "stopped");
            OsProcess killed = host.spawn(client, "killed");
            OsProcess closed = host.spawn(client, "closed");
            assertThat(ask(host, "stopped")).isEqualTo("niaga");
            assertThat(ask(host, "closed")).isEqualTo("niaga");

            HostAgentMessage.EndReply stop =
                    client.ask(
                            host.agent(),
                            replyTo ->
                                    new HostAgentMessage.StopProc(
                                            "stopped", Patience.LIMIT, replyTo),
                            Patience.LIMIT);
            HostAgentMessage.EndReply kill =
                    client.ask(
                            host.agent(),
                            replyTo -> new HostAgentMessage.KillProc("killed", replyTo),
                            Patience.LIMIT);

            assertThat(stop)
                    .isInstanceOfSatisfying(
                            HostAgentMessage.Ended.class,
                            ended -> assertThat(ended.how()).isEqualTo("exited with status 0"));
            assertThat(kill)
                    .isInstanceOfSatisfying(
                            HostAgentMessage.Ended.class,
                            ended -> // it cannot tell
                            assertThat(ended.how())
                                            .isEqualTo(
                                                    "exited with status 137 or killed by signal 9"
                                                            + " (SIGKILL)"));
            assertThat(stopped.isAlive() || killed.isAlive()).isFalse();
            assertThat(host.list(client))
                    .extracting(HostAgentMessage.ProcInfo::name)
                    .containsExactly("closed");
            host.stop();
            assertThat(closed.isAlive()).isFalse();
        }
    }

    @Test
    void itsProcsEndWhenItIsKilled() throws Exception {
        try (HostProcess host = start()) {
            OsProcess proc = host.spawn(client, "p");

            host.process().signal("KILL");

            proc.awaitGone();
        }
    }
}

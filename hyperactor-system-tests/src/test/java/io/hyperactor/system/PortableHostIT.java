package io.hyperactor.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperactor.ActorRef;
import io.hyperactor.host.HostAgentMessage;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.io.IOException;

/// A host that launches as it would on a system that is not Linux.
@SystemTest
class PortableHostIT {
    @RegisterExtension private final Here here = new Here();

    private static HostProcess start() throws IOException, InterruptedException {
        return HostLaunch.ofWorkers().under("env", "HYPERACTOR_LAUNCHER=portable").start();
    }

    private String ask(HostProcess host, String proc) throws InterruptedException {
        ActorRef<Task> worker = host.spawnWorker(here.client(), proc, "w");
        return here.client()
                .ask(worker, replyTo -> new Task.Reverse("again", replyTo), Patience.LIMIT);
    }

    @Test
    void itsProcsWorkStopAreKilledAndEndWithIt() throws Exception {
        try (HostProcess host = start()) {
            OsProcess stopped = host.spawn(here.client(), "stopped");
            OsProcess killed = host.spawn(here.client(), "killed");
            OsProcess closed = host.spawn(here.client(), "closed");
            assertThat(ask(host, "stopped")).isEqualTo("niaga");
            assertThat(ask(host, "closed")).isEqualTo("niaga");

            HostAgentMessage.EndReply stop =
                    here.client()
                            .ask(
                                    host.agent(),
                                    replyTo ->
                                            new HostAgentMessage.StopProc(
                                                    "stopped", Patience.LIMIT, replyTo),
                                    Patience.LIMIT);
            HostAgentMessage.EndReply kill =
                    here.client()
                            .ask(
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
            assertThat(host.list(here.client()))
                    .extracting(HostAgentMessage.ProcInfo::name)
                    .containsExactly("closed");
            host.stop();
            assertThat(closed.isAlive()).isFalse();
        }
    }

    @Test
    void itsProcsEndWhenItIsKilled() throws Exception {
        try (HostProcess host = start()) {
            OsProcess proc = host.spawn(here.client(), "p");

            host.process().signal("KILL");

            proc.awaitGone();
        }
    }
}

package io.hyperactor.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperactor.ActorRef;
import io.hyperactor.Client;
import io.hyperactor.OncePortRef;
import io.hyperactor.ProcAgentMessage;
import io.hyperactor.Undeliverable;
import io.hyperactor.host.Host;
import io.hyperactor.host.ProcessProcManager;
import io.hyperactor.host.ReadyProc;
import io.hyperactor.host.Refusal;
import io.hyperactor.wire.ProcId;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;

/// Fault row M19: a proc, a process of its own, that speaks for a sibling, for its host, or for
/// somebody on another machine.
@SystemTest
@Tag("rows")
@Timeout(300)
class ForgeriesIT {
    private static final Duration AT_ONCE = Duration.ofMillis(100);

    private final Queue<Undeliverable> blamed = new ConcurrentLinkedQueue<>();

    private Host<ProcAgentMessage> host;
    private Client client;
    private ReadyProc<ProcAgentMessage> hostile;
    private ReadyProc<ProcAgentMessage> victim;
    private ActorRef<Tally> recipient;
    private ActorRef<Forger.Forgery> forger;

    @BeforeEach
    void serve() throws Exception {
        host = Hosts.serve(ProcessProcManager.running(WorkerProc.class));
        client = host.systemProc().client("test");
        client.onUndeliverable(blamed::add);
        hostile = host.spawn("hostile");
        victim = host.spawn("victim");
        recipient = client.spawn(victim.agent(), "recipient", Recipient.TYPE);
        forger = client.spawn(hostile.agent(), "forger", Forger.TYPE);
    }

    @AfterEach
    void close() {
        client.close();
        host.close();
    }

    private List<ProcId> others() throws InterruptedException {
        return List.of(
                host.spawn("sibling").procId(),
                host.systemProc().id(),
                host.localProc().id(),
                ProcId.parse("unix:/on/another/machine,client"));
    }

    @Test
    void m19WhoSpeaksForOthersIsToldSoAndNobodyElseHearsOfIt() throws Exception {
        String secret = hostile.handle().secret().reveal();
        List<ProcId> others = others();
        int times = others.size() * FaultRow.times(3, 50);
        long before = host.refusals().get(Refusal.FORBIDDEN);
        FaultRow row = new FaultRow("M19", "a proc speaks for others: back as FORBIDDEN after");
        row.within(
                AT_ONCE,
                times,
                round -> {
                    String as = others.get(round % others.size()).toString();
                    return refused(
                            replyTo -> new Forger.Forgery.Note(secret, as, recipient, replyTo));
                });
        for (ProcId as : others) {
            var _ =
                    refused(replyTo ->
                            new Forger.Forgery.Stop(
                                    secret, as.toString(), victim.agent(), replyTo));
        }
        assertThat(host.refusals().get(Refusal.FORBIDDEN) - before)
                .as("each is counted")
                .isGreaterThanOrEqualTo(times + others.size());
        row.atMost(
                "forged messages that arrived",
                client.ask(recipient, Tally.Count::new, Patience.LIMIT),
                0,
                times);
        assertThat(blamed).isEmpty();
        assertThat(victim.handle().exit()).isNotDone();
        assertThat(host.procs()).hasSize(3); // nobody was stopped in anybody's name
    }

    private Duration refused(Function<OncePortRef<String>, Forger.Forgery> forgery)
            throws InterruptedException {
        long start = System.nanoTime();
        assertThat(client.ask(forger, forgery, Patience.LIMIT)).isEqualTo("FORBIDDEN");
        return Duration.ofNanos(System.nanoTime() - start);
    }
}

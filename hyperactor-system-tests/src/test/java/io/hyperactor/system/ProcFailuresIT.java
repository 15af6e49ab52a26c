package io.hyperactor.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyperactor.ActorRef;
import io.hyperactor.AskException;
import io.hyperactor.Client;
import io.hyperactor.DeliveryFailure;
import io.hyperactor.OncePort;
import io.hyperactor.OncePortRef;
import io.hyperactor.ProcAgentMessage;
import io.hyperactor.Undeliverable;
import io.hyperactor.host.EchoActor;
import io.hyperactor.host.EchoMessage;
import io.hyperactor.host.Host;
import io.hyperactor.host.ProcExit;
import io.hyperactor.host.ProcessProcManager;
import io.hyperactor.host.ReadyProc;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.Transport;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/// An actor fails in its proc, and a proc dies in the middle of a conversation.
@SystemTest
class ProcFailuresIT {
    private Host<ProcAgentMessage> host;
    private Client client;
    private ReadyProc<ProcAgentMessage> proc;
    private ActorRef<Task> worker;

    @BeforeEach
    void spawn() throws Exception {
        host =
                Host.serve(
                        ChannelAddress.any(Transport.UNIX),
                        ProcessProcManager.running(WorkerProc.class));
        client = host.systemProc().client("test");
        proc = host.spawn("p");
        worker = client.spawn(proc.agent(), "w", Worker.TYPE);
    }

    @AfterEach
    void close() {
        client.close();
        host.close();
    }

    private String ask(Function<OncePortRef<String>, Task> request) throws InterruptedException {
        return client.ask(worker, request, Patience.AT_ONCE);
    }

    @Test
    void whoAsksAnActorThatFailsIsToldWhyAndItsProcLivesOn() throws Exception {
        assertThatThrownBy(() -> ask(replyTo -> new Task.Fail("bad luck", replyTo)))
                .isInstanceOf(AskException.HandlerFailed.class)
                .hasMessageContaining(worker.id().toString())
                .hasMessageContaining("IllegalStateException: bad luck");

        assertThatThrownBy(() -> ask(replyTo -> new Task.Reverse("any", replyTo)))
                .isInstanceOfSatisfying(
                        AskException.Undelivered.class,
                        e ->
                                assertThat(e.undeliverable().failure().reason())
                                        .isEqualTo(DeliveryFailure.Reason.ACTOR_FAILED));
        ActorRef<EchoMessage> echo =
                ActorRef.attest(proc.procId().actor(EchoActor.NAME, 0), EchoMessage.class);
        assertThat(client.ask(echo, EchoMessage::new, Patience.LIMIT)).isEqualTo(echo.id());
        assertThat(proc.handle().exit()).isNotDone();
    }

    @Test
    void aParentIsToldOfTheFailureOfItsChild() throws Exception {
        assertThat(ask(Task.SpawnFailingChild::new))
                .isEqualTo("child Failed[java.lang.IllegalStateException: child's play]");
    }

    @Test
    void aRequestThatAKilledProcHadTakenFailsAtOnceWithAnUnknownOutcome() throws Exception {
        CompletableFuture<String> handled = block();
        CompletableFuture<String> queued =
                client.request(
                        worker, replyTo -> new Task.Reverse("late", replyTo), Duration.ofHours(1));
        host.systemProc().flush().get(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS); // taken

        killWithoutAskingTheHost();

        for (CompletableFuture<String> answer : List.of(handled, queued)) {
            assertThat(answer)
                    .failsWithin(Patience.LIMIT)
                    .withThrowableThat()
                    .havingCause()
                    .isInstanceOfSatisfying(
                            AskException.Undelivered.class,
                            e -> {
                                assertThat(e.undeliverable().failure().reason())
                                        .isEqualTo(DeliveryFailure.Reason.PROC_DIED);
                                assertThat(e.undeliverable().outcome())
                                        .isEqualTo(Undeliverable.Outcome.UNKNOWN);
                            });
        }
    }

    @Test
    void aRequestToAKilledProcFailsAtOnce() throws Exception {
        killWithoutAskingTheHost();

        assertThatThrownBy(() -> ask(replyTo -> new Task.Reverse("late", replyTo)))
                .isInstanceOf(AskException.Undelivered.class);
    }

    /// The worker begins a task that it never ends.
    private CompletableFuture<String> block() throws Exception {
        try (OncePort<String> begun = client.openOncePort(String.class)) {
            CompletableFuture<String> answer =
                    client.request(
                            worker,
                            replyTo -> new Task.Block(begun.ref(), replyTo),
                            Duration.ofHours(1));
            assertThat(begun.receive(Patience.LIMIT)).isEqualTo("begun");
            return answer;
        }
    }

    private void killWithoutAskingTheHost() throws Exception {
        OsProcess.of(proc.pid().orElseThrow()).signal("KILL");
        assertThat(proc.handle().exit().get(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS))
                .isEqualTo(new ProcExit.Signalled(9, false));
    }
}

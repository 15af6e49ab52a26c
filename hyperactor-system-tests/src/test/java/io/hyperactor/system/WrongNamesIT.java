package io.hyperactor.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyperactor.ActorRef;
import io.hyperactor.AskException;
import io.hyperactor.Client;
import io.hyperactor.DeliveryFailure;
import io.hyperactor.Proc;
import io.hyperactor.ProcAgentMessage;
import io.hyperactor.Undeliverable;
import io.hyperactor.host.EchoActor;
import io.hyperactor.host.EchoMessage;
import io.hyperactor.host.Host;
import io.hyperactor.host.HostException;
import io.hyperactor.host.ProcessProcManager;
import io.hyperactor.host.ReadyProc;
import io.hyperactor.wire.ActorId;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.InvalidNameException;
import io.hyperactor.wire.ProcId;
import io.hyperactor.wire.Transport;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Names that are taken, illegal, or nobody's.
@SystemTest
class WrongNamesIT {
    private Host<ProcAgentMessage> host;
    private Proc elsewhere;

    @BeforeEach
    void serve() {
        host =
                Host.serve(
                        ChannelAddress.any(Transport.UNIX),
                        ProcessProcManager.running(WorkerProc.class));
        elsewhere = Proc.direct(ChannelAddress.any(Transport.UNIX), "elsewhere");
    }

    @AfterEach
    void close() {
        host.close(); // first, for its procs wait for those whom they have answered
        elsewhere.close();
    }

    @Test
    void aTakenNameIsRefusedAndItsOwnerLivesOn() throws Exception {
        ReadyProc<ProcAgentMessage> first = host.spawn("p");

        assertThatThrownBy(() -> host.spawn("p"))
                .isInstanceOf(HostException.ProcExists.class)
                .hasMessage("proc 'p' already exists");

        assertThat(echo(first.procId())).isEqualTo(first.procId().actor("echo", 0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a,b", "../a", "-a", "a[0]", "ü"})
    void anIllegalNameIsRefusedBeforeAnythingIsStarted(String name) {
        assertThatThrownBy(() -> host.spawn(name))
                .isInstanceOf(InvalidNameException.class)
                .hasMessageContaining("'" + name + "'")
                .hasMessageContaining("expected 1 to 63 of");
        assertThat(Observer.running()).isEmpty();
    }

    @Test
    void aMessageToAProcThatDoesNotExistComesBackAtOnce() {
        assertComesBack(new ProcId(host.address(), "nobody"), DeliveryFailure.Reason.NO_ROUTE);
    }

    @Test
    void aMessageToAProcThatHasEndedComesBackAtOnce() throws Exception {
        host.spawn("p");
        host.kill("p");

        assertComesBack(new ProcId(host.address(), "p"), DeliveryFailure.Reason.NO_ROUTE);
    }

    @Test
    void aMessageToAnActorThatDoesNotExistComesBackAtOnce() throws Exception {
        ProcId proc = host.spawn("p").procId();

        assertComesBack(proc, "nobody", DeliveryFailure.Reason.ACTOR_NOT_EXIST);
    }

    @Test
    void aMessageOfAnotherProtocolComesBackAtOnce() throws Exception {
        ReadyProc<ProcAgentMessage> proc = host.spawn("p");

        assertComesBack(
                proc.procId(), proc.agent().id().name(), DeliveryFailure.Reason.HANDLER_NOT_BOUND);
    }

    private void assertComesBack(ProcId proc, DeliveryFailure.Reason why) {
        assertComesBack(proc, EchoActor.NAME, why);
    }

    /// To whoever asks, on the host and elsewhere.
    private void assertComesBack(ProcId proc, String actor, DeliveryFailure.Reason why) {
        ActorRef<EchoMessage> ref = ActorRef.attest(proc.actor(actor, 0), EchoMessage.class);
        for (Proc from : new Proc[] {host.systemProc(), elsewhere}) {
            try (Client client = from.client("asker")) {
                assertThatThrownBy(() -> client.ask(ref, EchoMessage::new, Patience.AT_ONCE))
                        .as("asked from %s", from)
                        .isInstanceOfSatisfying(
                                AskException.Undelivered.class,
                                e -> {
                                    Undeliverable what = e.undeliverable();
                                    assertThat(what.failure().reason()).isEqualTo(why);
                                    assertThat(what.destination().actor()).isEqualTo(ref.id());
                                    assertThat(what.outcome())
                                            .isEqualTo(Undeliverable.Outcome.NOT_DELIVERED);
                                    assertThat(e.getMessage()).contains(proc.toString());
                                });
            }
        }
    }

    private ActorId echo(ProcId proc) throws InterruptedException {
        try (Client client = elsewhere.client("asker")) {
            return client.ask(
                    ActorRef.attest(proc.actor(EchoActor.NAME, 0), EchoMessage.class),
                    EchoMessage::new,
                    Patience.LIMIT);
        }
    }
}

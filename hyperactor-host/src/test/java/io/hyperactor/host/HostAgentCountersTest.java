package io.hyperactor.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyperactor.ActorRef;
import io.hyperactor.AskException;
import io.hyperactor.BoundCounter;
import io.hyperactor.Client;
import io.hyperactor.DeliveryFailure;
import io.hyperactor.Proc;
import io.hyperactor.ProcAgentMessage;
import io.hyperactor.channel.ChannelCounter;
import io.hyperactor.channel.RejectCode;
import io.hyperactor.host.HostAgentMessage.Counter;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.ProcId;
import io.hyperactor.wire.Transport;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// A host is asked for what it has counted, over a socket.
@Timeout(120)
class HostAgentCountersTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Host<ProcAgentMessage> host =
            Host.serve(
                    ChannelAddress.any(Transport.UNIX), ProcessProcManager.running(ProcMain.class));
    private final ActorRef<HostAgentMessage> agent =
            ActorRef.attest(HostAgent.spawn(host).id(), HostAgentMessage.class);
    private final Proc outside = Proc.direct(ChannelAddress.any(Transport.UNIX), "outside");
    private final Client client = outside.client("client");

    @AfterEach
    void close() {
        client.close();
        outside.close();
        host.close();
    }

    private List<Counter> counters() throws InterruptedException {
        return client.ask(agent, HostAgentMessage.GetCounters::new, PATIENCE);
    }

    private long value(String name) throws InterruptedException {
        return counters().stream()
                .filter(counter -> counter.name().equals(name))
                .findFirst()
                .orElseThrow()
                .value();
    }

    private static Stream<String> lowerCase(Enum<?>[] constants) {
        return Stream.of(constants).map(constant -> constant.name().toLowerCase(Locale.ROOT));
    }

    @Test
    void namesAreSortedAndOfOneKindAndEveryReasonHasOneAlsoWithoutAnyCount() throws Exception {
        List<Counter> all = counters();

        assertThat(all).extracting(Counter::name).isSorted().doesNotHaveDuplicates();
        assertThat(all)
                .allSatisfy(
                        counter -> assertThat(counter.name()).matches("[a-z]+(\\.[a-z_]+){1,2}"));
        assertThat(all)
                .extracting(Counter::name)
                .containsAll(lowerCase(Refusal.values()).map(why -> "refusals." + why).toList())
                .containsAll(
                        lowerCase(DeliveryFailure.Reason.values())
                                .map(why -> "messages.undelivered." + why)
                                .toList())
                .containsAll(
                        lowerCase(RejectCode.values())
                                .flatMap(why ->
                                        Stream.of(
                                                "links.rejected." + why,
                                                "links.refused_frames." + why))
                                .toList())
                .containsAll(
                        lowerCase(ChannelCounter.values()).map(what -> "links." + what).toList())
                .containsAll(
                        lowerCase(BoundCounter.values()).map(what -> "bounds." + what).toList());
        assertThat(all)
                .contains(
                        new Counter("refusals.not_ended", 0),
                        new Counter("procs.restarts", 0),
                        new Counter("logs.lost_records", 0));
    }

    @Test
    void whatIsRefusedOrNotDeliveredIsSeen() throws Exception {
        long unroutable = value("messages.undelivered.no_route");
        long returned = value("messages.returned");

        HostAgentMessage.SpawnReply refused =
                client.ask(
                        agent, replyTo -> new HostAgentMessage.SpawnProc("no!", replyTo), PATIENCE);
        assertThat(refused).isInstanceOf(HostAgentMessage.NotSpawned.class);
        ActorRef<EchoMessage> nobody =
                ActorRef.attest(
                        new ProcId(host.address(), "nobody").actor(EchoActor.NAME, 0),
                        EchoMessage.class);
        assertThatThrownBy(() -> client.ask(nobody, EchoMessage::new, PATIENCE))
                .isInstanceOf(AskException.Undelivered.class);

        assertThat(value("refusals.invalid_name")).isEqualTo(1);
        assertThat(value("messages.undelivered.no_route")).isGreaterThan(unroutable);
        assertThat(value("messages.returned")).isGreaterThan(returned);
    }

    @Test
    void whatAHostOfLocalProcsDoesNotCountIsLeftOut() {
        try (Host<EchoMessage> local =
                Host.serve(
                        ChannelAddress.any(Transport.LOCAL),
                        new LocalProcManager<>(
                                proc -> proc.spawn(EchoActor.NAME, EchoActor.TYPE)))) {
            assertThat(HostCounters.of(local))
                    .extracting(Counter::name)
                    .contains("procs.restarts", "mailboxes.queued_bytes")
                    .noneMatch(name -> name.startsWith("logs."));
        }
    }
}

package io.hyperactor.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hyperactor.ActorRef;
import io.hyperactor.AskException;
import io.hyperactor.Client;
import io.hyperactor.Counters;
import io.hyperactor.DeliveryFailure;
import io.hyperactor.DialRouter;
import io.hyperactor.OncePortRef;
import io.hyperactor.Proc;
import io.hyperactor.ProcAgentMessage;
import io.hyperactor.ProcConfig;
import io.hyperactor.channel.Channels;
import io.hyperactor.channel.CloseReason;
import io.hyperactor.channel.RejectCode;
import io.hyperactor.channel.Secret;
import io.hyperactor.channel.Tx;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.ProcId;
import io.hyperactor.wire.Transport;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/// Processes of the right user that are not who they say they are. This process plays them: what
/// makes a proc is what its links show, not which process they come from.
@Timeout(120)
class IdentityTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final ProcSpec SPEC = ProcSpec.java(MeddlingProc.class);
    private static final ProcessProcManager<ProcAgentMessage> MANAGER =
            ProcessProcManager.running(SPEC);

    private static final ProcConfig CONFIG = ProcConfig.defaults();

    private static Host<ProcAgentMessage> host;
    private static ReadyProc<ProcAgentMessage> a;
    private static ReadyProc<ProcAgentMessage> b;
    private static int meddlers;

    @BeforeAll
    static void serve() throws Exception {
        host = Host.serve(ChannelAddress.any(Transport.UNIX), MANAGER);
        var _ = HostAgent.spawn(host);
        a = host.spawn("a");
        b = host.spawn("b");
    }

    @AfterAll
    static void close() {
        host.close();
    }

    private static long strangers() {
        return host.refusals().get(Refusal.STRANGER);
    }

    private static Secret secretOf(ReadyProc<?> proc) {
        return proc.handle().secret();
    }

    /// What becomes of a link that shows `secret`.
    private static CloseReason end(ChannelAddress address, Secret secret) throws Exception {
        CompletableFuture<CloseReason> end = new CompletableFuture<>();
        Channels.shared()
                .dial(address, secret, (reason, _) -> end.complete(reason))
                .offer(out -> out.writeByte(0));
        return end.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    private static void assertForbidden(ChannelAddress address, Secret secret) throws Exception {
        assertThat(end(address, secret))
                .isInstanceOfSatisfying(
                        CloseReason.Rejected.class,
                        rejected -> assertThat(rejected.code()).isEqualTo(RejectCode.FORBIDDEN));
    }

    @Test
    void theBackendLetsInProcsOnlyAndCountsTheOthers() throws Exception {
        long before = strangers();
        long inAll = Counters.strangers();
        assertForbidden(host.backendAddress(), Secret.NONE);
        assertForbidden(host.backendAddress(), Secret.random());
        assertThat(strangers()).isEqualTo(before + 2);
        assertThat(Counters.strangers()).isEqualTo(inAll + 2);
    }

    @Test
    void aProcLetsInItsHostOnly() throws Exception {
        assertForbidden(a.address(), Secret.NONE);
        assertForbidden(a.address(), Secret.random());
        assertForbidden(a.address(), secretOf(b)); // a sibling knows its own
    }

    @Test
    void theSecretOfAProcThatHasEndedIsWorthNothing() throws Exception {
        Secret secret = secretOf(host.spawn("short"));
        host.kill("short");
        assertForbidden(host.backendAddress(), secret);
        assertForbidden(MANAGER.callbackAddress(), secret);
    }

    /// A descendant may hold them, so their end is not seen by itself.
    @Test
    void theLinksOfAProcThatHasEndedAreCut() throws Exception {
        Secret secret = secretOf(host.spawn("inherited"));
        List<CompletableFuture<CloseReason>> ends = new ArrayList<>();
        for (var address : List.of(host.backendAddress(), MANAGER.callbackAddress())) {
            CompletableFuture<CloseReason> end = new CompletableFuture<>();
            Tx link = Channels.shared().dial(address, secret, (reason, _) -> end.complete(reason));
            link.offer(out -> out.writeByte(9));
            var _ = link.flush().handle((_, e) -> e).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertThat(end).isNotDone();
            ends.add(end);
        }
        host.kill("inherited");
        for (CompletableFuture<CloseReason> end : ends) {
            assertThat(end)
                    .succeedsWithin(PATIENCE)
                    .isInstanceOfSatisfying(
                            CloseReason.Rejected.class,
                            rejected ->
                                    assertThat(rejected.code()).isEqualTo(RejectCode.FORBIDDEN));
        }
    }

    @Test
    void whoHasNoSecretDoesNotReport() {
        long before = MANAGER.refusedCallbacks();
        for (Secret secret : new Secret[] {Secret.NONE, Secret.random()}) {
            assertThatThrownBy(() -> impersonate(a.procId(), secret))
                    .isInstanceOf(HostException.ProcessConfigurationFailure.class)
                    .hasMessageContaining("FORBIDDEN");
        }
        assertThat(MANAGER.refusedCallbacks()).isEqualTo(before + 2);
        assertThat(host.find("a")).isPresent();
    }

    @Test
    void aProcReportsForItselfAloneAndOnce() throws Exception {
        long before = MANAGER.refusedCallbacks();
        impersonate(a.procId(), secretOf(b));
        impersonate(b.procId(), secretOf(b));
        impersonate(new ProcId(host.address(), "nobody"), secretOf(b));
        impersonate(Callback.spareAt(MANAGER.callbackAddress()), secretOf(b));
        await().atMost(PATIENCE).until(() -> MANAGER.refusedCallbacks() == before + 4);
        assertThat(host.find("a").map(ReadyProc::address)).contains(a.address());
        assertThat(host.find("b").map(ReadyProc::address)).contains(b.address());
    }

    /// What an ask of `to` comes back as, of a proc that says it is `named` and is not.
    private static void assertForbidden(Proc liar, ReadyProc<?> to) throws Exception {
        long before = host.refusals().get(Refusal.FORBIDDEN);
        try (liar;
                Client client = liar.client("client")) {
            ActorRef<EchoMessage> echo =
                    ActorRef.attest(to.procId().actor(EchoActor.NAME, 0), EchoMessage.class);
            assertThatThrownBy(() -> client.ask(echo, EchoMessage::new, PATIENCE))
                    .isInstanceOfSatisfying(
                            AskException.Undelivered.class,
                            lost ->
                                    assertThat(lost.undeliverable().failure().reason())
                                            .isEqualTo(DeliveryFailure.Reason.FORBIDDEN));
            assertThat(host.refusals().get(Refusal.FORBIDDEN)).isGreaterThan(before);
        }
    }

    @Test
    void aProcSpeaksForItselfAlone() throws Exception {
        ChannelAddress backend = host.backendAddress();
        assertForbidden(Proc.forwarding(b.procId(), backend, secretOf(a), CONFIG), a);
        assertForbidden(Proc.forwarding(host.systemProc().id(), backend, secretOf(a), CONFIG), b);
        ProcId elsewhere = ProcId.parse("unix:/some/where,client");
        assertForbidden(Proc.forwarding(elsewhere, backend, secretOf(a), CONFIG), b);
    }

    @Test
    void nobodySpeaksForProcsOfAHostAtItsFrontend() throws Exception {
        for (ProcId id : List.of(host.systemProc().id(), host.localProc().id(), a.procId())) {
            DialRouter router = new DialRouter(CONFIG.channels());
            Proc liar = Proc.configured(id, router, CONFIG);
            router.returnTo(liar);
            liar.closes(router);
            assertForbidden(liar, b);
        }
    }

    /// What came of it.
    private static String meddle(
            ReadyProc<ProcAgentMessage> proc,
            Function<OncePortRef<String>, MeddlingProc.Meddle> what)
            throws Exception {
        try (Client client = host.systemProc().client("meddling")) {
            var meddler = client.spawn(proc.agent(), "meddler-" + ++meddlers, MeddlingProc.TYPE);
            return client.ask(meddler, what, PATIENCE);
        }
    }

    @Test
    void aProcControlsItsHostOnlyIfItMay() throws Exception {
        ReadyProc<ProcAgentMessage> granted = host.spawn("granted", SPEC.withHostControl());
        long before = host.refusals().get(Refusal.FORBIDDEN);
        assertThat(meddle(granted, MeddlingProc.Meddle.ListProcs::new)).isEqualTo("done");
        assertThat(host.refusals().get(Refusal.FORBIDDEN)).isEqualTo(before);
        assertThat(meddle(a, MeddlingProc.Meddle.ListProcs::new)).isEqualTo("FORBIDDEN");
        assertThat(host.refusals().get(Refusal.FORBIDDEN)).isEqualTo(before + 1);
    }

    @Test
    void aProcStartsActorsInItsSiblingsOnlyIfItMay() throws Exception {
        ReadyProc<ProcAgentMessage> granted = host.spawn("spawning", SPEC.withHostControl());
        assertThat(meddle(granted, replyTo -> new MeddlingProc.Meddle.Spawn("b", replyTo)))
                .isEqualTo("done");
        assertThat(meddle(a, replyTo -> new MeddlingProc.Meddle.Spawn("b", replyTo)))
                .isEqualTo("FORBIDDEN");
        assertThat(meddle(a, replyTo -> new MeddlingProc.Meddle.Spawn("a", replyTo)))
                .isEqualTo("done");
    }

    @Test
    void aProcDoesNotStopItsSiblings() throws Exception {
        assertThat(meddle(a, replyTo -> new MeddlingProc.Meddle.StopProc("b", replyTo)))
                .isEqualTo("FORBIDDEN");
        assertThat(b.handle().exit()).isNotDone();
    }

    @Test
    void whoIsNoneOfTheHostsProcsDoesNotAskToDrain() throws Exception {
        ReadyProc<ProcAgentMessage> proc = host.spawn("termed");
        try (Proc outside = Proc.direct(ChannelAddress.any(Transport.UNIX), "outside");
                Client client = outside.client("client")) {
            long start = System.nanoTime();
            ProcExit exit = proc.handle().terminate(client, PATIENCE, "test");
            assertThat(exit).isInstanceOf(ProcExit.Exited.class); // drained, by SIGTERM
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isLessThan(PATIENCE.dividedBy(2));
        }
    }

    private static void impersonate(ProcId proc, Secret secret) throws InterruptedException {
        ProcBoot.bootProc(
                        new Assignment(
                                proc, host.backendAddress(), MANAGER.callbackAddress(), secret),
                        ProcConfig.defaults(),
                        p -> p.spawn("agent", EchoActor.TYPE))
                .close();
    }

    @Test
    void aProcThatNobodyCouldReachIsNotMade() {
        assertThatThrownBy(() ->
                        ProcBoot.spawnProc(
                                a.procId(),
                                host.backendAddress(),
                                MANAGER.callbackAddress(),
                                Secret.NONE,
                                p -> p.spawn("agent", EchoActor.TYPE)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("without a secret");
    }
}

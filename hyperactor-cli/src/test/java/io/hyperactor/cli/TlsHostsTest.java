package io.hyperactor.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hyperactor.Actor;
import io.hyperactor.ActorRef;
import io.hyperactor.ActorType;
import io.hyperactor.AskException;
import io.hyperactor.Client;
import io.hyperactor.DeliveryFailure;
import io.hyperactor.DeliveryFailure.Reason;
import io.hyperactor.DialRouter;
import io.hyperactor.OncePortRef;
import io.hyperactor.Proc;
import io.hyperactor.ProcAgentMessage;
import io.hyperactor.ProcConfig;
import io.hyperactor.Undeliverable;
import io.hyperactor.channel.ChannelConfig;
import io.hyperactor.channel.ChannelEvent;
import io.hyperactor.channel.Channels;
import io.hyperactor.channel.Secret;
import io.hyperactor.channel.TlsIdentity;
import io.hyperactor.host.Host;
import io.hyperactor.host.HostAgent;
import io.hyperactor.host.HostAgentMessage;
import io.hyperactor.host.HostConfig;
import io.hyperactor.host.LocalProcManager;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.ProcId;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Hosts that reach each other over mutual TLS, with certificates that `hyperactor certs` makes.
/// Each has an address of this machine to itself, so that their names differ.
@Timeout(120)
class TlsHostsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration YEARS = Duration.ofDays(3 * 365);
    private static final String A = "127.0.0.1";
    private static final String B = "127.0.0.2";
    private static final String C = "127.0.0.3";

    /// The protocol of an actor that says in which proc it is.
    record Who(OncePortRef<String> replyTo) {}

    private static final ActorType<Who> ACTOR =
            ActorType.of(
                    "who",
                    Who.class,
                    () -> (Actor<Who>) (cx, who) -> cx.send(who.replyTo(), cx.proc().id().name()));

    @TempDir Path directory;
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private CertificateFolder ours;
    private Machine a;
    private Machine b;

    /// A host with one proc, and what becomes of its connections.
    private final class Machine {
        final Queue<ChannelEvent> events = new ConcurrentLinkedQueue<>();
        final ProcConfig config;
        final Host<Who> host;
        final ActorRef<Who> actor;

        /// @param address where it is
        Machine(String name, String address, TlsIdentity identity) throws Exception {
            Channels channels =
                    new Channels(
                            ChannelConfig.standard()
                                    .withDialWindow(Duration.ofMillis(500))
                                    .withAckTimeout(Duration.ofSeconds(3))
                                    .withTls(identity)
                                    .withEvents(events::add));
            opened.push(channels);
            config = ProcConfig.defaults().withChannels(channels);
            host =
                    Host.serve(
                            ChannelAddress.parse("tls:" + address + ":0"),
                            new LocalProcManager<>(proc -> proc.spawn("who", ACTOR), config),
                            HostConfig.defaults().withProc(config));
            opened.push(host);
            actor = host.spawn(name).agent();
        }

        String ask(ActorRef<Who> whom) throws InterruptedException {
            try (Client client = host.systemProc().client("asking-" + System.nanoTime())) {
                return client.ask(whom, Who::new, PATIENCE);
            }
        }

        DeliveryFailure failure(ActorRef<Who> whom) {
            return failureOf(() -> ask(whom));
        }

        void await(Class<? extends ChannelEvent> kind, String... texts) {
            org.awaitility.Awaitility.await()
                    .atMost(PATIENCE)
                    .untilAsserted(() ->
                            assertThat(events)
                                    .filteredOn(kind::isInstance)
                                    .anySatisfy(
                                            event -> assertThat(event.toString()).contains(texts)));
        }
    }

    private interface Asking {
        String ask() throws Exception;
    }

    private static DeliveryFailure failureOf(Asking asking) {
        var failures = new java.util.ArrayList<DeliveryFailure>();
        assertThatThrownBy(asking::ask)
                .isInstanceOfSatisfying(
                        AskException.Undelivered.class,
                        lost -> failures.add(lost.undeliverable().failure()));
        return failures.getFirst();
    }

    @BeforeEach
    void serve() throws Exception {
        ours = folder("ours", Instant.now());
        a = new Machine("a", A, issued("a", ours, A));
        b = new Machine("b", B, issued("b", ours, B));
    }

    @AfterEach
    void close() throws Exception {
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
    }

    private CertificateFolder folder(String name, Instant now) {
        return CertificateFolder.open(directory.resolve(name), InstantSource.fixed(now), false);
    }

    /// A certificate of that folder in files of its own, whose owner believes our authority.
    private TlsIdentity issued(String prefix, CertificateFolder by, String... names)
            throws Exception {
        CertificateFolder.Files made = by.issue(List.of(names));
        return new TlsIdentity(
                put(made.certificate(), prefix + ".pem"),
                put(made.key(), prefix + "-key.pem"),
                put(ours.authority(), prefix + "-believes.pem"));
    }

    private Path put(Path file, String as) throws Exception {
        return Files.copy(file, directory.resolve(as), StandardCopyOption.REPLACE_EXISTING);
    }

    @Test
    void procsOfTwoHostsAnswerEachOther() throws Exception {
        assertThat(a.ask(b.actor)).isEqualTo("b");
        assertThat(b.ask(a.actor)).isEqualTo("a");
    }

    @Test
    void aHostWithTheCertificateOfAnotherIsNotBelieved() throws Exception {
        Machine d = new Machine("d", "127.0.0.4", issued("d", ours, "127.0.0.5"));
        DeliveryFailure failure = a.failure(d.actor);
        assertThat(failure.reason()).isEqualTo(Reason.DIAL_FAILED);
        assertThat(failure.detail()).contains("127.0.0.4"); // is not among its names
        d.await(ChannelEvent.HandshakeFailed.class, "alert");
        assertThat(d.ask(d.actor)).isEqualTo("d");
    }

    /// Who dials is let in with it, but for none at another host than that which it names.
    @Test
    void aHostWithTheCertificateOfAnotherSpeaksForNobodyHere() throws Exception {
        Machine d = new Machine("d", "127.0.0.4", issued("d", ours, "127.0.0.5"));
        DeliveryFailure failure = d.failure(a.actor);
        assertThat(failure.reason()).isEqualTo(Reason.FORBIDDEN);
        assertThat(failure.detail()).contains("not to be sent as");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aHostOfAnotherAuthorityOrOfThePastIsRefusedAtBothEnds(boolean expired) throws Exception {
        CertificateFolder bad =
                expired
                        ? CertificateFolder.open(
                                directory.resolve("ours"),
                                InstantSource.fixed(Instant.now().minus(YEARS)),
                                false)
                        : folder("others", Instant.now());
        Machine d = new Machine("d", "127.0.0.4", issued("d", bad, "127.0.0.4"));
        DeliveryFailure dialling = a.failure(d.actor);
        assertThat(dialling.reason()).isEqualTo(Reason.DIAL_FAILED);
        d.await(ChannelEvent.HandshakeFailed.class, "alert");
        assertThat(dialling.detail()).contains(expired ? "validity" : "path");

        DeliveryFailure dialled = d.failure(a.actor);
        assertThat(dialled.reason()).isEqualTo(Reason.DIAL_FAILED);
        assertThat(dialled.detail()).contains("alert");
        a.await(ChannelEvent.HandshakeFailed.class, expired ? "validity" : "path");
    }

    /// A proc of this identity whose messages go to `to`, by the certificate of `by`.
    private static DeliveryFailure sentAs(ProcId id, Machine by, Machine to, ActorRef<Who> whom) {
        try (DialRouter router = new DialRouter(by.config.channels());
                Proc proc = Proc.configured(id, router, by.config);
                Client client = proc.client("client")) {
            router.returnTo(proc);
            router.bind(whom.id().proc(), to.host.address(), Secret.NONE);
            return failureOf(() -> client.ask(whom, Who::new, PATIENCE));
        }
    }

    @Test
    void nobodySpeaksForProcsAtHostsThatHeIsNotAt() throws Exception {
        Machine c = new Machine("c", C, issued("c", ours, C));
        List<ProcId> claimed =
                List.of(a.actor.id().proc(), a.host.systemProc().id(), b.host.systemProc().id());
        for (ProcId id : claimed) {
            DeliveryFailure failure = sentAs(id, c, b, b.actor);
            assertThat(failure.reason()).as("sent as %s", id).isEqualTo(Reason.FORBIDDEN);
            assertThat(failure.detail()).contains("not to be sent as");
        }
    }

    /// It would have to pass on what `b` can only take from who sends it.
    @Test
    void aHostPassesOnNothingBetweenTwoOthers() throws Exception {
        Machine c = new Machine("c", C, issued("c", ours, C));
        DeliveryFailure failure = sentAs(c.actor.id().proc(), c, a, b.actor);
        assertThat(failure.reason()).isEqualTo(Reason.FORBIDDEN);
        assertThat(failure.detail()).contains("not passed on");
        assertThat(c.ask(b.actor)).isEqualTo("b"); // by itself it can
    }

    /// It may do what the same user may: docs/security.md.
    @Test
    void whoHasACertificateControlsAHostButEndsNoProcThroughItsAgent() throws Exception {
        ActorRef<HostAgentMessage> agent = HostAgent.spawn(a.host).ref();
        CompletableFuture<Undeliverable> back = new CompletableFuture<>();
        try (Client client = b.host.systemProc().client("controlling")) {
            client.onUndeliverable(back::complete);
            assertThat(client.ask(agent, HostAgentMessage.ListProcs::new, PATIENCE)).hasSize(1);
            ActorRef<ProcAgentMessage> local =
                    client.ask(agent, HostAgentMessage.GetLocalProc::new, PATIENCE);
            assertThat(client.ask(local, ProcAgentMessage.GetReport::new, PATIENCE)).isNotNull();

            client.send(local, new ProcAgentMessage.StopProc(Duration.ZERO, "a test"));

            assertThat(back)
                    .succeedsWithin(PATIENCE)
                    .satisfies(message ->
                            assertThat(message.failure().reason()).isEqualTo(Reason.FORBIDDEN));
            assertThat(a.host.localProc().ended()).isNotDone();
        }
    }

    @Test
    void certificatesAreReplacedWhileHostsRun() throws Exception {
        assertThat(b.ask(a.actor)).isEqualTo("a");
        CertificateFolder next = folder("next", Instant.now());
        put(next.authority(), "a-believes.pem");
        a.await(ChannelEvent.PeerDistrusted.class, B);
        assertThat(b.failure(a.actor).reason()).isIn(Reason.ACK_TIMED_OUT, Reason.DIAL_FAILED);
        a.await(ChannelEvent.HandshakeFailed.class, "path");

        ours = next;
        TlsIdentity _ = issued("a", next, A);
        TlsIdentity _ = issued("b", next, B);
        await().atMost(PATIENCE).ignoreExceptions().until(() -> b.ask(a.actor).equals("a"));
        await().atMost(PATIENCE).ignoreExceptions().until(() -> a.ask(b.actor).equals("b"));
    }
}

package io.hyperactor.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hyperactor.ActorHandle;
import io.hyperactor.ActorRef;
import io.hyperactor.ActorTypes;
import io.hyperactor.AskException;
import io.hyperactor.Blob;
import io.hyperactor.BlobMessage;
import io.hyperactor.Client;
import io.hyperactor.Counters;
import io.hyperactor.DeliveryFailure;
import io.hyperactor.OncePortRef;
import io.hyperactor.Port;
import io.hyperactor.Proc;
import io.hyperactor.ProcAgent;
import io.hyperactor.ProcAgentMessage;
import io.hyperactor.ProcConfig;
import io.hyperactor.Undeliverable;
import io.hyperactor.channel.Secret;
import io.hyperactor.host.HostAgentMessage.EndReply;
import io.hyperactor.host.HostAgentMessage.FeedReply;
import io.hyperactor.host.HostAgentMessage.FollowReply;
import io.hyperactor.host.HostAgentMessage.LogsReply;
import io.hyperactor.host.HostAgentMessage.ProcNews;
import io.hyperactor.host.HostAgentMessage.SpawnReply;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.ProcId;
import io.hyperactor.wire.Transport;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// Every kind of message that an actor of the runtime takes, and everybody who may send it one: who
/// is heard, and who gets it back as `FORBIDDEN`. docs/security.md says who may what.
///
/// This process plays the procs too: what makes one is what its links show. Of a process of its own
/// each has no more than it takes to be told its secret.
@Timeout(120)
class PermissionsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration HOURS = Duration.ofHours(1);
    private static final ProcConfig CONFIG = ProcConfig.defaults();
    private static final String BLOB = "blob";

    /// Leaves the first line of the control pipe in a file.
    private static final String SCRIPT =
            "read -r line <&\"$HYPERACTOR_CONTROL_FD\" && echo \"$line\" >\"$0.part\""
                    + " && mv \"$0.part\" \"$0\" && exec sleep 1000";

    /// Who sends.
    private enum Role {
        /// The program around a host, in the host's own process.
        HOST,
        /// A proc of the host with [ProcSpec#withHostControl()].
        CONTROLLER,
        /// A proc of the host without that.
        SIBLING,
        /// The very proc that is meant, or one like it where a host is; without that too.
        ITSELF,
        /// Somebody who connects to the frontend, in a proc that has a name as those of a host.
        GUEST_OVER_UNIX,
        GUEST_OVER_TCP
    }

    private static final Set<Role> ANYBODY = Set.of(Role.values());

    private static final Set<Role> WHO_CONTROLS_HOSTS =
            Set.of(Role.HOST, Role.CONTROLLER, Role.GUEST_OVER_UNIX, Role.GUEST_OVER_TCP);

    private static final Set<Role> ALL_BUT_SIBLINGS =
            Set.of(
                    Role.HOST,
                    Role.CONTROLLER,
                    Role.ITSELF,
                    Role.GUEST_OVER_UNIX,
                    Role.GUEST_OVER_TCP);

    private static final Set<Role> HOST_AND_ITSELF = Set.of(Role.HOST, Role.ITSELF);

    /// One kind of message.
    ///
    /// @param who may send it
    /// @param attempt sends one that harms nobody
    private record Row(Class<?> kind, Set<Role> who, Attempt attempt) {
        @Override
        public String toString() {
            return kind.getEnclosingClass() == null
                    ? kind.getSimpleName()
                    : kind.getEnclosingClass().getSimpleName() + "." + kind.getSimpleName();
        }
    }

    private interface Attempt {
        /// Whether it was heard; it came back as `FORBIDDEN` if not.
        boolean isHeard(Role by) throws Exception;
    }

    private static final List<Proc> played = new ArrayList<>();
    private static final AtomicInteger made = new AtomicInteger();

    @TempDir private static Path directory;

    private static ProcessProcManager<ProcAgentMessage> manager;
    private static Host<ProcAgentMessage> host;
    private static LocalProcManager<ProcAgentMessage> tcpManager;
    private static Host<ProcAgentMessage> tcpHost;
    private static Proc controller;
    private static Proc sibling;
    private static Proc victim;
    private static Proc tcpVictim;
    private static Proc guest;
    private static Proc tcpGuest;
    private static Port<ProcNews> news;
    private static Port<LogBatch> batches;

    private static final List<Row> TABLE =
            List.of(
                    toHost(
                            HostAgentMessage.SpawnProc.class,
                            (OncePortRef<SpawnReply> to) ->
                                    new HostAgentMessage.SpawnProc("no!", to)),
                    toHost(HostAgentMessage.ListProcs.class, HostAgentMessage.ListProcs::new),
                    toHost(
                            HostAgentMessage.StopProc.class,
                            (OncePortRef<EndReply> to) ->
                                    new HostAgentMessage.StopProc("nobody", HOURS, to)),
                    toHost(
                            HostAgentMessage.KillProc.class,
                            (OncePortRef<EndReply> to) ->
                                    new HostAgentMessage.KillProc("nobody", to)),
                    toHost(HostAgentMessage.GetLocalProc.class, HostAgentMessage.GetLocalProc::new),
                    toHost(
                            HostAgentMessage.WatchProcs.class,
                            (OncePortRef<FeedReply> to) ->
                                    new HostAgentMessage.WatchProcs(news.ref(), to)),
                    toHost(
                            HostAgentMessage.FeedTaken.class,
                            (OncePortRef<Boolean> to) ->
                                    new HostAgentMessage.FeedTaken(news.ref().id(), 1, to)),
                    toHost(
                            HostAgentMessage.EndFeed.class,
                            () -> new HostAgentMessage.EndFeed(news.ref().id())),
                    toHost(
                            HostAgentMessage.GetLogs.class,
                            (OncePortRef<LogsReply> to) ->
                                    new HostAgentMessage.GetLogs(
                                            List.of("nobody"), Optional.empty(), 1, to)),
                    toHost(
                            HostAgentMessage.FollowLogs.class,
                            (OncePortRef<FollowReply> to) ->
                                    new HostAgentMessage.FollowLogs(
                                            List.of("nobody"),
                                            Optional.empty(),
                                            1,
                                            Optional.empty(),
                                            batches.ref(),
                                            to)),
                    toHost(
                            HostAgentMessage.LogsTaken.class,
                            () -> new HostAgentMessage.LogsTaken(1)),
                    toHost(
                            HostAgentMessage.UnfollowLogs.class,
                            () -> new HostAgentMessage.UnfollowLogs(1)),
                    toHost(HostAgentMessage.ListEnded.class, HostAgentMessage.ListEnded::new),
                    toHost(HostAgentMessage.GetCounters.class, HostAgentMessage.GetCounters::new),
                    toProc(
                            ProcAgentMessage.Spawn.class,
                            (OncePortRef<ProcAgentMessage.Spawned> to) ->
                                    new ProcAgentMessage.Spawn("no!", "a", new byte[0], to)),
                    toProc(ProcAgentMessage.GetReport.class, ProcAgentMessage.GetReport::new),
                    new Row(
                            ProcAgentMessage.StopProc.class,
                            HOST_AND_ITSELF,
                            PermissionsTest::stopsAProc),
                    toService(
                            EchoMessage.class, EchoActor.NAME, EchoMessage.class, EchoMessage::new),
                    toService(
                            BlobMessage.Pull.class,
                            BLOB,
                            BlobMessage.class,
                            (OncePortRef<BlobMessage.Piece> to) -> new BlobMessage.Pull(0, 1, to)));

    @BeforeAll
    static void serve() throws Exception {
        HostConfig config = HostConfig.defaults().withStopGrace(Duration.ZERO);
        manager = ProcessProcManager.of(List.of("/bin/sh"), ProcAgentMessage.class);
        host = Host.serve(ChannelAddress.any(Transport.UNIX), manager, config);
        tcpManager = new LocalProcManager<>(PermissionsTest::agent);
        tcpHost = Host.serve(ChannelAddress.parse("tcp:127.0.0.1:0"), tcpManager, config);
        for (Host<ProcAgentMessage> one : List.of(host, tcpHost)) {
            var _ = HostAgent.spawn(one);
            var _ = one.systemProc().spawn(EchoActor.NAME, EchoActor.TYPE);
            var _ = one.systemProc().spawn(BLOB, Blob.of(ByteBuffer.wrap(new byte[] {1}), HOURS));
        }
        controller = child("controller", true);
        sibling = child("sibling", false);
        victim = child("victim", false);
        tcpVictim = tcpChild("victim");
        guest = Proc.direct(ChannelAddress.any(Transport.UNIX), Host.SERVICE_PROC_NAME);
        tcpGuest = Proc.direct(ChannelAddress.parse("tcp:127.0.0.1:0"), Host.SERVICE_PROC_NAME);
        Client taker = guest.client("taker");
        news = taker.openPort(ProcNews.class);
        batches = taker.openPort(LogBatch.class);
    }

    @AfterAll
    static void close() {
        played.forEach(Proc::close);
        guest.close();
        tcpGuest.close();
        tcpHost.close();
        host.close();
    }

    private static ActorHandle<ProcAgentMessage> agent(Proc proc) {
        return proc.spawn(ProcAgent.NAME, ProcAgent.type(ActorTypes.of(EchoActor.TYPE)));
    }

    /// A proc of the host, played by this process.
    private static Proc child(String name, boolean mayControl) throws Exception {
        Path secret = directory.resolve(name);
        ProcSpec spec = ProcSpec.command(List.of("/bin/sh", "-c", SCRIPT, secret.toString()));
        FutureTask<Proc> part = new FutureTask<>(() -> play(name, secret));
        Thread.ofVirtual().start(part);
        var _ = host.spawn(name, mayControl ? spec.withHostControl() : spec);
        Proc proc = part.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        played.add(proc);
        return proc;
    }

    private static Proc play(String name, Path secret) throws Exception {
        await().atMost(PATIENCE).until(() -> Files.exists(secret));
        return ProcBoot.bootProc(
                new Assignment(
                        new ProcId(host.address(), name),
                        host.backendAddress(),
                        manager.callbackAddress(),
                        Secret.parse(Files.readString(secret).strip())),
                CONFIG,
                PermissionsTest::agent);
    }

    private static Proc tcpChild(String name) throws Exception {
        return tcpManager.proc(tcpHost.spawn(name).procId()).orElseThrow();
    }

    private static Proc procOf(Role role) {
        return switch (role) {
            case HOST -> host.systemProc();
            case CONTROLLER -> controller;
            case SIBLING -> sibling;
            case ITSELF -> victim;
            case GUEST_OVER_UNIX -> guest;
            case GUEST_OVER_TCP -> tcpGuest;
        };
    }

    private static Host<ProcAgentMessage> hostOf(Role role) {
        return role == Role.GUEST_OVER_TCP ? tcpHost : host;
    }

    private static <M> ActorRef<M> onService(Role by, String name, Class<M> protocol) {
        return ActorRef.attest(hostOf(by).systemProc().id().actor(name, 0), protocol);
    }

    private static ActorRef<HostAgentMessage> hostAgent(Role by) {
        return onService(by, HostAgent.NAME, HostAgentMessage.class);
    }

    private static ActorRef<ProcAgentMessage> agentOf(Proc proc) {
        return ActorRef.attest(proc.id().actor(ProcAgent.NAME, 0), ProcAgentMessage.class);
    }

    private static Client client(Proc proc) {
        return proc.client("client-" + made.incrementAndGet());
    }

    private static <R> Row toHost(
            Class<? extends HostAgentMessage> kind,
            Function<OncePortRef<R>, HostAgentMessage> request) {
        return new Row(
                kind, WHO_CONTROLS_HOSTS, by -> isAnswered(procOf(by), hostAgent(by), request));
    }

    private static Row toHost(
            Class<? extends HostAgentMessage> kind, Supplier<HostAgentMessage> message) {
        return new Row(kind, WHO_CONTROLS_HOSTS, by -> isPassed(by, message.get()));
    }

    private static <R> Row toProc(
            Class<? extends ProcAgentMessage> kind,
            Function<OncePortRef<R>, ProcAgentMessage> request) {
        return new Row(
                kind,
                ALL_BUT_SIBLINGS,
                by -> {
                    Proc meant = hostOf(by) == tcpHost ? tcpVictim : victim;
                    return isAnswered(procOf(by), agentOf(meant), request);
                });
    }

    private static <M, R> Row toService(
            Class<? extends M> kind,
            String name,
            Class<M> protocol,
            Function<OncePortRef<R>, M> request) {
        return new Row(
                kind,
                ANYBODY,
                by -> isAnswered(procOf(by), onService(by, name, protocol), request));
    }

    private static <M, R> boolean isAnswered(
            Proc from, ActorRef<M> to, Function<OncePortRef<R>, M> request)
            throws InterruptedException {
        try (Client client = client(from)) {
            return isAnswered(client, to, request);
        }
    }

    private static <M, R> boolean isAnswered(
            Client client, ActorRef<M> to, Function<OncePortRef<R>, M> request)
            throws InterruptedException {
        try {
            R _ = client.ask(to, request, PATIENCE);
            return true;
        } catch (AskException.Undelivered e) {
            assertForbidden(e.undeliverable());
            return false;
        }
    }

    private static void assertForbidden(Undeliverable back) {
        assertThat(back.failure().reason()).isEqualTo(DeliveryFailure.Reason.FORBIDDEN);
    }

    /// What has no reply either comes back, or did not before the host has judged what was sent
    /// behind it.
    private static boolean isPassed(Role by, HostAgentMessage message) throws InterruptedException {
        Queue<Undeliverable> back = new ConcurrentLinkedQueue<>();
        long before = forbidden(by);
        try (Client client = client(procOf(by))) {
            client.onUndeliverable(back::add);
            client.send(hostAgent(by), message);
            boolean next = isAnswered(client, hostAgent(by), HostAgentMessage.ListProcs::new);
            boolean passed = forbidden(by) - before == (next ? 0 : 1);
            if (!passed) {
                await().atMost(PATIENCE).until(() -> !back.isEmpty());
                assertForbidden(back.element());
            }
            return passed;
        }
    }

    private static long forbidden(Role by) {
        return hostOf(by).refusals().get(Refusal.FORBIDDEN);
    }

    private static boolean stopsAProc(Role by) throws Exception {
        String name = "doomed-" + made.incrementAndGet();
        Proc doomed = hostOf(by) == tcpHost ? tcpChild(name) : child(name, false);
        Queue<Undeliverable> back = new ConcurrentLinkedQueue<>();
        try (Client client = client(by == Role.ITSELF ? doomed : procOf(by))) {
            client.onUndeliverable(back::add);
            client.send(agentOf(doomed), new ProcAgentMessage.StopProc(Duration.ZERO, "a test"));
            await().atMost(PATIENCE).until(() -> doomed.ended().isDone() || !back.isEmpty());
        }
        back.forEach(PermissionsTest::assertForbidden);
        return back.isEmpty();
    }

    static Stream<Arguments> everyKindAndRole() {
        return TABLE.stream()
                .flatMap(row -> Arrays.stream(Role.values()).map(role -> Arguments.of(row, role)));
    }

    @ParameterizedTest
    @MethodSource("everyKindAndRole")
    void whoMaySendItIsHeardAndToOthersItComesBack(Row row, Role by) throws Exception {
        long before = Counters.forbidden();
        boolean may = row.who().contains(by);
        assertThat(row.attempt().isHeard(by)).isEqualTo(may);
        assertThat(Counters.forbidden() == before).as("nothing was counted").isEqualTo(may);
    }

    /// For whoever adds one has to say who may send it.
    @Test
    void everyKindOfMessageThatThereIsStandsInTheTable() throws Exception {
        assertThat(TABLE)
                .extracting(Row::kind)
                .containsExactlyInAnyOrderElementsOf(ProtocolKinds.ofTheRuntime());
    }
}

package io.hyperactor.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hyperactor.ActorRef;
import io.hyperactor.Client;
import io.hyperactor.Counters;
import io.hyperactor.OncePortRef;
import io.hyperactor.ProcAgentMessage;
import io.hyperactor.Undeliverable;
import io.hyperactor.channel.Admission;
import io.hyperactor.channel.ChannelServer;
import io.hyperactor.channel.Channels;
import io.hyperactor.channel.FrameReceiver;
import io.hyperactor.host.Host;
import io.hyperactor.host.LogQuery;
import io.hyperactor.host.ProcessProcManager;
import io.hyperactor.host.ReadyProc;
import io.hyperactor.host.Refusal;
import io.hyperactor.wire.ActorId;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.ProcId;
import io.hyperactor.wire.Transport;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/// Fault row M19: a proc, a process of its own, that speaks for a sibling, for its host, or for
/// somebody on another machine; or says, in its own name, what is another's to say.
@SystemTest
@Tag("rows")
@Timeout(300)
class ForgeriesIT {
    private static final Duration AT_ONCE = Duration.ofMillis(100);

    private final Queue<Undeliverable> blamed = new ConcurrentLinkedQueue<>();

    @TempDir Path directory;

    private ProcessProcManager<ProcAgentMessage> manager;
    private Host<ProcAgentMessage> host;
    private Client client;
    private ReadyProc<ProcAgentMessage> hostile;
    private ReadyProc<ProcAgentMessage> victim;
    private ActorRef<Tally> recipient;
    private ActorRef<Forger.Forgery> forger;

    @BeforeEach
    void serve() throws Exception {
        manager = ProcessProcManager.running(WorkerProc.class);
        host = Hosts.serve(manager);
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

    @Test
    void m19WhoMakesUpNewsAboutTheMessagesOfASiblingIsNotBelieved() throws Exception {
        ReadyProc<ProcAgentMessage> sibling = host.spawn("sibling");
        ActorRef<Task> asker = client.spawn(sibling.agent(), "asker", Worker.TYPE);
        long number = overhear(asker);
        new FaultRow("M19", "forged news about a sibling's request is believed")
                .holds(
                        FaultRow.times(1, 50),
                        round -> {
                            // Its ports are numbered from 1.
                            liesAreOfNoUse(
                                    asker,
                                    new ForgedNews(asker.id(), number, round + 1, recipient.id()));
                            return null;
                        });
        assertThat(blamed).isEmpty();
        assertThat(host.procs()).hasSize(3);
        LogQuery ofSibling = new LogQuery(Set.of("sibling"), Optional.empty(), LogQuery.MAX);
        await().atMost(Patience.LIMIT)
                .until(() ->
                        manager.logs().find(ofSibling).stream()
                                .anyMatch(record -> record.text().contains("refused")));
    }

    /// What news about the messages of `asker` has to show: whoever was sent one knows that.
    private long overhear(ActorRef<Task> asker) throws Exception {
        CompletableFuture<byte[]> note = new CompletableFuture<>();
        FrameReceiver receiver =
                (_, buffer, offset, length) -> {
                    note.complete(Arrays.copyOfRange(buffer, offset, offset + length));
                    return true;
                };
        try (ChannelServer ear =
                Channels.shared()
                        .serve(ChannelAddress.any(Transport.UNIX), Admission.open(), receiver)) {
            ActorId confederate = new ProcId(ear.address(), "ear").actor("ear", 0);
            client.send(asker, new Task.Tell(ActorRef.attest(confederate, Tally.class)));
            return ForgedNews.numberIn(note.get(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS));
        }
    }

    /// About a request whose recipient is busy meanwhile.
    private void liesAreOfNoUse(ActorRef<Task> asker, ForgedNews lies) throws Exception {
        Path goOn = directory.resolve("go-on-" + lies.replyPort());
        long _ =
                client.ask(
                        recipient,
                        replyTo -> new Tally.Block(goOn.toString(), replyTo),
                        Patience.LIMIT);
        CompletableFuture<String> answer =
                client.request(asker, replyTo -> new Task.Ask(recipient, replyTo), Patience.LIMIT);
        Task.News before = news(asker); // so it has asked

        List<byte[]> toAsker = lies.toAsker(forger.id());
        long counted = Counters.forbidden();
        toAsker.forEach(envelope -> assertThat(said(envelope)).isEmpty());
        assertThat(said(lies.toHost(forger.id()))).isEmpty();
        Task.News after = new Task.News(before.back(), before.refused() + toAsker.size());
        await().atMost(Patience.LIMIT)
                .untilAsserted(() -> assertThat(news(asker)).isEqualTo(after));
        assertThat(Counters.forbidden()).as("counted by the host").isEqualTo(counted + 1);

        long refused = host.refusals().get(Refusal.FORBIDDEN);
        for (ActorId as : List.of(recipient.id(), host.systemProc().id().actor("host", 0))) {
            toAsker = lies.toAsker(as);
            toAsker.forEach(envelope -> assertThat(said(envelope)).isEqualTo("FORBIDDEN"));
            assertThat(said(lies.toHost(as))).isEqualTo("FORBIDDEN");
            refused += toAsker.size() + 1;
        }
        assertThat(host.refusals().get(Refusal.FORBIDDEN)).as("each is counted").isEqualTo(refused);

        assertThat(answer).isNotDone();
        assertThat(news(asker)).isEqualTo(after);
        Files.createFile(goOn);
        assertThat(answer).succeedsWithin(Patience.LIMIT).isEqualTo(Worker.ANSWERED);
    }

    private Task.News news(ActorRef<Task> asker) throws InterruptedException {
        return client.ask(asker, Task.CountNews::new, Patience.LIMIT);
    }

    /// Why the host has not taken it of the hostile proc; empty if it has.
    private String said(byte[] envelope) {
        String secret = hostile.handle().secret().reveal();
        return client.request(
                        forger,
                        (OncePortRef<String> replyTo) ->
                                new Forger.Forgery.Say(secret, envelope, replyTo),
                        Patience.LIMIT)
                .join();
    }
}

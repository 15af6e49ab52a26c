package io.hyperactor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyperactor.wire.ProcId;
import io.hyperactor.wire.Transport;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/// An agent and whoever asks it live in two procs.
final class ProcAgentTest {
    record Start(long first, String word) {}

    private static final ActorType<Work> COUNTING =
            ActorType.of("counting", Work.class, Counting::new);
    private static final ActorType.WithParams<Start, Work> STARTED =
            ActorType.of(
                    "started",
                    Work.class,
                    Start.class,
                    start ->
                            (cx, message) -> {
                                if (message instanceof Work.Question(long value, var replyTo)) {
                                    cx.send(replyTo, start.first() + value + start.word().length());
                                }
                            });

    @TempDir private Path directory;
    private Pair pair;
    private ActorRef<ProcAgentMessage> agent;

    @BeforeEach
    void start() {
        pair = new Pair(Transport.UNIX, directory);
        agent =
                pair.there
                        .proc
                        .spawn(ProcAgent.NAME, ProcAgent.type(ActorTypes.of(COUNTING, STARTED)))
                        .ref();
    }

    @AfterEach
    void end() {
        pair.close();
    }

    private ActorRef<Work> spawn(String name, ActorType<Work> type) throws Exception {
        return pair.here.client.spawn(agent, name, type);
    }

    private ProcAgentMessage.Report report() throws Exception {
        return pair.here.client.ask(agent, ProcAgentMessage.GetReport::new, Waiting.PATIENCE);
    }

    private ProcAgentMessage.Spawned ask(String type, String name, byte[] params) throws Exception {
        return pair.here.client.ask(
                agent,
                (OncePortRef<ProcAgentMessage.Spawned> reply) ->
                        new ProcAgentMessage.Spawn(type, name, params, reply),
                Waiting.PATIENCE);
    }

    private void assertRefused(String type, String name, byte[] params, String why)
            throws Exception {
        assertThat(ask(type, name, params))
                .isInstanceOfSatisfying(
                        ProcAgentMessage.Refused.class,
                        refused -> assertThat(refused.why()).contains(why).hasLineCount(1));
        assertThat(report().actors()).isPositive(); // it lives
    }

    @Test
    void actorsAreSpawnedByTheNameOfTheirType() throws Exception {
        ActorRef<Work> ref = spawn("a", COUNTING);
        assertThat(ref.id()).isEqualTo(pair.there.proc.id().actor("a", 0));
        pair.here.count(ref, 0, 5);
        assertThat(pair.here.ask(ref, 0)).isEqualTo(5);
    }

    @Test
    void parametersTravelWithTheType() throws Exception {
        ActorRef<Work> ref = spawn("a", STARTED.with(new Start(100, "four")));
        assertThat(pair.here.ask(ref, 1)).isEqualTo(105);
    }

    @Test
    void theRefIsPinnedToTheActorThatWasSpawned() throws Exception {
        ActorRef<Work> ref = spawn("a", COUNTING);
        pair.here.client.send(ref, new Work.Do("stop"));
        Waiting.until(() -> pair.there.proc.find(ref.id()) == null);
        ActorRef<Work> heir = spawn("a", COUNTING);
        assertThatThrownBy(() -> pair.here.ask(ref, 0))
                .isInstanceOf(AskException.Undelivered.class)
                .hasMessageContaining("earlier incarnation");
        assertThat(pair.here.ask(heir, 0)).isZero();
    }

    @Test
    void whatCanNotBeSpawnedIsRefusedInOneLineAndTheAgentLives() throws Exception {
        byte[] none = {};
        spawn("taken", COUNTING);
        assertRefused("unheard", "a", none, "no actor type 'unheard' here");
        assertRefused("unheard\nof", "a", none, "unheard of");
        assertRefused("counting", "taken", none, "'taken' has already been spawned");
        assertRefused("counting", "no name", none, "no name");
        assertRefused("counting", "", none, "");
        assertRefused("counting", "a", new byte[] {1}, "takes no parameters");
        assertRefused("started", "a", none, "WireFormatException");
        assertRefused("started", "a", new byte[] {1, 2, 3}, "WireFormatException");
        assertThat(report().actors()).isEqualTo(2);
    }

    @Test
    void aRefusalIsAnErrorOfWhoeverSpawns() {
        ActorType<Work> unheard = ActorType.of("unheard", Work.class, Counting::new);
        assertThatThrownBy(() -> spawn("a", unheard))
                .isInstanceOf(HyperactorException.SpawnRefused.class)
                .hasMessageContaining("could not spawn 'a' in " + pair.there.proc.id())
                .hasMessageContaining("no actor type 'unheard'");
    }

    @Test
    void aTypeOfTheSameNameWithAnotherProtocolIsRefused() {
        ActorType<String> other = ActorType.of("counting", String.class, () -> (cx, message) -> {});
        assertThatThrownBy(() -> pair.here.client.spawn(agent, "a", other))
                .isInstanceOf(HyperactorException.SpawnRefused.class)
                .hasMessageContaining("speaks another protocol");
    }

    @Test
    void aTypeWhoseActorFailsAtOnceHasBeenSpawned() throws Exception {
        ActorRef<Work> ref = spawn("a", COUNTING);
        pair.here.client.send(ref, new Work.Do("fail"));
        Waiting.until(() -> pair.there.events.size() == 1);
        assertThat(spawn("a", COUNTING)).isEqualTo(ref);
    }

    @Test
    void itReportsWhatItsProcHolds() throws Exception {
        assertThat(report().actors()).isEqualTo(1);
        assertThat(report().pid()).isEqualTo(ProcessHandle.current().pid());
        Counting stuck = new Counting();
        ActorHandle<Work> handle = pair.there.spawn("stuck", stuck);
        pair.there.client.send(handle.ref(), new Work.Do("hold"));
        Waiting.on(stuck.held);
        pair.there.count(handle.ref(), 0, 10);
        assertThat(report().actors()).isEqualTo(2);
        assertThat(report().queuedMessages()).isEqualTo(10);
        stuck.release.countDown();
    }

    @Test
    void itEndsItsProc() throws Exception {
        Counting stuck = new Counting();
        ActorHandle<Work> handle = pair.there.spawn("stuck", stuck);
        pair.there.client.send(handle.ref(), new Work.Do("hold"));
        Waiting.on(stuck.held);
        pair.there.client.send(
                agent, // which needs a moment itself
                new ProcAgentMessage.StopProc(Duration.ofSeconds(2), "enough"));
        Proc.Destroyed end = Waiting.get(pair.there.proc.ended());
        assertThat(end.stopped()).containsExactly(agent.id());
        assertThat(end.aborted()).containsExactly(handle.id());
        assertThatThrownBy(() -> pair.here.client.spawn(agent, "a", COUNTING))
                .isInstanceOf(AskException.Undelivered.class)
                .hasMessageContaining("actor stopped");
    }

    @Test
    void itDoesNotEndItsProcForJustAnybody() throws Exception {
        CompletableFuture<Undeliverable> back = new CompletableFuture<>();
        pair.here.client.onUndeliverable(back::complete);
        pair.here.client.send(agent, new ProcAgentMessage.StopProc(Duration.ZERO, "please"));
        assertThat(Waiting.get(back).failure().reason())
                .isEqualTo(DeliveryFailure.Reason.FORBIDDEN);
        assertThat(pair.there.proc.ended()).isNotDone();
        assertThat(report().actors()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "'unix:/h,service', true",
        "'unix:/h,local', true",
        "'unix:/h,p', true",
        "'unix:/h,q', false",
        "'unix:/other,service', false",
        "'unix:/other,p', false"
    })
    void itEndsItsProcForItsHostAndForItself(String from, boolean may) {
        assertThat(ProcAgent.mayStop(ProcId.parse("unix:/h,p"), ProcId.parse(from))).isEqualTo(may);
    }

    @Test
    void twoTypesCanNotHaveOneName() {
        assertThatThrownBy(() -> ActorTypes.of(COUNTING, COUNTING))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("counting");
        assertThat(ActorTypes.of(COUNTING, STARTED).names()).containsExactly("counting", "started");
    }
}

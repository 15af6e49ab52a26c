package io.hyperactor.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperactor.host.ProcEvent.Change;
import io.hyperactor.host.SlotLife.Effect;
import io.hyperactor.host.SlotLife.Event;
import io.hyperactor.host.SlotLife.Stage;
import io.hyperactor.host.SlotLife.Step;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What becomes of a name in every order of spawn, callback, end, stop, pause, close.
class SlotLifeTest {
    private static final ExitReport KILLED = ExitReport.of(new ProcExit.Signalled(9, false));
    private static final Event STARTED = new Event.Started();
    private static final Event READY = new Event.Ready(0, Duration.ZERO);
    private static final Event ENDED = new Event.Ended(KILLED, 0, 0);
    private static final Event FAILED = new Event.NotReady("why", false, 0, 0);
    private static final Event STUCK = new Event.NotReady("why", true, 0, 0);
    private static final Event UNWANTED = new Event.Unwanted();
    private static final Event PAUSE_OVER = new Event.PauseOver();
    private static final RestartPolicy TWICE =
            RestartPolicy.PERMANENT.withBudget(2, Duration.ofHours(1)).withJitter(0);

    private static Step run(RestartPolicy policy, Event... events) {
        Step step = new Step(SlotLife.reserved(policy), List.of());
        for (Event event : events) {
            step = step.next().on(event);
        }
        return step;
    }

    private static List<String> words(List<Effect> effects) {
        return effects.stream().map(SlotLifeTest::word).toList();
    }

    private static String word(Effect effect) {
        return effect instanceof Effect.Publish(Change change)
                ? change.getClass().getSimpleName()
                : effect.getClass().getSimpleName().toLowerCase(java.util.Locale.ROOT);
    }

    @Test
    void aNameIsFreeBeforeTheLastEndIsTold() {
        assertThat(words(run(RestartPolicy.TEMPORARY, STARTED, READY, ENDED).effects()))
                .containsExactly("unbind", "free", "Ended");
    }

    @Test
    void aNameIsFreeBeforeItIsToldThatItsProcIsGivenUp() {
        RestartPolicy never = TWICE.withBudget(0, Duration.ofHours(1));
        assertThat(words(run(never, STARTED, READY, ENDED).effects()))
                .containsExactly("unbind", "free", "Ended", "GaveUp");
    }

    @Test
    void aProcThatComesBackKeepsItsName() {
        assertThat(words(run(TWICE, STARTED, READY, ENDED).effects()))
                .containsExactly("unbind", "Ended", "Restarting", "pause");
    }

    @Test
    void aSpawnThatFailsFreesTheNameBeforeItTellsWhatItLeft() {
        assertThat(words(run(TWICE, STARTED, ENDED).effects())).isEmpty();
        assertThat(words(run(TWICE, STARTED, ENDED, FAILED).effects()))
                .containsExactly("unbind", "free", "Ended", "NotReady");
    }

    @Test
    void whatCouldNotBeEndedKeepsItsNameUntilItHasEnded() {
        assertThat(words(run(TWICE, STARTED, STUCK).effects()))
                .containsExactly("unbind", "NotReady");
        assertThat(words(run(TWICE, STARTED, STUCK, ENDED).effects()))
                .containsExactly("unbind", "free", "Ended");
    }

    @Test
    void whoWaitsForItsRestartIsLetGoAtOnce() {
        Step step = run(TWICE, STARTED, READY, ENDED, UNWANTED);
        assertThat(words(step.effects())).containsExactly("endpause", "unbind", "free", "GaveUp");
        assertThat(step.next().lastExit()).contains(KILLED);
    }

    @Test
    void theEndOfAProcWhoseNameWasReleasedIsTold() {
        Step step = run(TWICE, STARTED, READY, new Event.Released(), ENDED);
        assertThat(words(step.effects())).containsExactly("Ended");
    }

    @Test
    void silenceIsOfAReadyProc() {
        Event silent = new Event.Silent(Silence.Change.SUSPECTED, Duration.ZERO);
        assertThat(words(run(TWICE, STARTED, READY, silent).effects()))
                .containsExactly("Suspected");
        assertThat(words(run(TWICE, STARTED, READY, ENDED, silent).effects())).isEmpty();
        assertThat(words(run(TWICE, STARTED, silent).effects())).isEmpty();
    }

    // Every order of events, to a depth at which two restarts and a last end have their place.

    /// A history: its last state, what was done on the way, whether there is a process, and whether
    /// somebody has ended it.
    private record History(SlotLife life, List<String> done, boolean process, boolean unwanted) {}

    private static final List<Event> EVENTS =
            List.of(
                    STARTED,
                    READY,
                    ENDED,
                    FAILED,
                    STUCK,
                    UNWANTED,
                    PAUSE_OVER,
                    new Event.Stopping(),
                    new Event.Released(),
                    new Event.Silent(Silence.Change.SUSPECTED, Duration.ZERO),
                    new Event.Silent(Silence.Change.FATAL, Duration.ZERO));

    private static final int DEPTH = 8;

    private static int explore(Consumer<History> check) {
        Queue<History> open = new ArrayDeque<>();
        Set<History> seen = new HashSet<>();
        open.add(new History(SlotLife.reserved(TWICE), List.of(), false, false));
        for (int depth = 0; depth <= DEPTH; depth++) {
            Queue<History> next = new ArrayDeque<>();
            for (History history : open) {
                check.accept(history);
                for (Event event : EVENTS) {
                    if (canBe(history, event)) {
                        History after = after(history, event);
                        if (seen.add(after)) {
                            next.add(after);
                        }
                    }
                }
            }
            open = next;
        }
        return seen.size();
    }

    /// What the supervisor, the manager and the timer can bring about.
    private static boolean canBe(History history, Event event) {
        Stage stage = history.life().stage();
        boolean spawning = stage instanceof Stage.Spawning;
        boolean died =
                stage instanceof Stage.Spawning(_, Optional<ExitReport> how) && how.isPresent();
        return switch (event) {
            case Event.Started() -> spawning && !died && !history.process();
            case Event.Ready _ -> spawning && (died || history.process());
            case Event.Ended _ -> history.process();
            case Event.NotReady failed -> spawning && failed.runs() == history.process();
            case Event.PauseOver(), Event.Unwanted(), Event.Released() -> true;
            case Event.Stopping(), Event.Silent _ -> died || history.process();
        };
    }

    private static History after(History before, Event event) {
        Step step = before.life().on(event);
        return new History(
                step.next(),
                Stream.concat(before.done().stream(), words(step.effects()).stream()).toList(),
                event instanceof Event.Started
                        || (before.process() && !(event instanceof Event.Ended)),
                before.unwanted() || event instanceof Event.Unwanted);
    }

    private static long count(History history, String word) {
        return history.done().stream().filter(word::equals).count();
    }

    @Test
    void inEveryOrderOfEventsTheyAreToldInTheOrderOfALife() {
        // what can be told of one life, and what may come between it and the next
        String life = "Started (Stopping )*(Ready ((Suspected|Condemned|Stopping) )*)?";
        String failed = "(Stopping )*NotReady (Stopping )*";
        String ends = "(Ended |(Ended )?NotReady |" + failed + "Ended )";
        String history =
                "((("
                        + life
                        + ")?"
                        + ends
                        + ")?Restarting )*("
                        + life
                        + "("
                        + failed
                        + ")?)?("
                        + ends
                        + ")?(GaveUp )?(Stopping )*(Ended )?";
        int seen =
                explore(of ->
                        assertThat(
                                        of.done().stream()
                                                .filter(word ->
                                                        Character.isUpperCase(word.charAt(0)))
                                                .collect(Collectors.joining(" ", "", " "))
                                                .stripLeading())
                                .matches(history));
        assertThat(seen).isGreaterThan(10_000);
    }

    @Test
    void inEveryOrderOfEventsAProcIsNeverReadyAfterItsEnd() {
        explore(history -> {
            List<String> done = history.done();
            int ready = done.lastIndexOf("Ready");
            assertThat(ready < 0 || ready > done.subList(0, ready).lastIndexOf("Ended")).isTrue();
            assertThat(
                            ready < 0
                                    || done.subList(0, ready).lastIndexOf("Started")
                                            > done.subList(0, ready).lastIndexOf("Ended"))
                    .isTrue();
        });
    }

    @Test
    void inEveryOrderOfEventsANameIsFreedOnceAndBeforeTheLastNews() {
        explore(history -> {
            boolean gone = history.life().stage() instanceof Stage.Gone;
            List<String> done = history.done();
            assertThat(count(history, "free")).isEqualTo(gone ? 1 : 0);
            assertThat(count(history, "GaveUp")).isLessThanOrEqualTo(1);
            if (gone && !done.getLast().equals("free")) {
                int free = done.indexOf("free");
                assertThat(done.subList(free, done.size())).doesNotContain("Ready", "Restarting");
                assertThat(done.subList(0, free)).doesNotContain("GaveUp");
            }
            if (gone && !history.process() && done.contains("Ended")) {
                assertThat(
                                done.lastIndexOf("Ended") > done.indexOf("free")
                                        || done.lastIndexOf("Ended")
                                                < done.lastIndexOf("Restarting"))
                        .isTrue();
            }
        });
    }

    @Test
    void inEveryOrderOfEventsEachEndIsToldOnceAndNoneIsMadeUp() {
        explore(history -> {
            long started = count(history, "Started");
            boolean held =
                    history.life().stage() instanceof Stage.Spawning(_, var died)
                            && died.isPresent();
            assertThat(count(history, "Ended"))
                    .isEqualTo(started - (history.process() || held ? 1 : 0));
        });
    }

    @Test
    void inEveryOrderOfEventsWhoIsNotWantedIsNotRestarted() {
        explore(history -> {
            if (history.unwanted()) {
                assertThat(history.life().stage()).isNotInstanceOf(Stage.Paused.class);
                Step over = history.life().on(PAUSE_OVER);
                assertThat(over.next().stage()).isEqualTo(history.life().stage());
            }
            assertThat(count(history, "pause")).isEqualTo(count(history, "Restarting"));
        });
    }
}

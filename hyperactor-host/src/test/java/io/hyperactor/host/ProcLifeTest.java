package io.hyperactor.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperactor.host.ProcLife.Effect;
import io.hyperactor.host.ProcLife.Event;
import io.hyperactor.host.ProcLife.Ladder;
import io.hyperactor.host.ProcLife.Step;
import io.hyperactor.wire.ChannelAddress;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.stream.Stream;

/// The life cycle of a proc: single rungs by example, and every order of events.
class ProcLifeTest {
    private static final long SECOND = 1_000_000_000L;
    private static final Instant AT = Instant.EPOCH;
    private static final ChannelAddress HERE = new ChannelAddress.Unix("/here");
    private static final ProcExit EXIT = new ProcExit.Exited(3);

    private static Step run(Event... events) {
        Step step = new Step(ProcLife.starting(), List.of());
        for (Event event : events) {
            step = step.next().on(event);
        }
        return step;
    }

    private static Event.StopAsked stop(long now, long seconds) {
        return new Event.StopAsked(now, seconds * SECOND, true);
    }

    private static final Event LAUNCHED = new Event.Launched(0, AT);
    private static final Event CALLED_BACK = new Event.CalledBack(HERE);

    @Test
    void aChildThatCallsBackBeforeItsLauncherCameBackIsReadyWhenBothHave() {
        assertThat(run(CALLED_BACK).effects()).isEmpty();
        Step step = run(CALLED_BACK, LAUNCHED);
        assertThat(step.next().status()).isEqualTo(new ProcStatus.Ready(AT, HERE));
        assertThat(step.effects()).containsExactly(new Effect.BecomeReady());
        assertThat(step).isEqualTo(run(LAUNCHED, CALLED_BACK));
    }

    @Test
    void theLadderAsksThenTermsThenKillsThenGivesUp() {
        Step asked = run(LAUNCHED, CALLED_BACK, stop(0, 10));
        assertThat(asked.effects())
                .containsExactly(new Effect.WakeAt(10 * SECOND), new Effect.AskToDrain());
        Step termed = asked.next().on(new Event.TimeUp(10 * SECOND));
        long killAt = 10 * SECOND + ProcLife.AFTER_TERM_NANOS;
        assertThat(termed.effects())
                .containsExactly(new Effect.Signal(15), new Effect.WakeAt(killAt));
        Step killed = termed.next().on(new Event.TimeUp(killAt));
        long stuckAt = killAt + ProcLife.AFTER_KILL_NANOS;
        assertThat(killed.effects())
                .containsExactly(new Effect.Signal(9), new Effect.WakeAt(stuckAt));
        Step stuck = killed.next().on(new Event.TimeUp(stuckAt));
        assertThat(stuck.effects()).containsExactly(new Effect.GiveUp());
        assertThat(stuck.next().status()).isEqualTo(new ProcStatus.Stopping(AT)); // nothing made up
        Step again = stuck.next().on(stop(stuckAt, 10));
        assertThat(again.effects()).contains(new Effect.Signal(9));
        Step end = again.next().on(new Event.Ended(EXIT));
        assertThat(end.effects()).containsExactly(new Effect.TellEnd(EXIT));
    }

    @Test
    void aRequestToDrainThatComesBackGoesOnToTermWithTheGraceThatIsLeft() {
        Step step = run(LAUNCHED, CALLED_BACK, stop(0, 10), new Event.AskReturned(SECOND));
        assertThat(step.effects())
                .containsExactly(new Effect.Signal(15), new Effect.WakeAt(10 * SECOND));
    }

    @Test
    void aProcWithoutAnAgentToAskHasTheWholeGraceAfterTerm() {
        Step step = run(LAUNCHED, new Event.StopAsked(5, SECOND, false));
        assertThat(step.effects())
                .containsExactly(new Effect.Signal(15), new Effect.WakeAt(SECOND + 5));
    }

    @Test
    void aSecondStopCanOnlyShortenTheGrace() {
        assertThat(run(LAUNCHED, stop(0, 10), stop(SECOND, 10)).effects()).isEmpty();
        assertThat(run(LAUNCHED, stop(0, 10), stop(SECOND, 1)).effects())
                .containsExactly(new Effect.WakeAt(2 * SECOND));
        assertThat(run(LAUNCHED, stop(0, 10), stop(0, 0)).effects()).contains(new Effect.Signal(9));
    }

    @Test
    void anEndWantedBeforeTheProcessIsThereComesWithIt() {
        Step step = run(new Event.KillAsked(0), CALLED_BACK, new Event.Launched(SECOND, AT));
        assertThat(step.next().status()).isEqualTo(new ProcStatus.Stopping(AT));
        assertThat(step.effects()).contains(new Effect.Signal(9));
    }

    @Test
    void aLaunchThatDoesNotComeBackIsGivenUpAndWhatItStartsLaterIsKilled() {
        Step killed = run(stop(0, 10));
        assertThat(killed.effects()).containsExactly(new Effect.WakeAt(ProcLife.AFTER_KILL_NANOS));
        Step stuck = killed.next().on(new Event.TimeUp(ProcLife.AFTER_KILL_NANOS));
        assertThat(stuck.effects()).containsExactly(new Effect.GiveUp());
        assertThat(stuck.next().status()).isEqualTo(new ProcStatus.Starting());
        assertThat(stuck.next().on(new Event.Launched(10 * SECOND, AT)).effects())
                .contains(new Effect.Signal(9));
    }

    @Test
    void aLaunchThatFailedEndsWhoeverWaitsForTheEnd() {
        Step step = run(new Event.KillAsked(0), new Event.NotLaunched("no such program"));
        assertThat(step.next().status()).isInstanceOf(ProcStatus.Failed.class);
        assertThat(step.effects()).singleElement().isInstanceOf(Effect.TellEnd.class);
    }

    @Test
    void aGraceOfAThousandYearsIsNoOverflow() {
        Step step = run(LAUNCHED, new Event.StopAsked(Long.MAX_VALUE - 7, Long.MAX_VALUE, true));
        assertThat(step.next().on(new Event.TimeUp(Long.MAX_VALUE)).effects()).isEmpty();
    }

    // Every order of events, to a depth at which no new state appears.

    /// A history: its last state and what was done on the way.
    private record History(ProcLife life, List<Effect> done, boolean ready) {}

    private static final List<LongFunction<Event>> EVENTS =
            List.of(
                    now -> new Event.Launched(now, AT),
                    now -> new Event.NotLaunched("no"),
                    now -> CALLED_BACK,
                    now -> new Event.Unfit("no"),
                    now -> new Event.StopAsked(now, SECOND, true),
                    now -> new Event.StopAsked(now, SECOND, false),
                    now -> new Event.StopAsked(now, 10 * SECOND, true),
                    now -> new Event.KillAsked(now),
                    now -> new Event.AskReturned(now),
                    now -> new Event.TimeUp(now),
                    now -> new Event.TimeUp(now + 20 * SECOND),
                    now -> new Event.Ended(EXIT));

    private static final int DEPTH = 7;

    /// Visits each history of at most [#DEPTH] events, those that differ in nothing but time once.
    private static int explore(Consumer<History> check) {
        Set<Object> seen = new HashSet<>();
        Queue<History> open = new ArrayDeque<>();
        open.add(new History(ProcLife.starting(), List.of(), false));
        int visited = 0;
        for (int depth = 0; depth <= DEPTH; depth++) {
            long now = depth * 100 * SECOND;
            Queue<History> next = new ArrayDeque<>();
            for (History history : open) {
                visited++;
                check.accept(history);
                for (LongFunction<Event> event : EVENTS) {
                    History after = after(history, event.apply(now));
                    if (seen.add(List.of(depth, after))) {
                        next.add(after);
                    }
                }
            }
            open = next;
        }
        return visited;
    }

    private static History after(History before, Event event) {
        if (event instanceof Event.Launched && before.life().status().since().isPresent()) {
            return before; // a launcher comes back once
        }
        if (event instanceof Event.Ended && before.life().status().since().isEmpty()) {
            return before; // only what was started ends
        }
        Step step = before.life().on(event);
        ProcStatus was = before.life().status();
        ProcStatus is = step.next().status();
        assertThat(is.equals(was) || was.mayBecome(is)).as("%s -> %s", was, is).isTrue();
        List<Effect> done = Stream.concat(before.done().stream(), step.effects().stream()).toList();
        return new History(step.next(), done, before.ready() || is instanceof ProcStatus.Ready);
    }

    private static long count(History history, Class<? extends Effect> kind) {
        return history.done().stream().filter(kind::isInstance).count();
    }

    private static long signals(History history, int signal) {
        return history.done().stream().filter(new Effect.Signal(signal)::equals).count();
    }

    @Test
    void inEveryOrderOfEventsThereIsOneEndAndNothingAfterIt() {
        int visited =
                explore(history -> {
                    long ends = count(history, Effect.TellEnd.class);
                    assertThat(ends).isEqualTo(history.life().status().isExit() ? 1 : 0);
                    if (ends == 1) {
                        assertThat(history.done().getLast()).isInstanceOf(Effect.TellEnd.class);
                    }
                });
        assertThat(visited).isGreaterThan(10_000);
    }

    @Test
    void inEveryOrderOfEventsNoRungIsUsedTwiceInOneAttempt() {
        explore(history -> {
            assertThat(signals(history, 15)).isLessThanOrEqualTo(1);
            assertThat(signals(history, 9))
                    .isLessThanOrEqualTo(1 + count(history, Effect.GiveUp.class));
            assertThat(count(history, Effect.AskToDrain.class)).isLessThanOrEqualTo(1);
            assertThat(count(history, Effect.BecomeReady.class)).isEqualTo(history.ready() ? 1 : 0);
        });
    }

    @Test
    void inEveryOrderOfEventsNothingIsSignalledThatIsNotThere() {
        explore(history -> {
            if (history.life().status().since().isEmpty() && !history.life().status().isExit()) {
                assertThat(count(history, Effect.Signal.class)).isZero();
            }
        });
    }

    @Test
    void whoeverWantsTheEndGetsItOrIsToldThatItDoesNotCome() {
        explore(history -> {
            ProcLife life = history.life();
            if (life.isUnpursued()) {
                return;
            }
            // the kernel says nothing: at most three times are waited for
            List<Effect> effects = new ArrayList<>();
            for (int i = 0; i < 3 && !(life.ladder() instanceof Ladder.Stuck); i++) {
                Step step = life.on(new Event.TimeUp(deadline(life.ladder())));
                life = step.next();
                effects.addAll(step.effects());
            }
            assertThat(effects).contains(new Effect.GiveUp());
        });
    }

    @Test
    void everyDeadlineHasItsWakeUp() {
        explore(history -> {
            ProcLife life = history.life();
            if (!life.isUnpursued()) {
                assertThat(history.done()).contains(new Effect.WakeAt(deadline(life.ladder())));
            }
        });
    }

    private static long deadline(Ladder ladder) {
        return switch (ladder) {
            case Ladder.Asked(long at) -> at;
            case Ladder.Termed(long at) -> at;
            case Ladder.Killed(long at) -> at;
            case Ladder.Idle(), Ladder.Stuck() -> throw new AssertionError(ladder);
        };
    }
}

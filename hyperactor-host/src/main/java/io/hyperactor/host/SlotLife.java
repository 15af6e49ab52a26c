package io.hyperactor.host;

import io.hyperactor.host.ProcEvent.Change;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The life of one name of a host, from its reservation until it is free, as a pure function: what
/// happened in, what is to be done out. The proc that has the name may end and come back, several
/// times. Times are those of a clock like [System#nanoTime()].
///
/// The name is free before an end is told after which nothing more comes.
///
/// @param stage where the name is
/// @param wanted whether nobody has ended its proc: else there are no more restarts
/// @param restarts so far
/// @param lastExit how its last life ended
record SlotLife(Stage stage, boolean wanted, Restarts restarts, Optional<ExitReport> lastExit) {
    /// Where a name is.
    sealed interface Stage {
        /// Its proc is being spawned.
        ///
        /// @param again whether that is a restart
        /// @param died how it has ended already
        record Spawning(boolean again, Optional<ExitReport> died) implements Stage {}

        /// Its proc is ready.
        record Live(long since, boolean suspected) implements Stage {}

        /// Its proc has ended and will be spawned again.
        record Paused() implements Stage {}

        /// Its spawn has failed, and its process could not be ended.
        ///
        /// @param again whether that was a restart
        record Stuck(boolean again) implements Stage {}

        /// It is free.
        ///
        /// @param ended whether the end of its last proc was told
        record Gone(boolean ended) implements Stage {}
    }

    /// What happened.
    sealed interface Event {
        /// There is a process.
        record Started() implements Event {}

        /// The proc is ready.
        ///
        /// @param after since its spawn began
        record Ready(long now, Duration after) implements Event {}

        /// The proc has ended.
        ///
        /// @param random from 0 to 1
        record Ended(ExitReport report, long now, double random) implements Event {}

        /// Its spawn came to nothing.
        ///
        /// @param runs whether its process may still run
        /// @param random from 0 to 1
        record NotReady(String why, boolean runs, long now, double random) implements Event {}

        /// The end of the proc is being pursued.
        record Stopping() implements Event {}

        /// The proc has become silent, or is not any more.
        record Silent(Silence.Change change, Duration silence) implements Event {}

        /// Nobody wants it any more.
        record Unwanted() implements Event {}

        /// It is time for the restart.
        record PauseOver() implements Event {}

        /// The name is wanted back, whatever becomes of its proc.
        record Released() implements Event {}
    }

    /// What is to be done.
    sealed interface Effect {
        /// Observers are told.
        record Publish(Change change) implements Effect {}

        /// Nothing is sent to the proc any more.
        record Unbind() implements Effect {}

        /// The name is free.
        record Free() implements Effect {}

        /// [Event.PauseOver] is due so much later.
        record Pause(long nanos) implements Effect {}

        /// It is due no more.
        record EndPause() implements Effect {}
    }

    /// The life afterwards, and what is to be done, in this order.
    record Step(SlotLife next, List<Effect> effects) {}

    /// The beginning: it is being spawned.
    static SlotLife reserved(RestartPolicy policy) {
        return new SlotLife(
                new Stage.Spawning(false, Optional.empty()),
                true,
                Restarts.none(policy),
                Optional.empty());
    }

    /// One step.
    Step on(Event event) {
        return switch (event) {
            case Event.Started() -> told(stage instanceof Stage.Spawning, new Change.Started());
            case Event.Ready(long now, Duration after) -> ready(now, after);
            case Event.Ended ended -> ended(ended);
            case Event.NotReady failed -> notReady(failed);
            case Event.Stopping() -> told(hasProc(), new Change.Stopping());
            case Event.Silent(Silence.Change change, Duration silence) -> silent(change, silence);
            case Event.Unwanted() -> unwanted();
            case Event.PauseOver() ->
                    stage instanceof Stage.Paused
                            ? to(new Stage.Spawning(true, Optional.empty()))
                            : to(stage);
            case Event.Released() ->
                    stage instanceof Stage.Live || stage instanceof Stage.Stuck
                            ? new Step(
                                    with(new Stage.Gone(false)),
                                    List.of(new Effect.Unbind(), new Effect.Free()))
                            : to(stage);
        };
    }

    private boolean hasProc() {
        return switch (stage) {
            case Stage.Spawning(_, Optional<ExitReport> died) -> died.isEmpty();
            case Stage.Live _, Stage.Stuck _ -> true;
            case Stage.Paused(), Stage.Gone _ -> false;
        };
    }

    private Step told(boolean so, Change change) {
        return so ? to(stage, new Effect.Publish(change)) : to(stage);
    }

    private Step ready(long now, Duration after) {
        return stage instanceof Stage.Spawning && hasProc() && wanted
                ? to(new Stage.Live(now, false), new Effect.Publish(new Change.Ready(after)))
                : to(stage);
    }

    private Step ended(Event.Ended end) {
        List<Change> told = List.of(new Change.Ended(end.report()));
        SlotLife after = new SlotLife(stage, wanted, restarts, Optional.of(end.report()));
        return switch (stage) {
            // whoever spawns it says when nothing of it is left
            case Stage.Spawning(boolean again, var died) when died.isEmpty() ->
                    after.to(new Stage.Spawning(again, after.lastExit));
            case Stage.Live(long since, _) ->
                    after.decide(told, end.now(), end.now() - since, end.random());
            case Stage.Stuck(boolean again) ->
                    again ? after.decide(told, end.now(), 0, end.random()) : after.free(told);
            case Stage.Gone(boolean ended) when !ended ->
                    new Step(after.with(new Stage.Gone(true)), publish(told));
            case Stage.Spawning _, Stage.Paused(), Stage.Gone _ -> to(stage);
        };
    }

    private Step notReady(Event.NotReady failed) {
        Change told = new Change.NotReady(failed.why());
        if (!(stage instanceof Stage.Spawning(boolean again, Optional<ExitReport> died))) {
            return to(stage);
        }
        if (died.isEmpty() && failed.runs()) {
            return to(new Stage.Stuck(again), new Effect.Unbind(), new Effect.Publish(told));
        }
        List<Change> news =
                died.<List<Change>>map(report -> List.of(new Change.Ended(report), told))
                        .orElse(List.of(told));
        return again ? decide(news, failed.now(), 0, failed.random()) : free(news);
    }

    private Step decide(List<Change> news, long now, long lived, double random) {
        if (!wanted) {
            return free(news);
        }
        Optional<ProcExit> exit =
                news.getFirst() instanceof Change.Ended(ExitReport report)
                        ? Optional.of(report.exit())
                        : Optional.empty();
        return switch (restarts.after(exit, now, lived, random)) {
            case Restarts.Decision.Leave() -> free(news);
            case Restarts.Decision.GiveUp(String why) -> free(and(news, new Change.GaveUp(why)));
            case Restarts.Decision.Restart(Restarts after, long pause) -> {
                Change again = new Change.Restarting(after.total(), Duration.ofNanos(pause));
                yield new Step(
                        new SlotLife(new Stage.Paused(), true, after, lastExit),
                        all(
                                Stream.of(
                                        List.of(new Effect.Unbind()),
                                        publish(and(news, again)),
                                        List.of(new Effect.Pause(pause)))));
            }
        };
    }

    private Step free(List<Change> news) {
        return new Step(
                with(new Stage.Gone(true)),
                all(Stream.of(List.of(new Effect.Unbind(), new Effect.Free()), publish(news))));
    }

    private static List<Effect> publish(List<Change> news) {
        return news.stream().<Effect>map(Effect.Publish::new).toList();
    }

    private static List<Change> and(List<Change> news, Change last) {
        return Stream.concat(news.stream(), Stream.of(last)).toList();
    }

    private static List<Effect> all(Stream<List<Effect>> parts) {
        return parts.flatMap(List::stream).toList();
    }

    private Step silent(Silence.Change change, Duration silence) {
        if (!(stage instanceof Stage.Live(long since, boolean _))) {
            return to(stage);
        }
        return switch (change) {
            case SUSPECTED -> suspect(since, true, new Change.Suspected(silence));
            case RECOVERED -> suspect(since, false, new Change.Recovered());
            case FATAL -> suspect(since, true, new Change.Condemned(silence));
            case NONE -> to(stage);
        };
    }

    private Step suspect(long since, boolean suspected, Change change) {
        return to(new Stage.Live(since, suspected), new Effect.Publish(change));
    }

    private Step unwanted() {
        SlotLife left = new SlotLife(stage, false, restarts, lastExit);
        if (!(stage instanceof Stage.Paused)) {
            return left.to(stage);
        }
        Step freed =
                left.free(
                        List.of(new Change.GaveUp("it was ended while it waited for its restart")));
        return new Step(
                freed.next(), all(Stream.of(List.of(new Effect.EndPause()), freed.effects())));
    }

    private Step to(Stage next, Effect... effects) {
        return new Step(with(next), List.of(effects));
    }

    private SlotLife with(Stage next) {
        return new SlotLife(next, wanted, restarts, lastExit);
    }
}

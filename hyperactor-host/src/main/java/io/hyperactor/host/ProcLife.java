package io.hyperactor.host;

import io.hyperactor.wire.ChannelAddress;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;

/// The life of a proc in a process of its own, as a pure function: what happened in, what is to be
/// done out. Times are those of a clock like [System#nanoTime()].
///
/// An end is pursued on a ladder: ask the proc's agent, TERM, KILL, give up. Whoever asks for an
/// end meanwhile can make it come sooner, never later, and no rung is used twice.
///
/// @param status where the proc is
/// @param ladder how far its end is being pursued
/// @param serves where it said it serves, as soon as it has called back
record ProcLife(ProcStatus status, Ladder ladder, @Nullable ChannelAddress serves) {
    /// How long a proc that did not drain in time has left between TERM and KILL.
    static final long AFTER_TERM_NANOS = 500_000_000L;

    /// How long the kernel has to let go of a killed process; or a launch, to come back with one
    /// that is to be killed.
    static final long AFTER_KILL_NANOS = 2_000_000_000L;

    /// The longest grace; more is taken as this. About a century.
    static final long GRACE_MAX_NANOS = Long.MAX_VALUE / 3;

    /// How far the end of a proc is being pursued.
    sealed interface Ladder {
        /// Nobody wants its end.
        record Idle() implements Ladder {}

        /// Its agent was asked to drain.
        record Asked(long deadline) implements Ladder {}

        /// TERM was sent.
        record Termed(long deadline) implements Ladder {}

        /// KILL was sent, or will be as soon as there is a process.
        record Killed(long deadline) implements Ladder {}

        /// Nothing helped. The next who wants its end tries again.
        record Stuck() implements Ladder {}
    }

    /// What happened.
    sealed interface Event {
        /// The process was started.
        record Launched(long now, Instant at) implements Event {}

        /// There will be no process.
        record NotLaunched(String why) implements Event {}

        /// The child proved itself and serves.
        record CalledBack(ChannelAddress serves) implements Event {}

        /// The child proved itself, but is not what was wanted.
        record Unfit(String why) implements Event {}

        /// Somebody wants it to end in good order.
        ///
        /// @param drains whether it has an agent that can be asked
        record StopAsked(long now, long graceNanos, boolean drains) implements Event {}

        /// Somebody wants it to end at once.
        record KillAsked(long now) implements Event {}

        /// The request to drain did not reach the agent.
        record AskReturned(long now) implements Event {}

        /// A time that an [Effect.WakeAt] gave has come.
        record TimeUp(long now) implements Event {}

        /// The kernel has told its end.
        record Ended(ProcExit exit) implements Event {}
    }

    /// What is to be done.
    sealed interface Effect {
        /// Whoever waits for it to be ready is told.
        record BecomeReady() implements Effect {}

        /// Whoever waits for it to be ready is told that it will not be.
        record FailReady(String why) implements Effect {}

        /// The agent is asked to drain.
        record AskToDrain() implements Effect {}

        /// The process group gets a signal.
        record Signal(int signal) implements Effect {}

        /// [Event.TimeUp] is due at this time.
        record WakeAt(long deadline) implements Effect {}

        /// Whoever waits for the end is told that it does not come.
        record GiveUp() implements Effect {}

        /// Everybody is told the end.
        record TellEnd(ProcExit exit) implements Effect {}
    }

    /// The life afterwards, and what is to be done, in this order; but wake-ups are set first, for
    /// without them it is not stepped on.
    record Step(ProcLife next, List<Effect> effects) {}

    /// The beginning.
    static ProcLife starting() {
        return new ProcLife(new ProcStatus.Starting(), new Ladder.Idle(), null);
    }

    /// Whether nobody pursues its end now.
    boolean isUnpursued() {
        return ladder instanceof Ladder.Idle || ladder instanceof Ladder.Stuck;
    }

    /// One step. After the end nothing happens any more.
    Step on(Event event) {
        if (status.isExit()) {
            return stay();
        }
        return switch (event) {
            case Event.Launched(long now, Instant at) -> launched(now, at);
            case Event.NotLaunched(String why) ->
                    isNotStarted() ? ended(new ProcExit.NeverStarted(why)) : stay();
            case Event.CalledBack(ChannelAddress address) -> calledBack(address);
            case Event.Unfit(String why) -> new Step(this, List.of(new Effect.FailReady(why)));
            case Event.StopAsked stop -> stop(stop);
            case Event.KillAsked(long now) -> kill(now);
            case Event.AskReturned(long now) ->
                    ladder instanceof Ladder.Asked(long deadline)
                            ? term(Math.max(deadline - now, AFTER_TERM_NANOS) + now)
                            : stay();
            case Event.TimeUp(long now) -> timeUp(now);
            case Event.Ended(ProcExit exit) -> ended(exit);
        };
    }

    private Step stay(Effect... effects) {
        return new Step(this, List.of(effects));
    }

    private Step launched(long now, Instant at) {
        if (!isNotStarted()) {
            return stay();
        }
        ProcLife running = with(new ProcStatus.Running(at));
        if (!(ladder instanceof Ladder.Idle)) {
            return running.killNow(now); // its end was wanted before it was there
        }
        return serves == null
                ? new Step(running, List.of())
                : new Step(
                        with(new ProcStatus.Ready(at, serves)), List.of(new Effect.BecomeReady()));
    }

    private Step calledBack(ChannelAddress address) {
        if (serves != null) {
            return stay();
        }
        ProcLife known = new ProcLife(status, ladder, address);
        return status instanceof ProcStatus.Running(Instant at)
                ? new Step(
                        known.with(new ProcStatus.Ready(at, address)),
                        List.of(new Effect.BecomeReady()))
                : new Step(known, List.of());
    }

    private Step stop(Event.StopAsked stop) {
        long grace = Math.min(stop.graceNanos(), GRACE_MAX_NANOS);
        if (grace <= 0 || isNotStarted()) {
            return kill(stop.now());
        }
        long deadline = stop.now() + grace;
        return switch (ladder) {
            case Ladder.Idle() when stop.drains() ->
                    new Step(
                            stopping(new Ladder.Asked(deadline)),
                            List.of(new Effect.WakeAt(deadline), new Effect.AskToDrain()));
            case Ladder.Idle() -> term(deadline);
            case Ladder.Asked(long set) when deadline - set < 0 ->
                    new Step(
                            stopping(new Ladder.Asked(deadline)),
                            List.of(new Effect.WakeAt(deadline)));
            case Ladder.Termed(long set) when deadline - set < 0 ->
                    new Step(
                            stopping(new Ladder.Termed(deadline)),
                            List.of(new Effect.WakeAt(deadline)));
            case Ladder.Asked _, Ladder.Termed _, Ladder.Killed _ -> stay();
            case Ladder.Stuck() -> killNow(stop.now());
        };
    }

    private Step kill(long now) {
        if (ladder instanceof Ladder.Killed) {
            return stay();
        }
        return killNow(now);
    }

    private Step timeUp(long now) {
        return switch (ladder) {
            case Ladder.Asked(long deadline) when now - deadline >= 0 ->
                    term(now + AFTER_TERM_NANOS);
            case Ladder.Termed(long deadline) when now - deadline >= 0 -> killNow(now);
            case Ladder.Killed(long deadline) when now - deadline >= 0 ->
                    new Step(stopping(new Ladder.Stuck()), List.of(new Effect.GiveUp()));
            case Ladder.Idle _, Ladder.Asked _, Ladder.Termed _, Ladder.Killed _, Ladder.Stuck _ ->
                    stay();
        };
    }

    private Step term(long deadline) {
        return new Step(
                stopping(new Ladder.Termed(deadline)),
                List.of(new Effect.Signal(Signals.TERM), new Effect.WakeAt(deadline)));
    }

    /// One that is not there yet is killed as soon as it is.
    private Step killNow(long now) {
        long deadline = now + AFTER_KILL_NANOS;
        if (isNotStarted()) {
            return new Step(
                    stopping(new Ladder.Killed(deadline)), List.of(new Effect.WakeAt(deadline)));
        }
        return new Step(
                stopping(new Ladder.Killed(deadline)),
                List.of(new Effect.Signal(Signals.KILL), new Effect.WakeAt(deadline)));
    }

    private Step ended(ProcExit exit) {
        return new Step(
                new ProcLife(ProcStatus.of(exit), new Ladder.Idle(), serves),
                List.of(new Effect.TellEnd(exit)));
    }

    /// Whether there is no process yet.
    private boolean isNotStarted() {
        return status.since().isEmpty();
    }

    private ProcLife stopping(Ladder next) {
        ProcStatus stopping =
                status instanceof ProcStatus.Starting ? status : new ProcStatus.Stopping(since());
        return new ProcLife(stopping, next, serves);
    }

    private Instant since() {
        return status.since().orElseThrow();
    }

    private ProcLife with(ProcStatus next) {
        return new ProcLife(next, ladder, serves);
    }
}

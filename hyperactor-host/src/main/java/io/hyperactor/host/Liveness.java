package io.hyperactor.host;

import java.time.Duration;
import java.util.Optional;

/// How a host watches that a proc still answers. It asks an actor of the proc that speaks
/// [EchoMessage]; every ordinary child has one.
///
/// Silence is no proof of an end: a proc that is stopped or overloaded is *suspected*, and has
/// *recovered* when it answers again. Only a time to kill makes silence deadly.
///
/// @param actor the name of the actor that is asked; default [EchoActor#NAME]
/// @param interval between one answer and the next question; default 1 s
/// @param suspectAfter how long after its last answer a silent proc is suspected; default 5 s
/// @param killAfter how long after its last answer a silent proc is killed; empty, the default: it
///   is not
public record Liveness(
        String actor, Duration interval, Duration suspectAfter, Optional<Duration> killAfter) {
    /// The defaults.
    public static final Liveness DEFAULT =
            new Liveness(
                    EchoActor.NAME, Duration.ofSeconds(1), Duration.ofSeconds(5), Optional.empty());

    /// @throws IllegalArgumentException if a time is not positive
    public Liveness {
        check("interval", interval);
        check("suspectAfter", suspectAfter);
        killAfter.ifPresent(time -> check("killAfter", time));
    }

    private static void check(String what, Duration time) {
        if (time.isZero() || time.isNegative()) {
            throw new IllegalArgumentException("liveness with the " + what + " of " + time);
        }
    }

    /// The same with other times.
    public Liveness withTimes(Duration interval, Duration suspectAfter) {
        return new Liveness(actor, interval, suspectAfter, killAfter);
    }

    /// The same, deadly after a time.
    public Liveness withKillAfter(Duration time) {
        return new Liveness(actor, interval, suspectAfter, Optional.of(time));
    }

    /// The same with another actor.
    public Liveness withActor(String name) {
        return new Liveness(name, interval, suspectAfter, killAfter);
    }
}

package io.hyperactor.host;

import java.time.Duration;

/// What a host does when a proc ends that nobody asked to end. A proc that was stopped or killed
/// through its [Host] is never restarted.
///
/// The pause before a restart begins at `firstPause` and doubles with each restart up to
/// `maxPause`; each is shortened at random by up to `jitter` of itself, so that many procs do not
/// come back in step. After a life of at least `steadyAfter` it begins anew.
///
/// **Source:** the restart types and intensity of Erlang/OTP's supervisors.
///
/// @param when which ends lead to a restart; default TEMPORARY
/// @param firstPause default 100 ms
/// @param maxPause default 30 s
/// @param jitter from 0, none, to 1; default 0.2
/// @param steadyAfter default 60 s
/// @param maxRestarts more than these within `period` and the host gives up; default 10
/// @param period default 5 min, which is more than ten pauses take: a proc that ends at once is
///   given up after 64 to 82 s
public record RestartPolicy(
        When when,
        Duration firstPause,
        Duration maxPause,
        double jitter,
        Duration steadyAfter,
        int maxRestarts,
        Duration period) {

    /// Which ends lead to a restart.
    public enum When {
        /// Every one.
        PERMANENT,
        /// Every one but an exit with status 0.
        TRANSIENT,
        /// None.
        TEMPORARY
    }

    /// No restarts.
    public static final RestartPolicy TEMPORARY = of(When.TEMPORARY);

    /// Restarts unless the proc exited with status 0.
    public static final RestartPolicy TRANSIENT = of(When.TRANSIENT);

    /// Restarts always.
    public static final RestartPolicy PERMANENT = of(When.PERMANENT);

    /// @throws IllegalArgumentException if a time is negative, the first pause the longer one, the
    ///   jitter not within 0 and 1, or there are fewer than no restarts
    public RestartPolicy {
        check(!firstPause.isNegative(), "firstPause", firstPause);
        check(maxPause.compareTo(firstPause) >= 0, "maxPause", maxPause);
        check(jitter >= 0 && jitter <= 1, "jitter", jitter);
        check(!steadyAfter.isNegative(), "steadyAfter", steadyAfter);
        check(maxRestarts >= 0, "maxRestarts", maxRestarts);
        check(!period.isNegative(), "period", period);
    }

    private static void check(boolean valid, String what, Object value) {
        if (!valid) {
            throw new IllegalArgumentException("restart policy with the " + what + " of " + value);
        }
    }

    private static RestartPolicy of(When when) {
        return new RestartPolicy(
                when,
                Duration.ofMillis(100),
                Duration.ofSeconds(30),
                0.2,
                Duration.ofSeconds(60),
                10,
                Duration.ofMinutes(5));
    }

    /// The same with other pauses.
    public RestartPolicy withPauses(Duration first, Duration max) {
        return new RestartPolicy(when, first, max, jitter, steadyAfter, maxRestarts, period);
    }

    /// The same with another budget.
    public RestartPolicy withBudget(int maxRestarts, Duration period) {
        return new RestartPolicy(
                when, firstPause, maxPause, jitter, steadyAfter, maxRestarts, period);
    }

    /// The same with another jitter.
    public RestartPolicy withJitter(double jitter) {
        return new RestartPolicy(
                when, firstPause, maxPause, jitter, steadyAfter, maxRestarts, period);
    }

    /// The same with another time after which the pauses begin anew.
    public RestartPolicy withSteadyAfter(Duration time) {
        return new RestartPolicy(when, firstPause, maxPause, jitter, time, maxRestarts, period);
    }
}

package io.hyperactor.host;

import io.hyperactor.MailboxSender;
import io.hyperactor.ProcConfig;

import java.time.Duration;
import java.util.Optional;

/// How a host behaves.
///
/// @param spawnReadyTimeout how long a spawn waits for the proc to be ready; zero waits without
///   limit; default 30 s, or the environment's [#SPAWN_READY_TIMEOUT]
/// @param stopGrace how long [Host#close()] gives all procs together to end in good order; default
///   10 s
/// @param stopsInFlight how many procs [Host#close()] ends at the same time in the first half of
///   that; default 16
/// @param procsMax how many procs it may have, those being spawned included; default 1024
/// @param spawnsInFlight how many are spawned at the same time; more wait for their turn, as long
///   as their limit allows; default twice the processors
/// @param defaultSender takes messages for procs that this host does not know; none means that they
///   are dialled by the address in their id
/// @param proc the bounds of the procs inside the host's own process
public record HostConfig(
        Duration spawnReadyTimeout,
        Duration stopGrace,
        int stopsInFlight,
        int procsMax,
        int spawnsInFlight,
        Optional<MailboxSender> defaultSender,
        ProcConfig proc) {
    /// The environment variable with the default of [#spawnReadyTimeout()], such as `500ms`, `30s`,
    /// `1m 30s` or `0s`.
    public static final String SPAWN_READY_TIMEOUT = "HYPERACTOR_HOST_SPAWN_READY_TIMEOUT";

    private static final Duration DEFAULT_READY_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration DEFAULT_STOP_GRACE = Duration.ofSeconds(10);
    private static final int DEFAULT_STOPS_IN_FLIGHT = 16;
    private static final int DEFAULT_PROCS_MAX = 1024;

    public HostConfig {
        if (spawnReadyTimeout.isNegative()
                || stopGrace.isNegative()
                || stopsInFlight < 1
                || procsMax < 1
                || spawnsInFlight < 1) {
            throw new IllegalArgumentException(
                    "spawnReadyTimeout "
                            + spawnReadyTimeout
                            + ", stopGrace "
                            + stopGrace
                            + ", stopsInFlight "
                            + stopsInFlight
                            + ", procsMax "
                            + procsMax
                            + ", spawnsInFlight "
                            + spawnsInFlight);
        }
    }

    /// The defaults, with what the environment says.
    ///
    /// @throws HostException.InvalidParameter if the environment's value can not be parsed
    public static HostConfig defaults() {
        String text = System.getenv(SPAWN_READY_TIMEOUT);
        Duration ready = DEFAULT_READY_TIMEOUT;
        if (text != null) {
            try {
                ready = Durations.parse(text);
            } catch (IllegalArgumentException e) {
                throw new HostException.InvalidParameter(SPAWN_READY_TIMEOUT, e);
            }
        }
        return new HostConfig(
                ready,
                DEFAULT_STOP_GRACE,
                DEFAULT_STOPS_IN_FLIGHT,
                DEFAULT_PROCS_MAX,
                2 * Runtime.getRuntime().availableProcessors(),
                Optional.empty(),
                ProcConfig.defaults());
    }

    /// The same with another limit for spawns.
    public HostConfig withSpawnReadyTimeout(Duration limit) {
        return new HostConfig(
                limit, stopGrace, stopsInFlight, procsMax, spawnsInFlight, defaultSender, proc);
    }

    /// The same with another grace for stops.
    public HostConfig withStopGrace(Duration grace) {
        return new HostConfig(
                spawnReadyTimeout,
                grace,
                stopsInFlight,
                procsMax,
                spawnsInFlight,
                defaultSender,
                proc);
    }

    /// The same with another number of procs that are ended at the same time.
    public HostConfig withStopsInFlight(int count) {
        return new HostConfig(
                spawnReadyTimeout, stopGrace, count, procsMax, spawnsInFlight, defaultSender, proc);
    }

    /// The same with other limits for the number of procs and of spawns at the same time.
    public HostConfig withProcsMax(int procsMax, int spawnsInFlight) {
        return new HostConfig(
                spawnReadyTimeout,
                stopGrace,
                stopsInFlight,
                procsMax,
                spawnsInFlight,
                defaultSender,
                proc);
    }

    /// The same with a sender for what this host does not know.
    public HostConfig withDefaultSender(MailboxSender sender) {
        return new HostConfig(
                spawnReadyTimeout,
                stopGrace,
                stopsInFlight,
                procsMax,
                spawnsInFlight,
                Optional.of(sender),
                proc);
    }

    /// The same with other bounds for the procs inside the host's own process.
    public HostConfig withProc(ProcConfig config) {
        return new HostConfig(
                spawnReadyTimeout,
                stopGrace,
                stopsInFlight,
                procsMax,
                spawnsInFlight,
                defaultSender,
                config);
    }
}

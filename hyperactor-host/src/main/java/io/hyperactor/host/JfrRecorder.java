package io.hyperactor.host;

import io.hyperactor.host.ProcEvent.Change;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/// Writes what happens to the procs of a host into recordings of the JDK Flight Recorder. Makes no
/// event that nobody records.
///
/// **Threads:** one at a time.
final class JfrRecorder {
    private final Map<String, Instant> startedAt =
            new HashMap<>(); // by name, of processes that run

    /// The next event of the host.
    void record(ProcEvent event) {
        switch (event.change()) {
            case Change.Started _ -> startedAt.put(event.name(), event.at());
            case Change.Ready(Duration after) -> ready(event, after);
            case Change.Ended(ExitReport report) -> ended(event, report);
            case Change.Restarting(int restart, Duration pause) -> restart(event, restart, pause);
            case Change.Suspected(Duration silence) -> suspected(event, silence, false);
            case Change.Condemned(Duration silence) -> suspected(event, silence, true);
            case Change.Recovered _ -> {
                if (JfrEvents.ProcRecovered.KIND.isEnabled()) {
                    commit(new JfrEvents.ProcRecovered(), event);
                }
            }
            case Change.Stopping _, Change.GaveUp _, Change.NotReady _ -> {}
        }
    }

    /// A spawn or restart begins. Null if nobody records that.
    static JfrEvents.@Nullable ProcSpawn beginSpawn() {
        if (!JfrEvents.ProcSpawn.KIND.isEnabled()) {
            return null;
        }
        var spawn = new JfrEvents.ProcSpawn();
        spawn.begin();
        return spawn;
    }

    /// It has ended.
    ///
    /// @param spawn what [#beginSpawn()] gave
    static void endSpawn(
            JfrEvents.@Nullable ProcSpawn spawn, String name, long pid, String outcome) {
        if (spawn != null) {
            spawn.end();
            spawn.name = name;
            spawn.pid = pid;
            spawn.outcome = outcome;
            spawn.commit();
        }
    }

    private static void commit(JfrEvents.ProcEventBase to, ProcEvent event) {
        to.name = event.name();
        to.pid = event.pid();
        to.commit();
    }

    private static void ready(ProcEvent event, Duration after) {
        if (JfrEvents.ProcReady.KIND.isEnabled()) {
            var ready = new JfrEvents.ProcReady();
            ready.after = after.toMillis();
            commit(ready, event);
        }
    }

    private void ended(ProcEvent event, ExitReport report) {
        Instant since = startedAt.remove(event.name());
        if (JfrEvents.Exit.KIND.isEnabled()) {
            var exit = new JfrEvents.Exit();
            exit.exit = report.toString();
            exit.uptime = since == null ? 0 : Duration.between(since, event.at()).toMillis();
            commit(exit, event);
        }
    }

    private static void restart(ProcEvent event, int number, Duration pause) {
        if (JfrEvents.ProcRestart.KIND.isEnabled()) {
            var restart = new JfrEvents.ProcRestart();
            restart.restart = number;
            restart.pause = pause.toMillis();
            commit(restart, event);
        }
    }

    private static void suspected(ProcEvent event, Duration silence, boolean killed) {
        if (JfrEvents.ProcSuspected.KIND.isEnabled()) {
            var suspected = new JfrEvents.ProcSuspected();
            suspected.silence = silence.toMillis();
            suspected.killed = killed;
            commit(suspected, event);
        }
    }
}

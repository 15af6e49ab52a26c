package io.hyperactor.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hyperactor.host.EchoMessage;
import io.hyperactor.host.Host;
import io.hyperactor.host.HostException;
import io.hyperactor.host.ProcExit;
import io.hyperactor.host.ProcessProcManager;
import io.hyperactor.host.ReadyProc;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// Fault rows P06, P14, and the flash half of P03: children that call back, but not as they should.
@SystemTest
@Tag("faults")
class StubFaultsIT {
    private static final Duration KERNEL_KNOWS = Duration.ofMillis(250);
    private static final int RACES = 200;
    private static final int REFUSED_PER_RACE = 7; // twice three by an impostor, and a second one

    @Test
    void p06NobodyBecomesReadyInTheGenuineChildsPlace() throws Exception {
        ProcessProcManager<EchoMessage> manager = Stub.manager();
        try (Host<EchoMessage> host = Hosts.serve(manager)) {
            var row = new FaultRow("P06", "impostors race the genuine callback");
            row.holds(
                    RACES,
                    round -> {
                        ReadyProc<EchoMessage> proc = host.spawn("impostors." + round);
                        assertThat(proc.address().toString())
                                .endsWith("stub%08d".formatted(proc.pid().orElseThrow()));
                        awaitRefused(manager, (round + 1L) * REFUSED_PER_RACE);
                        assertThat(host.find("somebody-else")).isEmpty();
                        return host.kill(proc.procId().name());
                    });
            row.atMost(
                    "callbacks refused too many or too few",
                    Math.abs(manager.refusedCallbacks() - RACES * (long) REFUSED_PER_RACE),
                    0,
                    RACES);
        }
    }

    private static void awaitRefused(ProcessProcManager<?> manager, long count) {
        await().pollInterval(Duration.ofMillis(1))
                .atMost(Patience.LIMIT)
                .until(() -> manager.refusedCallbacks() >= count);
    }

    /// It is an answer either way: ready, and then the true exit; or a failure that names it.
    @ParameterizedTest
    @CsvSource({"flash-exits-0", "flash-exits-3", "flash-signal-9", "flash-signal-11"})
    void p03AChildCallsBackAndIsDeadInTheSameMillisecond(String behaviour) throws Exception {
        try (Host<EchoMessage> host = Hosts.serve(Stub.manager())) {
            new FaultRow("P03", behaviour + ": answer with the true exit")
                    .within(
                            KERNEL_KNOWS,
                            50,
                            round -> {
                                long start = System.nanoTime();
                                ProcExit exit = exitOf(host, behaviour + "." + round);
                                assertThat(exit).isEqualTo(expected(behaviour.substring(6)));
                                return Duration.ofNanos(System.nanoTime() - start);
                            });
        }
    }

    private static ProcExit exitOf(Host<EchoMessage> host, String name) throws Exception {
        try {
            return exit(host.spawn(name));
        } catch (HostException.ProcessConfigurationFailure e) {
            return new FailedSpawn(e, Duration.ZERO).exit();
        }
    }

    private static ProcExit exit(ReadyProc<?> proc) throws Exception {
        return proc.handle().exit().get(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @CsvSource({
        "exits-0",
        "exits-1",
        "exits-3",
        "exits-134",
        "exits-137",
        "exits-143",
        "signal-6",
        "signal-9",
        "signal-11",
        "signal-15"
    })
    void p14TheExitIsTheTrueOneBeforeAndAfterReady(String ending) throws Exception {
        try (Host<EchoMessage> host = Hosts.serve(Stub.manager())) {
            var row = new FaultRow("P14", ending);
            row.within(
                    KERNEL_KNOWS,
                    20,
                    round -> {
                        FailedSpawn failed = FailedSpawn.of(host, ending + "." + round);
                        assertThat(failed.exit()).isEqualTo(expected(ending));
                        Duration afterReady = endAfterReady(host, ending, round);
                        return failed.took().compareTo(afterReady) > 0 ? failed.took() : afterReady;
                    });
        }
    }

    /// From a signal to a proc that is ready until its exit is known.
    private static Duration endAfterReady(Host<EchoMessage> host, String ending, int round)
            throws Exception {
        ReadyProc<EchoMessage> proc = host.spawn("ready-" + ending + "." + round);
        long start = System.nanoTime();
        OsProcess.of(proc.pid().orElseThrow()).signal("USR1");
        assertThat(exit(proc)).isEqualTo(expected(ending));
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private static ProcExit expected(String ending) {
        int number = Integer.parseInt(ending.substring(ending.lastIndexOf('-') + 1));
        return ending.startsWith("exits")
                ? new ProcExit.Exited(number)
                : new ProcExit.Signalled(number, false);
    }
}

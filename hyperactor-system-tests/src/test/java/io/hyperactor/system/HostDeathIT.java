package io.hyperactor.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hyperactor.ActorRef;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Fault rows P07 and P08: what is left of the procs of a host that did not close: nothing, in
/// whatever state they are. Each host but the first of a row starts at the socket that a killed one
/// left.
@SystemTest
@Tag("rows")
@Timeout(1500) // 50 times each, on a busy machine
class HostDeathIT {
    private static final Duration GONE = Duration.ofMillis(500);

    @TempDir Path directory;

    /// Its path has to be short.
    private final Path socket = Leftovers.directory().resolve("host.sock");

    @RegisterExtension private final Here here = new Here();
    private final Observer observer = Observer.watching();
    private HostLaunch launch;

    @AfterEach
    void close() throws IOException {
        observer.close();
        Files.deleteIfExists(socket);
    }

    /// Ends it in good order, and waits for its end: some procs need all of their grace.
    private static long closeAndWait(HostProcess host) throws IOException {
        host.program().endInput();
        host.process().awaitGone();
        return System.nanoTime();
    }

    private static long stopAndKill(HostProcess host) {
        host.process().signal("STOP");
        host.process().awaitState('T');
        return kill(host);
    }

    private interface Action {
        void on(HostProcess host, List<OsProcess> procs) throws Exception;
    }

    /// What ends a host.
    private interface Fault {
        /// @return when it struck: see [System#nanoTime()]
        long strike(HostProcess host) throws Exception;
    }

    private static List<String> names(String prefix, int count) {
        return IntStream.range(0, count).mapToObj(i -> prefix + i).toList();
    }

    /// From the fault until the last process is gone, zombies included.
    private Duration measure(List<String> names, Action before, Fault fault) throws Exception {
        try (HostProcess host = launch.at(socket).start()) {
            List<OsProcess> procs = host.spawn(here.client(), names);
            before.on(host, procs);
            long start = fault.strike(host);
            observer.awaitNoneBut(Set.of());
            return Duration.ofNanos(System.nanoTime() - start);
        }
    }

    private static long kill(HostProcess host) {
        long now = System.nanoTime();
        host.process().signal("KILL");
        return now;
    }

    /// The first proc has a child; that, its parent and the last proc are stopped.
    private void startOneAndStopThree(HostProcess host, List<OsProcess> procs, String first)
            throws InterruptedException {
        OsProcess sleeper = startSleeper(host, first);
        for (OsProcess one : List.of(sleeper, procs.getFirst(), procs.getLast())) {
            one.signal("STOP");
            one.awaitState('T');
        }
    }

    @Test
    void p07AKilledHostLeavesNothing() throws Exception {
        launch = HostLaunch.ofWorkers();
        new FaultRow("P07", "host killed: 4 JVMs + 1 child, 3 stopped")
                .within(
                        GONE,
                        FaultRow.times(2, 20),
                        _ ->
                                measure(
                                        names("p", 4),
                                        (host, procs) -> startOneAndStopThree(host, procs, "p0"),
                                        HostDeathIT::kill));
    }

    @Test
    void p07AHostKilledWhileItIsStoppedLeavesNothing() throws Exception {
        launch = HostLaunch.ofWorkers();
        new FaultRow("P07", "host stopped, then killed: 4 JVMs + 1 child, 3 stopped")
                .within(
                        GONE,
                        FaultRow.times(1, 20),
                        _ ->
                                measure(
                                        names("p", 4),
                                        (host, procs) -> startOneAndStopThree(host, procs, "p0"),
                                        HostDeathIT::stopAndKill));
    }

    @Test
    void p07AHostThatHasClosedLeavesNothing() throws Exception {
        launch = HostLaunch.ofWorkers().with("-D" + HostProgram.GRACE + "=PT0.3S");
        new FaultRow("P07", "host closed: 4 JVMs + 1 child, 3 stopped")
                .within(
                        GONE,
                        FaultRow.times(1, 20),
                        _ ->
                                measure(
                                        names("p", 4),
                                        (host, procs) -> startOneAndStopThree(host, procs, "p0"),
                                        HostDeathIT::closeAndWait));
    }

    @Test
    @Tag("faults")
    void p07AKilledHostLeavesNothingThatLeftTheSession() throws Exception {
        launch = HostLaunch.ofWorkers();
        new FaultRow("P07", "host killed: 2 JVMs + 2 daemons, 1 stopped")
                .within(
                        GONE,
                        20,
                        _ ->
                                measure(
                                        names("p", 2),
                                        (host, procs) -> startDaemons(host, procs, true),
                                        HostDeathIT::kill));
    }

    @Test
    @Tag("faults")
    void p07AKilledHostWithoutControlGroupsLeavesNothingThatLeftTheSession() throws Exception {
        launch = HostLaunch.ofWorkers().withoutControlGroups();
        new FaultRow("P07", "host killed: 2 JVMs + 2 daemons, no control groups")
                .within(
                        GONE,
                        20,
                        _ ->
                                measure(
                                        names("p", 2),
                                        (host, procs) -> startDaemons(host, procs, false),
                                        HostDeathIT::kill));
    }

    /// The first of them is stopped.
    private List<OsProcess> startDaemons(
            HostProcess host, List<OsProcess> procs, boolean controlGroups)
            throws InterruptedException {
        assertThat(procs.getFirst().cgroup().toString().contains("hyperactor-"))
                .as("this row needs a host that can make control groups (v2): " + controlGroups)
                .isEqualTo(controlGroups);
        List<OsProcess> daemons = new ArrayList<>();
        for (String proc : names("p", procs.size())) {
            ActorRef<Task> worker = host.spawnWorker(here.client(), proc, "w");
            OsProcess daemon =
                    OsProcess.of(
                            here.client()
                                    .ask(worker, Task.StartDetachedSleeper::new, Patience.LIMIT));
            daemon.awaitSession(daemon.pid());
            daemons.add(daemon);
        }
        daemons.getFirst().signal("STOP");
        return daemons;
    }

    @Test
    @Tag("faults")
    void p07AProcWithoutAControlGroupLeavesNothingThatLeftTheSession() throws Exception {
        launch = HostLaunch.ofWorkers().withoutControlGroups();
        assertAProcLeavesNothing(false);
    }

    @Test
    @Tag("faults")
    void p07AProcLeavesNothingThatLeftTheSession() throws Exception {
        launch = HostLaunch.ofWorkers();
        assertAProcLeavesNothing(true);
    }

    /// And nothing of another proc goes with it.
    private void assertAProcLeavesNothing(boolean controlGroups) throws Exception {
        String groups = controlGroups ? "" : ", no control groups";
        try (HostProcess host = launch.at(socket).start()) {
            new FaultRow("P07", "proc killed: 1 daemon" + groups)
                    .within(
                            GONE,
                            20,
                            _ -> {
                                List<OsProcess> procs = host.spawn(here.client(), names("p", 2));
                                List<OsProcess> daemons = startDaemons(host, procs, controlGroups);
                                long start = System.nanoTime();
                                procs.getFirst().signal("KILL");
                                daemons.getFirst().awaitGone();
                                Duration took = Duration.ofNanos(System.nanoTime() - start);
                                assertThat(daemons.getLast().isAlive()).isTrue();
                                procs.getLast().signal("KILL");
                                daemons.getLast().awaitGone();
                                awaitNoProcs(host);
                                return took;
                            });
        }
    }

    private void awaitNoProcs(HostProcess host) {
        await("no procs").atMost(Patience.LIMIT).until(() -> host.list(here.client()).isEmpty());
    }

    /// Both were killed, so nobody was there to see to it.
    @Test
    @Tag("faults")
    void p07TheNextHostEndsWhatOneWithoutControlGroupsAndItsGuardianHaveLeft() throws Exception {
        launch = HostLaunch.ofWorkers().withoutControlGroups();
        List<OsProcess> daemons;
        try (HostProcess host = launch.at(socket).start()) {
            List<OsProcess> procs = host.spawn(here.client(), names("p", 2));
            daemons = startDaemons(host, procs, false);
            host.process().signal("STOP"); // it would start another guardian
            host.process().awaitState('T');
            guardianOf(host).signal("KILL");
            host.process().signal("KILL");
            procs.forEach(OsProcess::awaitGone);
        }
        assertThat(daemons).allMatch(OsProcess::isAlive);

        try (var _ = launch.at(socket).start()) {
            daemons.forEach(OsProcess::awaitGone);
        }
    }

    private OsProcess guardianOf(HostProcess host) {
        String mark = ": hyperactor guardian of " + host.process().pid() + ";";
        return observer.look().keySet().stream()
                .filter(process -> process.commandLine().contains(mark))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void p07AKilledHostLeavesNoSparesAndNoTraining() throws Exception {
        new FaultRow("P07", "host killed: 2 JVMs, 2 spares, an AOT training")
                .within(
                        GONE,
                        FaultRow.times(1, 20),
                        round -> {
                            // So there is no cache yet, and one is made.
                            String unheardOf = "-Dtest.round=" + System.nanoTime() + round;
                            launch = HostLaunch.ofJvms(2).ofProcsWith(unheardOf);
                            return measure(
                                    names("p", 2),
                                    (_, _) -> awaitSparesAndTraining(unheardOf),
                                    HostDeathIT::kill);
                        });
    }

    private void awaitSparesAndTraining(String flag) {
        await("spares and a training")
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(2))
                .atMost(Patience.LIMIT)
                .until(() -> {
                    List<OsProcess> all = List.copyOf(observer.look().keySet());
                    return all.stream().anyMatch(one -> isTraining(one, flag))
                            && all.stream().anyMatch(HostDeathIT::isSpare);
                });
    }

    private static boolean isTraining(OsProcess process, String flag) {
        String command = process.commandLine();
        return command.contains(flag) && command.contains("-XX:AOTCacheOutput=");
    }

    private static boolean isSpare(OsProcess process) {
        return process.environment().contains("HYPERACTOR_HOST_ROLE=spare\0");
    }

    @Test
    void p07AHostKilledWhileItSpawnsLeavesNothing() throws Exception {
        launch = HostLaunch.ofWorkers();
        assertNothingIsLeftOfSpawns(
                new FaultRow("P07", "host killed: 6 JVMs being spawned"), FaultRow.times(2, 50));
    }

    /// They do not see the end of the control pipe, as ours do.
    @Test
    void p07AHostKilledWhileItSpawnsLeavesNothingThatNeverLooksAtItsPipe() throws Exception {
        launch = HostLaunch.of(List.of("sleep", "1000"));
        assertNothingIsLeftOfSpawns(
                new FaultRow("P07", "host killed: 6 sleepers being spawned"),
                FaultRow.times(2, 50));
    }

    private void assertNothingIsLeftOfSpawns(FaultRow row, int times) throws Exception {
        row.within(
                GONE,
                times,
                _ ->
                        measure(
                                List.of(),
                                (host, _) -> {
                                    for (String name : names("p", 6)) {
                                        var _ = host.request(here.client(), name);
                                    }
                                    awaitChildren(1 + row.random().nextInt(5));
                                },
                                HostDeathIT::kill));
    }

    /// The host is one, too.
    private void awaitChildren(int count) {
        await().pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(2))
                .atMost(Patience.LIMIT)
                .until(() -> observer.look().size() > count);
    }

    @Test
    @Tag("faults")
    void p07AKilledHostOfManyLeavesNothing() throws Exception {
        launch = HostLaunch.ofBoth();
        List<String> procs =
                Stream.concat(names("jvm", 8).stream(), names("ready.", 50).stream()).toList();
        new FaultRow("P07", "host killed: 8 JVMs, 50 stubs, 1 child, 3 stopped")
                .within(
                        GONE,
                        20,
                        _ ->
                                measure(
                                        procs,
                                        (host, all) -> startOneAndStopThree(host, all, "jvm0"),
                                        HostDeathIT::kill));
    }

    @Test
    @Tag("faults")
    void p07AHostKilledWhileItStopsItsProcsLeavesNothing() throws Exception {
        launch = HostLaunch.ofBoth();
        List<String> procs =
                Stream.concat(names("jvm", 4).stream(), names("ready-deaf.", 8).stream()).toList();
        new FaultRow("P07", "host killed: closing, 4 JVMs, 8 deaf stubs")
                .within(
                        GONE,
                        20,
                        _ ->
                                measure(
                                        procs,
                                        (host, all) -> {
                                            host.program().endInput();
                                            all.getFirst().awaitGone();
                                        },
                                        HostDeathIT::kill));
    }

    @ParameterizedTest
    @Tag("faults")
    @ValueSource(strings = {"exit", "halt", "throw", "run out of memory", "SEGV", "ABRT"})
    void p08AHostThatEndsByItselfLeavesNothing(String how) throws Exception {
        launch =
                HostLaunch.ofWorkers()
                        .with(
                                "-Xmx64m",
                                "-XX:-CreateCoredumpOnCrash",
                                "-XX:ErrorFile=" + directory.resolve("hs_err.log"));
        new FaultRow("P08", "host ends: " + how + ", 4 JVMs + 1 child + 4 daemons, 4 stopped")
                .within(
                        GONE,
                        20,
                        _ ->
                                measure(
                                        names("p", 4),
                                        (host, procs) -> {
                                            startDaemons(host, procs, true);
                                            startOneAndStopThree(host, procs, "p0");
                                        },
                                        host -> endItself(host, how)));
    }

    /// Time counts from its end: a report of a crash is written first.
    private static long endItself(HostProcess host, String how) throws IOException {
        if (how.equals(how.toUpperCase(Locale.ROOT))) {
            host.process().signal(how);
        } else {
            host.program().say(how);
        }
        host.process().awaitGone();
        return System.nanoTime();
    }

    @Test
    void whatAProcHasStartedEndsWithTheProc() throws Exception {
        try (HostProcess host = HostLaunch.ofWorkers().start()) {
            OsProcess proc = host.spawn(here.client(), "p0");
            OsProcess sleeper = startSleeper(host, "p0");

            proc.signal("KILL");

            sleeper.awaitGone();
        }
    }

    @Test
    void whatAProcHasStartedEndsWithAHostThatIsClosed() throws Exception {
        try (HostProcess host = HostLaunch.ofWorkers().start()) {
            host.spawn(here.client(), "p0");
            OsProcess sleeper = startSleeper(host, "p0");

            host.stop();

            sleeper.awaitGone();
        }
    }

    private OsProcess startSleeper(HostProcess host, String proc) throws InterruptedException {
        ActorRef<Task> worker = host.spawnWorker(here.client(), proc, "s");
        return OsProcess.of(here.client().ask(worker, Task.StartSleeper::new, Patience.LIMIT));
    }
}

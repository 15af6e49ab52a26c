package io.hyperactor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperactor.host.AppliedLimit;
import io.hyperactor.host.HostAgentMessage.ProcInfo;
import io.hyperactor.host.HostAgentMessage.ProcNews;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

class CommandLineInterfaceTest {
    private static final List<AppliedLimit> NONE = List.of();

    private final TestShell shell = new TestShell();
    private final FakeHost host = new FakeHost("p1", "p2");

    private int run(String line) {
        var commands =
                List.of(
                        new SpawnCommand(host::dial),
                        new PsCommand(host::dial),
                        new WatchCommand(host::dial, () -> ZoneOffset.UTC),
                        new StatsCommand(host::dial),
                        new AskCommand(host::dial),
                        EndCommand.stop(host::dial),
                        EndCommand.kill(host::dial));
        List<String> arguments = line.isEmpty() ? List.of() : List.of(line.split(" "));
        return new CommandLineInterface(commands).run(arguments, shell.shell());
    }

    @AfterEach
    void connectionsAreClosed() {
        assertThat(host.open()).isZero();
    }

    @Test
    void helpIsAResult() {
        assertThat(run("--help")).isZero();
        assertThat(shell.results()).first().asString().startsWith("Usage: hyperactor ");
        assertThat(shell.results()).anyMatch(line -> line.strip().startsWith("spawn "));
        assertThat(shell.errors()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"spawn", "ps", "watch", "stats", "ask", "stop", "kill"})
    void everyCommandHasHelp(String command) {
        assertThat(run(command + " --help")).isZero();
        assertThat(shell.results()).first().asString().startsWith("Usage: hyperactor " + command);
        assertThat(shell.results()).allMatch(line -> line.length() <= 80);
        assertThat(host.dialled()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--version", "--version ps"})
    void theVersionIsAResult(String line) {
        assertThat(run(line)).isZero();
        assertThat(shell.results()).singleElement().asString().startsWith("hyperactor ");
        assertThat(host.dialled()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|no command given|hyperactor",
                "dance|unknown command 'dance'|hyperactor",
                "--dance|unknown option: '--dance'|hyperactor",
                "-x|unknown option: '-x'|hyperactor",
                "ps --dance|unknown option: '--dance'|hyperactor ps",
                "--dance ps|unknown option: '--dance'|hyperactor",
                "ps -- --all|unexpected argument '--all'|hyperactor ps",
                "ps p1|unexpected argument 'p1'|hyperactor ps",
                "ps --host|missing required parameter for option '--host' (ADDRESS)|hyperactor ps",
                "spawn|missing required parameter: 'NAME'|hyperactor spawn",
                "spawn ok no!|invalid proc name 'no!'|hyperactor spawn",
                "spawn @p1|invalid proc name '@p1'|hyperactor spawn",
                "stats no!|invalid proc name 'no!'|hyperactor stats",
                "stats p1 p2|unexpected argument 'p2'|hyperactor stats",
                "ask|missing required parameter: 'NAME'|hyperactor ask",
                "ask p1 p2|unexpected argument 'p2'|hyperactor ask",
                "stop|give names or --all|hyperactor stop",
                "stop --grace soon p1|--grace: 'soon' is not a duration|hyperactor stop",
                "stop --grace 25h p1|--grace is more than a day|hyperactor stop",
                "kill --grace 1s p1|unknown option: '--grace'|hyperactor kill",
                "stop --all p1|names and --all exclude each other|hyperactor stop",
                "kill --host nowhere p1|--host: no channel type specified|hyperactor kill"
            })
    void wrongUsageIsSaidOnOneLineWithAHint(String line, String message, String command) {
        assertThat(run(line)).isEqualTo(2);
        assertThat(shell.results()).isEmpty();
        assertThat(shell.errors()).hasSize(2);
        assertThat(shell.errors().getFirst()).startsWith("hyperactor: " + message);
        assertThat(shell.errors().getLast()).isEqualTo("Try '" + command + " --help'.");
        assertThat(host.list()).hasSize(2);
        assertThat(host.dialled()).isEmpty();
    }

    @Test
    void theHostOptionSaysWhomToAsk() {
        assertThat(run("ps --host unix:/run/other.sock")).isZero();
        assertThat(run("ps --host=unix:/run/other.sock")).isZero();
        assertThat(host.dialled())
                .hasSize(2)
                .allMatch(a -> a.toString().equals("unix:/run/other.sock"));
    }

    @Test
    void psPrintsATable() {
        assertThat(run("ps")).isZero();
        assertThat(shell.results())
                .containsExactly(
                        "NAME  PID  STATE  UPTIME   MEMORY     CPU  RESTARTS  LAST EXIT",
                        "p1    100  ready   1.2 s  1.0 MiB  870 ms         0  -",
                        "p2    101  ready   1.2 s  1.0 MiB  870 ms         0  -");
    }

    private static ProcInfo restarting(String lastExit) {
        return new ProcInfo("p2", 0, "restarting", 0, 0, 0, 3, lastExit, List.of());
    }

    @Test
    void psTellsOfAProcWithoutAProcessHowItEndedLast() {
        host.put(restarting("killed by signal 9 (SIGKILL)"));
        assertThat(run("ps")).isZero();
        assertThat(shell.results())
                .last()
                .isEqualTo(
                        "p2      -  restarting       -        -       -         3"
                                + "  killed by signal 9 (SIGKILL)");
    }

    @Test
    void psOfAllTellsOfThoseThatHaveEnded() {
        host.ended(
                new ProcInfo(
                        "p0",
                        99,
                        "ended",
                        0,
                        0,
                        0,
                        1,
                        "exited with status 3: out of memory",
                        List.of()));
        assertThat(run("ps")).isZero();
        assertThat(shell.results()).hasSize(3);
        assertThat(run("ps --all")).isZero();
        assertThat(shell.results())
                .hasSize(7)
                .last()
                .isEqualTo(
                        "p0     99  ended       -        -       -         1"
                                + "  exited with status 3: out of memory");
    }

    @Test
    void psCutsALongExitAndItsJsonDoesNot() {
        String exit = "exited with status 1: " + "x".repeat(100);
        host.put(restarting(exit));
        assertThat(run("ps")).isZero();
        assertThat(shell.results())
                .last()
                .asString()
                .endsWith("  " + exit.substring(0, 45) + "...");
        assertThat(run("ps --json")).isZero();
        assertThat(shell.results())
                .last()
                .asString()
                .contains("\"restarts\":3,\"last_exit\":\"" + exit + "\"");
    }

    @Test
    void psPrintsJson() {
        assertThat(run("ps --json")).isZero();
        assertThat(shell.results())
                .containsExactly(
                        "[{\"name\":\"p1\",\"pid\":100,\"state\":\"ready\",\"uptime_ms\":1234,"
                                + "\"rss_bytes\":1048576,\"cpu_ms\":870,\"restarts\":0,"
                                + "\"last_exit\":\"\",\"limits\":[]},{\"name\":\"p2\",\"pid\":101,"
                                + "\"state\":\"ready\",\"uptime_ms\":1234,\"rss_bytes\":1048576,"
                                + "\"cpu_ms\":870,\"restarts\":0,\"last_exit\":\"\","
                                + "\"limits\":[]}]");
    }

    @Test
    void statsPrintsATable() {
        assertThat(run("stats")).isZero();
        assertThat(shell.results())
                .containsExactly(
                        "NAME                   VALUE",
                        "links.held_bytes           0",
                        "messages.returned  1,234,567");
    }

    @Test
    void statsPrintsJson() {
        assertThat(run("stats --json")).isZero();
        assertThat(shell.results())
                .containsExactly("{\"links.held_bytes\":0,\"messages.returned\":1234567}");
    }

    @Test
    void statsOfOneProcAreThatProcs() {
        assertThat(run("stats p1")).isZero();
        assertThat(shell.results()).containsExactly("NAME         VALUE", "actors.live      2");
        assertThat(run("stats p3")).isEqualTo(1);
        assertThat(shell.errors()).containsExactly("hyperactor: no proc p3");
    }

    @Test
    void psTellsOfLimitsAndWhatSeesToThem() {
        var limit = new AppliedLimit("memory bytes", 1 << 30, AppliedLimit.Means.CGROUP);
        host.put(new ProcInfo("p2", 7, "ready", 1, 1, 1, 0, "", List.of(limit)));
        assertThat(run("ps --json")).isZero();
        assertThat(shell.results())
                .last()
                .asString()
                .endsWith(
                        "\"limits\":[{\"what\":\"memory bytes\",\"value\":1073741824,"
                                + "\"by\":\"cgroup\"}]}]");
    }

    @Test
    void watchPrintsALineForEachEventUntilTheHostIsGone() {
        tellOfOneRestart();
        assertThat(run("watch")).isEqualTo(1);
        assertThat(shell.results())
                .containsExactly(
                        "TIME          NAME  PID  STATE  UPTIME   MEMORY     CPU  RESTARTS"
                                + "  LAST EXIT  WHAT",
                        "00:00:00.000  p1      7  ready   1.2 s  1.0 MiB  870 ms         0  -"
                                + "          ready",
                        "00:00:01.500  p1      7  restarting       -        -       -         1"
                                + "  exited with status 3  ended: exited with status 3",
                        "12:00:00.000  -       -  -                -        -       -         -"
                                + "  -                     9 events were missed");
        assertThat(shell.errors()).containsExactly("hyperactor: no host any more");
    }

    @Test
    void watchPrintsHowAProcIsWhenThatHasChangedOrSomethingWasMissed() {
        tellUse(1000, 1 << 20, 10);
        tellUse(3000, 1 << 20, 10);
        tellUse(5000, 1 << 20, 20);
        tellUse(7000, 1 << 21, 20);
        tellUse(9000, 1 << 21, 20);
        host.tell(new ProcNews(0, "missed", "1 events were missed", Optional.empty()));
        tellUse(11_000, 1 << 21, 20);
        assertThat(run("watch")).isEqualTo(1);
        assertThat(shell.results())
                .filteredOn(line -> line.contains("p1"))
                .extracting(line -> line.substring(32, 54).strip())
                .containsExactly(
                        "1.0 s  1.0 MiB  10 ms",
                        "5.0 s  1.0 MiB  20 ms",
                        "7.0 s  2.0 MiB  20 ms",
                        "11.0 s  2.0 MiB  20 ms");
    }

    private void tellUse(long uptimeMillis, long rssBytes, long cpuMillis) {
        tell(
                uptimeMillis,
                "is",
                "ready",
                new ProcInfo("p1", 7, "ready", uptimeMillis, rssBytes, cpuMillis, 0, "", NONE));
    }

    private void tellOfOneRestart() {
        tell(0, "is", "ready", new ProcInfo("p1", 7, "ready", 1234, 1 << 20, 870, 0, "", NONE));
        String exit = "exited with status 3";
        tell(
                1500,
                "ended",
                "ended: " + exit,
                new ProcInfo("p1", 7, "restarting", 0, 0, 0, 1, exit, NONE));
        host.tell(new ProcNews(12 * 3_600_000, "missed", "9 events were missed", Optional.empty()));
    }

    private void tell(long at, String what, String detail, ProcInfo proc) {
        host.tell(new ProcNews(at, what, detail, Optional.of(proc)));
    }

    @Test
    void watchPrintsJsonLinesWithWhatPsPrints() {
        tellOfOneRestart();
        assertThat(run("watch --json")).isEqualTo(1);
        assertThat(shell.results())
                .containsExactly(
                        "{\"at_ms\":0,\"what\":\"is\",\"detail\":\"ready\",\"name\":\"p1\","
                                + "\"pid\":7,\"state\":\"ready\",\"uptime_ms\":1234,"
                                + "\"rss_bytes\":1048576,\"cpu_ms\":870,\"restarts\":0,"
                                + "\"last_exit\":\"\",\"limits\":[]}",
                        "{\"at_ms\":1500,\"what\":\"ended\","
                                + "\"detail\":\"ended: exited with status 3\",\"name\":\"p1\","
                                + "\"pid\":7,\"state\":\"restarting\",\"uptime_ms\":0,"
                                + "\"rss_bytes\":0,\"cpu_ms\":0,\"restarts\":1,"
                                + "\"last_exit\":\"exited with status 3\",\"limits\":[]}",
                        "{\"at_ms\":43200000,\"what\":\"missed\","
                                + "\"detail\":\"9 events were missed\"}");
    }

    @Test
    void spawnGoesOnAfterAFailure() {
        assertThat(run("spawn p3 p1 p4")).isEqualTo(1);
        assertThat(shell.results())
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("p3: ready, pid "),
                        line -> assertThat(line).startsWith("p4: ready, pid "));
        assertThat(shell.errors()).containsExactly("hyperactor: proc p1 exists");
    }

    @Test
    @Timeout(60)
    void spawnBringsUpSeveralAtATimeAndPrintsThemInTheirOrder() {
        host.actsTogether(2);
        assertThat(run("spawn p4 p3")).isZero();
        assertThat(shell.results())
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("p4: ready, pid "),
                        line -> assertThat(line).startsWith("p3: ready, pid "));
    }

    @Test
    void askPrintsTheActorId() {
        assertThat(run("ask p2")).isZero();
        assertThat(shell.results()).containsExactly("unix:/a,p2,echo[0]");
    }

    @Test
    void whatFailsIsSaidOnOneLine() {
        assertThat(run("ask p9")).isEqualTo(1);
        assertThat(shell.results()).isEmpty();
        assertThat(shell.errors()).containsExactly("hyperactor: no proc p9");
    }

    @Test
    void stopPrintsHowEachEnded() {
        assertThat(run("stop p2 p9 p1")).isEqualTo(1);
        assertThat(shell.results())
                .containsExactly("p2: exited with status 0", "p1: exited with status 0");
        assertThat(shell.errors()).containsExactly("hyperactor: no proc p9");
    }

    @Test
    @Timeout(60)
    void stopEndsSeveralAtATimeAndPrintsThemInTheirOrder() {
        host.actsTogether(2);
        assertThat(run("stop p2 p1")).isZero();
        assertThat(shell.results())
                .containsExactly("p2: exited with status 0", "p1: exited with status 0");
    }

    @Test
    void stopGivesTheGraceItIsTold() {
        assertThat(run("stop p1")).isZero();
        assertThat(run("stop --grace 1500ms p2")).isZero();
        assertThat(host.graces()).containsExactly(Duration.ofSeconds(10), Duration.ofMillis(1500));
    }

    @Test
    void killAllKillsAll() {
        assertThat(run("kill --all")).isZero();
        assertThat(shell.results())
                .containsExactly(
                        "p1: killed by signal 9 (SIGKILL)", "p2: killed by signal 9 (SIGKILL)");
        assertThat(host.list()).isEmpty();
    }

    @Test
    void stoppingAllOfNoneIsDone() {
        assertThat(run("kill --all")).isZero();
        assertThat(run("stop --all")).isZero();
        assertThat(shell.errors()).singleElement().asString().contains("no procs on unix:");
    }
}

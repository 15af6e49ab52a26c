package io.hyperactor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperactor.host.LogBatch;
import io.hyperactor.host.LogPosition;
import io.hyperactor.host.LogQuery;
import io.hyperactor.host.LogRecord;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.event.Level;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

class LogsCommandTest {
    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");
    private static final LogRecord LINE =
            new LogRecord(
                    NOW,
                    "p1",
                    7,
                    LogRecord.Source.STDOUT,
                    Level.INFO,
                    "",
                    "",
                    "a\u001b[2J\n\u202eb",
                    Map.of(),
                    "");
    private static final LogRecord EVENT =
            new LogRecord(
                    NOW.plusMillis(5),
                    "p2",
                    8,
                    LogRecord.Source.EVENT,
                    Level.ERROR,
                    "a.B",
                    "main",
                    "so",
                    Map.of("k", "v\"w"),
                    "java.lang.Error: why\n2026-01-31T12:00:00.000Z p1 7 out   forged");

    private final FakeHost host = new FakeHost("p1", "p2");
    private final TestShell shell = new TestShell();

    private static LogBatch batch(long missed, LogRecord... records) {
        return new LogBatch(List.of(records), missed, new LogPosition(1, 2, NOW));
    }

    private int run(String... arguments) {
        var command = new LogsCommand(host::dial, InstantSource.fixed(NOW));
        List<String> line = new ArrayList<>(List.of("logs", "--host", "unix:/a"));
        line.addAll(List.of(arguments));
        return new CommandLineInterface(List.of(command)).run(line, shell.shell());
    }

    @Test
    void eachRecordBeginsALineAndNothingElseDoes() {
        host.log(batch(0, LINE, EVENT));

        assertThat(run()).isZero();

        assertThat(shell.results())
                .containsExactly(
                        "2026-01-31T12:00:00.000Z p1 7 out   a\\x1b[2J\\x0a\\u202eb",
                        "2026-01-31T12:00:00.005Z p2 8 ERROR a.B [main] so k=v\"w",
                        "    java.lang.Error: why",
                        "    2026-01-31T12:00:00.000Z p1 7 out   forged");
        assertThat(host.asked()).contains(new LogQuery(Set.of(), Optional.empty(), 1000));
        assertThat(host.open()).isZero();
    }

    @Test
    void jsonHasAnObjectOnEachLine() {
        host.log(batch(0, LINE, EVENT));

        assertThat(run("--json")).isZero();

        assertThat(shell.results())
                .containsExactly(
                        "{\"time\":\"2026-01-31T12:00:00Z\",\"proc\":\"p1\",\"pid\":7,"
                                + "\"source\":\"out\",\"level\":\"INFO\","
                                + "\"text\":\"a\\\\x1b[2J\\\\x0a\\\\u202eb\"}",
                        "{\"time\":\"2026-01-31T12:00:00.005Z\",\"proc\":\"p2\",\"pid\":8,"
                                + "\"source\":\"event\",\"level\":\"ERROR\",\"logger\":\"a.B\","
                                + "\"thread\":\"main\",\"text\":\"so\","
                                + "\"pairs\":{\"k\":\"v\\\"w\"},"
                                + "\"failure\":\"java.lang.Error: why\\n"
                                + "2026-01-31T12:00:00.000Z p1 7 out   forged\"}");
    }

    @Test
    void ctrlCEndsFollowingWellAndWhatWasMissedIsSaid() {
        host.log(batch(0, LINE), batch(3, EVENT));

        assertThat(run("-f", "-n", "5", "p1", "p2")).isZero();

        assertThat(shell.results()).hasSize(4);
        assertThat(shell.errors()).containsExactly("[3 records missed]");
        assertThat(host.asked()).contains(new LogQuery(Set.of("p1", "p2"), Optional.empty(), 5));
        assertThat(host.open()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "90s, 2026-01-31T11:58:30Z",
        "10m, 2026-01-31T11:50:00Z",
        "2h, 2026-01-31T10:00:00Z",
        "1d, 2026-01-30T12:00:00Z",
        "500ms, 2026-01-31T11:59:59.500Z",
        "2026-01-31T12:00:00+01:00, 2026-01-31T11:00:00Z"
    })
    void sinceIsHowLongAgoOrWhen(String text, Instant time) {
        assertThat(run("--since", text)).isZero();
        assertThat(host.asked()).contains(new LogQuery(Set.of(), Optional.of(time), 1000));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--since yesterday",
                "--since 10",
                "--since 5y",
                "--since 99999999999999999999s",
                "--since 99999999999999999d",
                "-n -1",
                "-n 10001",
                "-n many",
                "no,name"
            })
    void whatCannotBeMeantIsWrongUsage(String arguments) {
        assertThat(run(arguments.split(" "))).isEqualTo(2);
        assertThat(host.asked()).isEmpty();
        assertThat(shell.errors()).hasSize(2);
    }
}

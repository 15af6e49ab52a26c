package io.hyperactor.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyperactor.cli.FakeProcs.Fault;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;

@Timeout(60)
class WordCountRunTest {
    private static final byte[] THREE_WORDS = "one two three\n".getBytes(StandardCharsets.UTF_8);

    private final List<String> endings = new ArrayList<>();

    private DemoReport run(int procs, boolean killOne, int chunks, FakeProcs launcher)
            throws InterruptedException {
        Iterator<Chunk> source =
                IntStream.range(0, chunks)
                        .mapToObj(id -> new Chunk(id, THREE_WORDS, false))
                        .iterator();
        try (launcher) {
            var run =
                    new WordCountRun(
                            new WordCountRun.Plan(procs, killOne),
                            launcher,
                            () -> source.hasNext() ? source.next() : null,
                            (long) chunks * THREE_WORDS.length,
                            (_, _) -> {});
            run.count();
            run.stopAll(endings::add);
            return run.report(1);
        }
    }

    private static void assertSums(DemoReport report, long words) {
        assertThat(report.words()).isEqualTo(words);
        assertThat(report.procs().stream().mapToLong(p -> p.words()).sum()).isEqualTo(words);
    }

    @Test
    void procsShareTheWorkAndAreStoppedInOrder() throws Exception {
        DemoReport report = run(3, false, 1000, new FakeProcs(Fault.NONE));
        assertSums(report, 3000);
        assertThat(report.procs()).hasSize(3).allMatch(proc -> proc.chunks() > 0);
        assertThat(endings)
                .containsExactlyInAnyOrder(
                        "worker-1: exited with status 0",
                        "worker-2: exited with status 0",
                        "worker-3: exited with status 0");
    }

    @Test
    void aProcThatIsKilledHalfWayLeavesItsWorkToAFreshOne() throws Exception {
        DemoReport report = run(4, true, 1000, new FakeProcs(Fault.NONE));
        assertSums(report, 3000);
        assertThat(report.procs()).hasSize(5);
        assertThat(report.procs().getLast().name()).isEqualTo("worker-5");
        assertThat(report.procs().getLast().chunks()).isPositive();
        assertThat(endings)
                .filteredOn(line -> line.contains("killed by signal 9"))
                .singleElement()
                .asString()
                .matches("worker-\\d: killed by .*; its \\d+ unfinished chunks? went to worker-5");
    }

    @Test
    void evenOneChunkIsCountedByAFreshProc() throws Exception {
        DemoReport report = run(1, true, 1, new FakeProcs(Fault.NONE));
        assertSums(report, 3);
        assertThat(report.procs().stream().map(proc -> proc.words())).containsExactly(0L, 3L);
    }

    @Test
    void withNothingToCountAProcIsKilledAllTheSame() throws Exception {
        DemoReport report = run(2, true, 0, new FakeProcs(Fault.NONE));
        assertSums(report, 0);
        assertThat(report.procs().stream().map(proc -> proc.exit()))
                .containsExactlyInAnyOrder("killed by signal 9 (SIGKILL)", "exited with status 0");
    }

    @Test
    void aProcThatDiesByItselfIsReplaced() throws Exception {
        var launcher = new FakeProcs(Fault.NONE).fault("worker-2", Fault.DIES);
        DemoReport report = run(2, false, 500, launcher);
        assertSums(report, 1500);
        assertThat(report.procs().stream().map(proc -> proc.name()))
                .containsExactlyInAnyOrder("worker-1", "worker-2", "worker-3");
    }

    @Test
    void aProcThatDoesNotAnswerIsKilledAndReplaced() throws Exception {
        var launcher = new FakeProcs(Fault.NONE).fault("worker-1", Fault.FAILS);
        DemoReport report = run(1, false, 500, launcher);
        assertSums(report, 1500);
        assertThat(report.procs().getFirst().exit()).isEqualTo("killed by signal 9 (SIGKILL)");
        assertThat(report.procs().getFirst().words()).isZero();
    }

    @Test
    void itGivesUpWhenFreshProcsDieToo() {
        var launcher = new FakeProcs(Fault.DIES);
        assertThatThrownBy(() -> run(2, false, 500, launcher))
                .isInstanceOf(CliException.Failed.class)
                .hasMessageContaining("too many procs have died")
                .hasMessageContaining("killed by signal 9");
    }

    @Test
    void aProcThatIsNotLaunchedFailsTheRun() {
        var launcher = new FakeProcs(Fault.NONE).fault("worker-2", Fault.NOT_LAUNCHED);
        assertThatThrownBy(() -> run(3, false, 10, launcher))
                .isInstanceOf(CliException.Failed.class)
                .hasMessage("cannot launch worker-2: no room");
    }

    @Test
    void theReportHasAJsonAndATable() throws Exception {
        DemoReport report = run(1, false, 2, new FakeProcs(Fault.NONE));
        assertThat(report.json())
                .isEqualTo(
                        "{\"words\":6,\"files\":1,\"procs\":[{\"name\":\"worker-1\",\"pid\":1001,"
                                + "\"words\":6,\"exit\":\"exited with status 0\"}]}");
        assertThat(report.table()).hasSize(3);
        assertThat(report.table().getFirst()).matches("PROC +PID +MESSAGES +WORDS +TIME");
        assertThat(report.table().get(1)).matches("worker-1 +1001 +2 +6 +\\d+ ms");
        assertThat(report.table().getLast()).matches("total +2 +6 +\\d+ ms");
    }
}

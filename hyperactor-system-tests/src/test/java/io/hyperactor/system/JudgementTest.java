package io.hyperactor.system;

import static io.hyperactor.channel.Ledger.Kind.ENQUEUED;
import static io.hyperactor.channel.Ledger.Kind.NOT_DELIVERED;
import static io.hyperactor.channel.Ledger.Kind.SENT;
import static io.hyperactor.channel.Ledger.Kind.UNKNOWN;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperactor.channel.Ledger;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// The judge of the fault rows is judged: true ledgers pass, and each lie is found. Over files, as
/// the rows use it.
final class JudgementTest {
    private static final int STREAM = 7;

    @TempDir Path directory;
    private final List<LedgerFile.Line> lines = new ArrayList<>();

    private void line(Ledger.Kind kind, long number) {
        lines.add(new LedgerFile.Line(kind, STREAM, number, lines.size()));
    }

    /// Of six messages three were handled, one came back, and of two in doubt one had arrived.
    @BeforeEach
    void write() {
        for (long i = 1; i <= 6; i++) {
            line(SENT, i);
        }
        line(ENQUEUED, 1);
        line(NOT_DELIVERED, 2);
        line(ENQUEUED, 3);
        line(ENQUEUED, 4);
        line(UNKNOWN, 5);
        line(UNKNOWN, 6);
        line(ENQUEUED, 6);
    }

    private Judgement judged() throws IOException {
        return judged(false);
    }

    private Judgement judged(boolean bereaved) throws IOException {
        List<Path> files = files();
        return bereaved ? Judgement.ofTheBereaved(files) : Judgement.of(files);
    }

    /// Files of their own for those who send and those who receive.
    private List<Path> files() throws IOException {
        Path from = directory.resolve("from" + System.nanoTime());
        Path to = directory.resolve("to" + System.nanoTime());
        LedgerFile sender = LedgerFile.create(from, 100);
        LedgerFile recipient = LedgerFile.create(to, 100);
        for (LedgerFile.Line line : lines) {
            (line.kind() == ENQUEUED ? recipient : sender)
                    .add(line.kind(), line.stream(), line.number());
        }
        return List.of(from, to);
    }

    private int at(Ledger.Kind kind, long number) {
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).kind() == kind && lines.get(i).number() == number) {
                return i;
            }
        }
        throw new AssertionError(kind + " " + number);
    }

    @Test
    void aTrueLedgerPasses() throws IOException {
        Judgement judgement = judged();

        assertThat(judgement.wrongs()).isEmpty();
        assertThat(judgement).isEqualTo(new Judgement(6, 4, 1, 2, 0, List.of()));
    }

    @Test
    void itIsDueWhenTheLastMessageHasItsOutcome() throws IOException {
        assertThat(Judgement.isDue(files())).isTrue();

        lines.remove(at(ENQUEUED, 4)); // 6 has two records, so there are as many as messages
        assertThat(Judgement.isDue(files())).isFalse();
    }

    @Test
    void aMissingMessageIsFound() throws IOException {
        for (long number : new long[] {1, 3, 4}) {
            int at = at(ENQUEUED, number);
            LedgerFile.Line left = lines.remove(at);
            assertThat(judged().wrongs()).as("without %d", number).isNotEmpty();
            assertThat(judged().silent()).isOne();
            lines.add(at, left);
        }
    }

    @Test
    void whatADeadProcessTookWithItIsCountedAndNoWrong() throws IOException {
        lines.remove(at(ENQUEUED, 4));

        assertThat(judged(true).wrongs()).isEmpty();
        assertThat(judged(true).silent()).isOne();
    }

    @Test
    void whatIsMissingBeforeWhatCameIsWrongEvenThen() throws IOException {
        lines.remove(at(ENQUEUED, 3));

        assertThat(judged(true).wrongs()).anyMatch(wrong -> wrong.contains("behind a gap"));
    }

    @Test
    void aDuplicateIsFound() throws IOException {
        for (long number : new long[] {1, 3, 4, 6}) {
            lines.add(lines.get(at(ENQUEUED, number)));
            assertThat(judged().wrongs()).anyMatch(wrong -> wrong.contains("enqueued twice"));
            lines.removeLast();
        }
    }

    @Test
    void anotherOrderIsFound() throws IOException {
        Collections.swap(lines, at(ENQUEUED, 3), at(ENQUEUED, 4));

        assertThat(judged().wrongs()).anyMatch(wrong -> wrong.contains("out of order"));
    }

    @Test
    void whatIsBothHandledAndNotDeliveredIsFoundWhicheverCameFirst() throws IOException {
        lines.add(new LedgerFile.Line(NOT_DELIVERED, STREAM, 4, 0));
        assertThat(judged().wrongs()).anyMatch(wrong -> wrong.contains("S5"));
        lines.removeLast();

        lines.add(new LedgerFile.Line(ENQUEUED, STREAM, 2, 0));
        assertThat(judged().wrongs()).anyMatch(wrong -> wrong.contains("S5"));
    }

    @Test
    void aSecondOutcomeIsFound() throws IOException {
        line(NOT_DELIVERED, 5);

        assertThat(judged().wrongs()).anyMatch(wrong -> wrong.contains("second outcome"));
    }

    @Test
    void whatNobodySentIsFound() throws IOException {
        line(ENQUEUED, 99);

        assertThat(judged().wrongs()).anyMatch(wrong -> wrong.contains("never sent"));
    }

    @Test
    void everyStreamCountsAndItsLiesAreFound() throws IOException {
        int other = STREAM + 1;
        lines.add(new LedgerFile.Line(SENT, other, 1, lines.size()));
        lines.add(new LedgerFile.Line(ENQUEUED, other, 1, lines.size()));
        Judgement honest = judged();
        lines.add(new LedgerFile.Line(ENQUEUED, other, 1, lines.size()));
        line(ENQUEUED, 1);
        Judgement lies = judged();

        assertThat(honest.wrongs()).isEmpty();
        assertThat(honest.sent()).isEqualTo(7);
        assertThat(honest.handled()).isEqualTo(5);
        assertThat(lies.wrongs()).anyMatch(wrong -> wrong.contains(STREAM + "."));
        assertThat(lies.wrongs()).anyMatch(wrong -> wrong.contains(other + "."));
    }
}

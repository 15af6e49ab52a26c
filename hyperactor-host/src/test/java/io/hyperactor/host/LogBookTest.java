package io.hyperactor.host;

import static io.hyperactor.host.LogBooks.last;
import static io.hyperactor.host.LogBooks.record;
import static io.hyperactor.host.LogBooks.texts;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

@Timeout(60)
class LogBookTest {
    private static final LogPolicy POLICY = LogPolicy.defaults();

    private final LogBooks books = new LogBooks();

    @AfterEach
    void close() {
        books.close();
    }

    @Test
    void recordsOfSeveralProcsAreMergedByTime() {
        LogBook book = books.book(POLICY);
        book.add(record("a", 1, "a1"));
        book.add(record("a", 4, "a4"));
        book.add(record("b", 2, "b2"));
        book.add(record("c", 3, "c3"));
        book.add(record("b", 4, "b4"));

        assertThat(texts(book.find(last(10)))).containsExactly("a1", "b2", "c3", "a4", "b4");
        assertThat(texts(book.find(last(2)))).containsExactly("a4", "b4");
        assertThat(texts(book.find(last(10, "a", "c")))).containsExactly("a1", "c3", "a4");
        Optional<Instant> since = Optional.of(Instant.ofEpochSecond(3));
        assertThat(texts(book.find(new LogQuery(Set.of(), since, 10))))
                .containsExactly("c3", "a4", "b4");
        assertThat(book.find(last(0))).isEmpty();
    }

    @Test
    void onlyTheLastRecordsOfAProcAreKept() {
        LogBook book = books.book(POLICY.withLinesMax(3));
        book.begin("a", POLICY.withLinesMax(3));
        for (int i = 0; i < 10; i++) {
            book.add(record("a", i, "" + i));
        }

        assertThat(texts(book.find(last(10)))).containsExactly("7", "8", "9");
    }

    @Test
    void memoryIsBoundedHoweverManyProcsSayHowMuch() {
        LogBook book = books.book(POLICY.withLinesMax(100_000));
        String text = "x".repeat(10_000);
        for (int proc = 0; proc < 1000; proc++) {
            book.begin("p" + proc, POLICY.withLinesMax(100_000));
            for (int i = 0; i < 30; i++) {
                book.add(record("p" + proc, i, text));
            }
        }

        int kept =
                IntStream.range(0, 1000)
                        .mapToObj(proc -> book.find(last(LogQuery.MAX, "p" + proc)))
                        .flatMap(List::stream)
                        .mapToInt(LogRecord::cost)
                        .sum();
        assertThat(kept).isBetween(LogBook.CHARS_MAX / 2, LogBook.CHARS_MAX);
    }

    @Test
    void anAnswerIsBoundedInCharacters() {
        LogBook book = books.book(POLICY);
        for (int proc = 0; proc < 20; proc++) {
            for (int i = 0; i < 25; i++) {
                book.add(record("p" + proc, i, "x".repeat(10_000)));
            }
        }

        List<LogRecord> found = book.find(last(LogQuery.MAX));
        assertThat(found.stream().mapToInt(LogRecord::cost).sum())
                .isBetween(LogSelection.CHARS_MAX / 2, LogSelection.CHARS_MAX);
        assertThat(found.getLast().time()).isEqualTo(Instant.ofEpochSecond(24));
    }

    @Test
    void ofEndedProcsTheLastOnesAreRemembered() {
        LogBook book = books.book(POLICY);
        for (int i = 0; i <= LogBook.ENDED_MAX; i++) {
            book.begin("p" + i, POLICY);
            book.add(record("p" + i, i, "t"));
            book.end("p" + i);
        }
        assertThat(book.knows("p0")).isFalse();
        assertThat(book.knows("p1")).isTrue();

        book.begin("p1", POLICY); // alive again
        for (int i = 0; i <= LogBook.ENDED_MAX; i++) {
            book.end("p" + i);
            book.add(record("q" + i, 0, "t")); // nobody's: as if it had ended
        }
        assertThat(book.knows("p1")).isFalse();
        assertThat(book.knows("q1")).isTrue();
    }

    @Test
    void anEndedProcIsNotForgottenWhileItLivesAgain() {
        LogBook book = books.book(POLICY);
        book.begin("p", POLICY);
        book.end("p");
        book.begin("p", POLICY);
        for (int i = 0; i <= LogBook.ENDED_MAX; i++) {
            book.add(record("q" + i, 0, "t"));
        }

        assertThat(book.knows("p")).isTrue();
    }
}

package io.hyperactor.host;

import static io.hyperactor.host.LogBooks.at;
import static io.hyperactor.host.LogBooks.last;
import static io.hyperactor.host.LogBooks.record;
import static io.hyperactor.host.LogBooks.texts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/// Who follows the records of a log book.
@Timeout(60)
class LogFollowingTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final LogPolicy POLICY = LogPolicy.defaults();

    @TempDir Path temporary;

    private final LogBooks books = new LogBooks();

    @AfterEach
    void close() {
        books.close();
    }

    private Path folder() {
        return temporary.resolve("logs");
    }

    @Test
    void whoFollowsGetsThePastThenTheNewsAndNothingTwice() throws InterruptedException {
        LogBook book = books.book(POLICY.withFolder(folder()));
        book.begin("a", POLICY.withFolder(folder()));
        book.add(record("a", 1, "1"));
        book.add(record("b", 2, "2"));
        try (LogFollower follower = book.follow(last(10, "a"))) {
            book.add(record("b", 3, "3"));
            book.add(record("a", 4, "4"));

            assertThat(texts(follower.next(PATIENCE).records())).containsExactly("1");
            assertThat(texts(follower.next(PATIENCE).records())).containsExactly("4");
            assertThat(follower.next(Duration.ZERO).records()).isEmpty();
        }
    }

    @Test
    void whatCameWhileFilesWereReadIsNewsAndNotPast() throws InterruptedException {
        LogFollower follower = new LogFollower(7, last(10), _ -> {}, () -> books.now);
        follower.offer(record("a", 2, "2"));
        follower.begin(List.of(record("a", 1, "1"), record("a", 2, "2")), 1, Optional.empty());

        assertThat(texts(follower.next(PATIENCE).records())).containsExactly("1");
        assertThat(texts(follower.next(PATIENCE).records())).containsExactly("2");
        assertThat(follower.next(Duration.ZERO).records()).isEmpty();
    }

    @Test
    void whoFollowsSeveralProcsGetsWhatTheyDoInTheOrderOfTime() throws InterruptedException {
        LogBook book = books.book(POLICY);
        book.add(at("a", -1000, "past"));
        book.add(at("a", 0, "0"));
        try (LogFollower follower = book.follow(last(10))) {
            books.now = LogBooks.START.plusMillis(40);
            book.add(at("b", 30, "30"));
            book.add(at("a", 10, "10"));
            books.now = LogBooks.START.plusMillis(100);
            book.add(at("c", 20, "20")); // an event that was on its way for 80 ms

            assertThat(texts(follower.next(Duration.ZERO).records())).containsExactly("past");
            assertThat(follower.next(Duration.ZERO).records()).isEmpty();
            books.now = LogBooks.START.plusMillis(200);
            assertThat(texts(follower.next(Duration.ZERO).records())).containsExactly("0");
            books.now = LogBooks.START.plusMillis(220);
            assertThat(texts(follower.next(Duration.ZERO).records())).containsExactly("10", "20");
            book.add(at("c", -100, "late"));
            books.now = LogBooks.START.plusMillis(230);
            assertThat(texts(follower.next(Duration.ZERO).records())).containsExactly("late", "30");
        }
    }

    @Test
    void whoFollowsIsWokenWhenARecordIsOldEnough() throws InterruptedException {
        try (LogBook book = new LogBook(POLICY);
                LogFollower follower = book.follow(last(0))) {
            book.add(LogRecord.line(Instant.now(), "a", 7, LogRecord.Source.STDOUT, "1"));
            assertThat(texts(follower.next(PATIENCE).records())).containsExactly("1");
        }
    }

    @Test
    void aSlowFollowerMissesTheOldestAndIsToldHowMany() throws InterruptedException {
        LogBook book = books.book(POLICY);
        try (LogFollower follower = book.follow(last(0))) {
            int count = 2 * LogFollower.CHARS_MAX / 1000;
            for (int i = 0; i < count; i++) {
                book.add(record("a", i, i + "x".repeat(1000)));
            }
            LogBatch first = follower.next(PATIENCE);
            long got = first.records().size();
            long missed = first.missed();
            for (LogBatch next = follower.next(Duration.ZERO);
                    !next.records().isEmpty();
                    next = follower.next(Duration.ZERO)) {
                got += next.records().size();
                missed += next.missed();
            }
            assertThat(first.missed()).isGreaterThan(count / 3);
            assertThat(got + missed).isEqualTo(count);
            assertThat(first.records().getFirst().text()).startsWith(first.missed() + "x");
        }
    }

    @Test
    void whoGoesOnLaterIsToldHowManyAreGone() throws InterruptedException {
        LogPolicy three = POLICY.withLinesMax(3);
        LogBook book = books.book(three);
        book.begin("a", three);
        book.add(at("a", -1000, "1"));
        LogPosition first;
        try (LogFollower follower = book.follow(last(10, "a"))) {
            books.now = books.now.plusSeconds(1);
            book.add(at("a", 2, "2"));
            assertThat(texts(follower.next(PATIENCE).records())).containsExactly("1");
            first = follower.next(PATIENCE).next();
        }
        for (int i = 3; i < 10; i++) {
            book.add(at("a", i, "" + i));
            book.add(at("b", i, "not asked for"));
        }
        LogPosition second;
        try (LogFollower follower = book.follow(Set.of("a"), first)) {
            book.add(at("a", 10, "10"));
            LogBatch past = follower.next(PATIENCE);
            assertThat(past.missed()).isEqualTo(4);
            assertThat(texts(past.records())).containsExactly("7", "8", "9");
            LogBatch news = follower.next(PATIENCE);
            assertThat(news.missed()).isZero();
            assertThat(texts(news.records())).containsExactly("10");
            second = news.next();
        }
        try (LogFollower follower = book.follow(Set.of("a"), second)) {
            LogBatch nothing = follower.next(Duration.ZERO);
            assertThat(nothing.records()).isEmpty();
            assertThat(nothing.missed()).isZero();
            assertThat(nothing.next()).isEqualTo(second);
        }
    }

    @Test
    void whoStoppedInThePastGoesOnThere() throws InterruptedException {
        LogBook book = books.book(POLICY);
        for (int i = 0; i < 200; i++) {
            book.add(at("a", i - 10_000, i + "x".repeat(1000)));
        }
        LogBatch first;
        try (LogFollower follower = book.follow(last(LogQuery.MAX))) {
            first = follower.next(PATIENCE);
        }
        int got = first.records().size();
        assertThat(got).isBetween(1, 199);
        try (LogFollower follower = book.follow(Set.of(), first.next())) {
            LogBatch second = follower.next(PATIENCE);
            assertThat(second.missed()).isZero();
            assertThat(second.records().getFirst().text()).startsWith(got + "x");
        }
    }

    @Test
    void whatIsForgottenWithANameIsMissedByWhoFollowsAll() throws InterruptedException {
        LogBook book = books.book(POLICY);
        LogPosition beginning;
        try (LogFollower follower = book.follow(last(0))) {
            beginning = follower.next(Duration.ZERO).next();
        }
        books.now = books.now.plusSeconds(1);
        int count = LogBook.ENDED_MAX + 1; // the first is forgotten
        for (int i = 1; i <= count; i++) {
            book.add(at("a." + i, i, "" + i));
        }
        try (LogFollower follower = book.follow(Set.of(), beginning)) {
            LogBatch batch = follower.next(PATIENCE);
            assertThat(batch.missed()).isEqualTo(1);
            assertThat(batch.records()).hasSize(LogBook.ENDED_MAX);
            assertThat(batch.records().getFirst().text()).isEqualTo("2");
        }
    }

    @Test
    void fromAPositionInAnotherBookOnlyTheTimeCounts() throws InterruptedException {
        LogBook one = books.book(POLICY);
        LogPosition position;
        try (LogFollower follower = one.follow(last(10))) {
            books.now = books.now.plusSeconds(1);
            for (int i = 1; i < 5; i++) {
                one.add(at("a", i, "" + i));
            }
            position = follower.next(PATIENCE).next();
        }
        LogBook other = books.book(POLICY);
        other.add(at("a", 4, "before"));
        other.add(at("a", 5, "behind"));
        try (LogFollower follower = other.follow(Set.of("a"), position)) {
            LogBatch batch = follower.next(PATIENCE);
            assertThat(texts(batch.records())).containsExactly("behind");
            assertThat(batch.missed()).isZero();
        }
        try (LogFollower follower =
                other.follow(Set.of(), new LogPosition(7, Long.MIN_VALUE, Instant.MAX))) {
            assertThat(follower.next(Duration.ZERO).records()).isEmpty();
        }
    }

    @Test
    void followersAreFewAndEndWithTheBook() throws InterruptedException {
        LogBook book = books.book(POLICY);
        List<LogFollower> all = new ArrayList<>();
        for (int i = 0; i < LogBook.FOLLOWERS_MAX; i++) {
            all.add(book.follow(last(0)));
        }
        assertThatThrownBy(() -> book.follow(last(0)))
                .isInstanceOf(HostException.TooManyFollowers.class)
                .hasMessage("16 follow the logs already");
        all.getFirst().close();
        all.set(0, book.follow(last(0)));

        book.close();

        assertThat(all).allMatch(LogFollower::isClosed);
        assertThat(all.getLast().next(PATIENCE).records()).isEmpty();
        assertThatThrownBy(() -> book.follow(last(0))).isInstanceOf(HostException.Closed.class);
    }

    @Test
    void whoCouldNotBeginToFollowTakesNobodysPlace() {
        var ticks = new AtomicInteger();
        InstantSource broken =
                () -> {
                    if (ticks.incrementAndGet() == 2) { // when the past has been read
                        throw new OutOfMemoryError("planned");
                    }
                    return LogBooks.START;
                };
        try (LogBook book =
                new LogBook(POLICY, LogBooks.disk(LogFile::append), System::nanoTime, broken)) {
            assertThatThrownBy(() -> book.follow(last(10))).isInstanceOf(OutOfMemoryError.class);

            assertThat(book.followers()).isZero();
        }
    }
}

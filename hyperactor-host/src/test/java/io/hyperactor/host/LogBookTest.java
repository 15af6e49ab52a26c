package io.hyperactor.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

@Timeout(60)
class LogBookTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Instant START = Instant.ofEpochSecond(1_000_000);
    private static final LogPolicy POLICY = LogPolicy.defaults();

    @TempDir Path temporary;

    private final List<LogBook> books = new ArrayList<>();
    private final AtomicLong nanos = new AtomicLong();
    private volatile Instant now = START;
    private final AtomicBoolean full = new AtomicBoolean();

    @AfterEach
    void close() {
        books.forEach(LogBook::close);
    }

    private LogBook book(LogPolicy policy) {
        LogBook book =
                new LogBook(
                        policy,
                        file -> new FullDisk(LogFile.append(file), full),
                        nanos::get,
                        () -> now);
        books.add(book);
        return book;
    }

    private Path folder() {
        return temporary.resolve("logs");
    }

    private static LogRecord record(String proc, long second, String text) {
        Instant time = Instant.ofEpochSecond(second);
        return LogRecord.line(time, proc, 7, LogRecord.Source.STDOUT, text);
    }

    private static LogQuery last(int max, String... names) {
        return new LogQuery(Set.of(names), Optional.empty(), max);
    }

    private static List<String> texts(List<LogRecord> records) {
        return records.stream().map(LogRecord::text).toList();
    }

    // ---- memory

    @Test
    void recordsOfSeveralProcsAreMergedByTime() {
        LogBook book = book(POLICY);
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
        LogBook book = book(POLICY.withLinesMax(3));
        book.begin("a", POLICY.withLinesMax(3));
        for (int i = 0; i < 10; i++) {
            book.add(record("a", i, "" + i));
        }

        assertThat(texts(book.find(last(10)))).containsExactly("7", "8", "9");
    }

    @Test
    void memoryIsBoundedHoweverManyProcsSayHowMuch() {
        LogBook book = book(POLICY.withLinesMax(100_000));
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
        LogBook book = book(POLICY);
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
        LogBook book = book(POLICY);
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
        LogBook book = book(POLICY);
        book.begin("p", POLICY);
        book.end("p");
        book.begin("p", POLICY);
        for (int i = 0; i <= LogBook.ENDED_MAX; i++) {
            book.add(record("q" + i, 0, "t"));
        }

        assertThat(book.knows("p")).isTrue();
    }

    // ---- followers

    @Test
    void whoFollowsGetsThePastThenTheNewsAndNothingTwice() throws InterruptedException {
        LogBook book = book(POLICY.withFolder(folder()));
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
        LogFollower follower = new LogFollower(7, last(10), _ -> {}, () -> now);
        follower.offer(record("a", 2, "2"));
        follower.begin(List.of(record("a", 1, "1"), record("a", 2, "2")), 1, Optional.empty());

        assertThat(texts(follower.next(PATIENCE).records())).containsExactly("1");
        assertThat(texts(follower.next(PATIENCE).records())).containsExactly("2");
        assertThat(follower.next(Duration.ZERO).records()).isEmpty();
    }

    @Test
    void whoFollowsSeveralProcsGetsWhatTheyDoInTheOrderOfTime() throws InterruptedException {
        LogBook book = book(POLICY);
        book.add(at("a", -1000, "past"));
        book.add(at("a", 0, "0"));
        try (LogFollower follower = book.follow(last(10))) {
            now = START.plusMillis(40);
            book.add(at("b", 30, "30"));
            book.add(at("a", 10, "10"));
            now = START.plusMillis(100);
            book.add(at("c", 20, "20")); // an event that was on its way for 80 ms

            assertThat(texts(follower.next(Duration.ZERO).records())).containsExactly("past");
            assertThat(follower.next(Duration.ZERO).records()).isEmpty();
            now = START.plusMillis(200);
            assertThat(texts(follower.next(Duration.ZERO).records())).containsExactly("0");
            now = START.plusMillis(220);
            assertThat(texts(follower.next(Duration.ZERO).records())).containsExactly("10", "20");
            book.add(at("c", -100, "late"));
            now = START.plusMillis(230);
            assertThat(texts(follower.next(Duration.ZERO).records())).containsExactly("late", "30");
        }
    }

    /// @param millis from [#START] on
    private static LogRecord at(String proc, long millis, String text) {
        Instant time = START.plusMillis(millis);
        return LogRecord.line(time, proc, 7, LogRecord.Source.STDOUT, text);
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
        LogBook book = book(POLICY);
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
        LogBook book = book(three);
        book.begin("a", three);
        book.add(at("a", -1000, "1"));
        LogPosition first;
        try (LogFollower follower = book.follow(last(10, "a"))) {
            now = now.plusSeconds(1);
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
        LogBook book = book(POLICY);
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
        LogBook book = book(POLICY);
        LogPosition beginning;
        try (LogFollower follower = book.follow(last(0))) {
            beginning = follower.next(Duration.ZERO).next();
        }
        now = now.plusSeconds(1);
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
        LogBook one = book(POLICY);
        LogPosition position;
        try (LogFollower follower = one.follow(last(10))) {
            now = now.plusSeconds(1);
            for (int i = 1; i < 5; i++) {
                one.add(at("a", i, "" + i));
            }
            position = follower.next(PATIENCE).next();
        }
        LogBook other = book(POLICY);
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
        LogBook book = book(POLICY);
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

    // ---- files

    @Test
    void whatIsNoLongerInMemoryIsFoundInTheFiles() throws IOException {
        LogPolicy policy = POLICY.withFolder(folder()).withLinesMax(2);
        LogBook book = book(policy);
        book.begin("a", policy);
        for (int i = 0; i < 10; i++) {
            book.add(record("a", i, "" + i));
        }
        book.end("a");
        assertThat(texts(book.find(last(5, "a")))).containsExactly("5", "6", "7", "8", "9");
        book.close();

        assertThat(mode(folder())).isEqualTo("rwx------");
        assertThat(mode(folder().resolve("a.log"))).isEqualTo("rw-------");
        assertThat(Files.readAllLines(folder().resolve("a.log"))).hasSize(10);

        LogBook next = book(policy);
        assertThat(next.knows("a")).isTrue();
        assertThat(next.knows("b")).isFalse();
        assertThat(next.find(last(100))).hasSize(10);
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    @Test
    void fullFilesArePushedOnAndTheOldestGoes() throws IOException {
        LogPolicy policy = POLICY.withFolder(folder()).withFiles(1024 * 1024, 3).withLinesMax(1);
        LogBook book = book(policy);
        book.begin("a", policy);
        String text = "x".repeat(60_000);
        for (int i = 0; i < 100; i++) {
            book.add(record("a", i, i + text));
        }

        for (String name : List.of("a.log", "a.log.1", "a.log.2")) {
            assertThat(Files.size(folder().resolve(name))).isBetween(1L, 1024L * 1024);
        }
        assertThat(folder().resolve("a.log.3")).doesNotExist();
        List<LogRecord> found = book.find(last(20));
        assertThat(found).hasSize(20);
        assertThat(found.getFirst().text()).startsWith("80x");
        assertThat(found.getLast().text()).startsWith("99x");
    }

    @Test
    void aFullDiskCostsRecordsWhichAreCountedAndSaidLater() throws IOException {
        LogPolicy policy = POLICY.withFolder(folder());
        LogBook book = book(policy);
        book.begin("a", policy);
        book.add(record("a", 1, "before"));
        full.set(true);
        book.add(record("a", 2, "lost"));
        full.set(false);
        book.add(record("a", 3, "too soon")); // it is tried once a second
        assertThat(book.lostRecords()).isEqualTo(2);

        nanos.addAndGet(2_000_000_000);
        book.add(record("a", 4, "after"));

        assertThat(Files.readAllLines(folder().resolve("a.log")))
                .hasSize(3)
                .satisfiesExactly(
                        line -> assertThat(line).endsWith("\tbefore"),
                        line -> assertThat(line).contains("\thost\t").contains("2 records lost"),
                        line -> assertThat(line).endsWith("\tafter"));
        assertThat(texts(book.find(last(10))))
                .contains("before", "lost", "too soon", "after"); // memory had them
    }

    @Test
    void halfALineOfAHostThatWasKilledSpoilsNoOther() throws IOException {
        LogPolicy policy = POLICY.withFolder(folder());
        Path file = folder().resolve("a.log");
        LogBook first = book(policy);
        first.begin("a", policy);
        first.add(record("a", 1, "one"));
        first.close();
        Files.writeString(file, Files.readString(file) + "1970-01-01T00:00:02Z\ta\t7");

        LogBook second = book(policy);
        second.begin("a", policy);
        second.add(record("a", 3, "three"));

        assertThat(texts(second.find(last(10)))).containsExactly("one", "three");
    }

    @Test
    void aFolderThatIsOpenToOthersOrInUseIsRefused() throws IOException {
        Files.createDirectory(folder());
        Files.setPosixFilePermissions(folder(), PosixFilePermissions.fromString("rwxr-xr-x"));
        assertThatThrownBy(() -> book(POLICY.withFolder(folder())))
                .isInstanceOf(HostException.LogFolderUnusable.class)
                .hasMessageContaining("open to others");

        Files.setPosixFilePermissions(folder(), PosixFilePermissions.fromString("rwx------"));
        LogBook first = book(POLICY.withFolder(folder()));
        assertThatThrownBy(() -> book(POLICY.withFolder(folder())))
                .isInstanceOf(HostException.LogFolderUnusable.class)
                .hasMessageContaining("another host");
        first.close();
        var _ = book(POLICY.withFolder(folder()));
    }

    @Test
    void aFolderThatCannotBeMadeIsRefusedWithTheCause() {
        Path orphan = folder().resolve("a").resolve("b");
        assertThatThrownBy(() -> book(POLICY.withFolder(orphan)))
                .isInstanceOf(HostException.LogFolderUnusable.class)
                .hasMessage("log folder %s can not be used: no such file or folder", orphan);
    }

    @Test
    void aLinkInPlaceOfAFileIsNotFollowed() throws IOException {
        LogPolicy policy = POLICY.withFolder(folder());
        Path victim = Files.createFile(temporary.resolve("victim"));
        LogBook book = book(policy);
        Files.createSymbolicLink(folder().resolve("a.log"), victim);
        book.begin("a", policy);
        book.add(record("a", 1, "t"));

        assertThat(victim).isEmptyFile();
        assertThat(book.lostRecords()).isEqualTo(1);
    }

    @Test
    void theFilesOfProcsThatEndedLongAgoMakeRoom() throws IOException {
        LogPolicy policy = POLICY.withFolder(folder());
        LogBook book = book(policy);
        book.begin("live", policy);
        book.add(record("live", 1, "t"));
        Files.setLastModifiedTime(
                folder().resolve("live.log"), java.nio.file.attribute.FileTime.fromMillis(0));
        for (int i = 0; i < LogFolder.PROCS_MAX; i++) {
            Path file = Files.createFile(folder().resolve("old" + i + ".log"));
            Files.setLastModifiedTime(file, java.nio.file.attribute.FileTime.fromMillis(i));
        }
        Files.createFile(folder().resolve("old0.log.1"));
        Files.createFile(folder().resolve("no-log.txt"));

        book.begin("new", policy);

        assertThat(folder().resolve("live.log")).exists();
        assertThat(folder().resolve("no-log.txt")).exists();
        assertThat(folder().resolve("old0.log")).exists(); // its second file is young
        assertThat(folder().resolve("old1.log")).doesNotExist();
        assertThat(folder().resolve("old2.log")).doesNotExist();
        assertThat(folder().resolve("old3.log")).exists();
    }

    /// A disk that can be full: half of each line still fits.
    private record FullDisk(SeekableByteChannel file, AtomicBoolean full)
            implements SeekableByteChannel {
        @Override
        public int write(ByteBuffer source) throws IOException {
            if (full.get()) {
                ByteBuffer half = source.slice(source.position(), source.remaining() / 2);
                int _ = file.write(half);
                throw new IOException("No space left on device");
            }
            return file.write(source);
        }

        @Override
        public int read(ByteBuffer target) throws IOException {
            return file.read(target);
        }

        @Override
        public long position() throws IOException {
            return file.position();
        }

        @Override
        public SeekableByteChannel position(long to) throws IOException {
            file.position(to);
            return this;
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public SeekableByteChannel truncate(long size) throws IOException {
            file.truncate(size);
            return this;
        }

        @Override
        public boolean isOpen() {
            return file.isOpen();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}

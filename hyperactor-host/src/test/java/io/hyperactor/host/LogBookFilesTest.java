package io.hyperactor.host;

import static io.hyperactor.host.LogBooks.last;
import static io.hyperactor.host.LogBooks.record;
import static io.hyperactor.host.LogBooks.texts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/// The files of a log book.
@Timeout(60)
class LogBookFilesTest {
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
    void whatIsNoLongerInMemoryIsFoundInTheFiles() throws IOException {
        LogPolicy policy = POLICY.withFolder(folder()).withLinesMax(2);
        LogBook book = books.book(policy);
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

        LogBook next = books.book(policy);
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
        LogBook book = books.book(policy);
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
    void aFileThatIsJustBeingPushedOnHidesNoneBehindIt() throws IOException {
        LogPolicy policy = POLICY.withFolder(folder()).withLinesMax(1);
        LogBook book = books.book(policy);
        book.begin("a", policy);
        for (int older = 3; older >= 0; older--) { // a record in each of four files
            book.add(record("a", 10 - older, "text"));
            book.letGo("a");
            if (older > 0) {
                Files.move(folder().resolve("a.log"), folder().resolve("a.log." + older));
            }
        }
        for (String gap : List.of("a.log", "a.log.1", "a.log.2")) {
            Path file = folder().resolve(gap);
            Path away = Files.move(file, folder().resolve("away"));
            assertThat(book.find(last(20))).hasSize(gap.equals("a.log") ? 4 : 3);
            Files.move(away, file);
        }
    }

    @Test
    void anotherLifeOfANameGoesOnInTheSameFile() throws IOException {
        LogPolicy policy = POLICY.withFolder(folder());
        LogBook book = books.book(policy);
        for (int life = 0; life < 3; life++) {
            book.begin("a", policy.withLinesMax(100 + life));
            book.add(record("a", life, "" + life));
        }
        assertThat(books.opened).hasValue(1);
        assertThat(Files.readAllLines(folder().resolve("a.log"))).hasSize(3);
    }

    /// The disk of another machine, for example, that is gone.
    @Test
    void aFolderThatHangsHoldsUpNothingButItsRecords() throws Exception {
        Path hung =
                Files.createDirectory(
                        folder(),
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rwx------")));
        Path lock = hung.resolve(".lock"); // opening a pipe waits until somebody reads it
        makePipe(lock);
        LogFiles.Writer writer = LogFiles.Writer.ofOwnThread();
        var disk = new LogFiles.Disk(LogFile::append, writer, Duration.ofMinutes(1));
        try (LogBook book = new LogBook(POLICY, disk, System::nanoTime, InstantSource.system())) {
            book.begin("a", POLICY.withFolder(hung));
            book.begin("b", POLICY);
            for (int i = 0; i < 1000; i++) {
                book.add(record("a", 1, "one"));
            }
            book.add(record("b", 2, "two"));

            assertThat(book.policy("a").folder()).contains(hung);
            assertThat(texts(book.find(last(2)))).containsExactly("one", "two");
            assertThat(book.lostRecords()).isZero();
            String text = "x".repeat(100_000);
            for (int i = 0; i < 100; i++) {
                book.add(record("a", 3, text));
            }
            assertThat(book.lostRecords()).isPositive();

            Files.newInputStream(lock).close();
            var written = new CountDownLatch(1); // who deletes the folder waits for that
            await().until(() -> writer.offer(written::countDown, 0));
            written.await();
        }
    }

    private static void makePipe(Path path) throws Exception {
        assertThat(new ProcessBuilder("mkfifo", "-m", "600", path.toString()).start().waitFor())
                .isZero();
    }

    @Test
    void whatADiskDoesNotGiveInTimeIsLeftOut() throws Exception {
        LogPolicy policy = POLICY.withFolder(folder()).withLinesMax(1);
        var disk = new LogFiles.Disk(LogFile::append, LogBooks.HERE, Duration.ofMillis(300));
        try (LogBook book = new LogBook(policy, disk, System::nanoTime, InstantSource.system())) {
            Path other = temporary.resolve("other");
            for (int i = 0; i < 2; i++) {
                book.begin("a", policy);
                book.add(record("a", i, "a" + i));
                book.begin("b", policy.withFolder(other));
                book.add(record("b", i, "b" + i));
            }
            book.letGo("a");
            Path file = folder().resolve("a.log");
            Files.delete(file);
            makePipe(file); // which gives nothing to who opens it

            assertThat(texts(book.find(last(10)))).containsExactly("b0", "a1", "b1");
            assertThat(book.knows("a")).isTrue(); // by memory
            assertThat(texts(book.find(last(10)))).hasSize(3); // at once: it is known to hang

            Files.move(file, temporary.resolve("a pipe"));
            Files.newOutputStream(temporary.resolve("a pipe"), StandardOpenOption.WRITE).close();
            book.begin("a", policy);
            book.add(record("a", 2, "a2"));
            book.add(record("a", 3, "a3"));
            await().until(() -> texts(book.find(last(10))).size() == 4); // it answers again
        }
    }

    @Test
    void aFolderThatIsGoneIsNoReasonToLeaveOutAnother() throws Exception {
        LogPolicy policy = POLICY.withFolder(folder()).withLinesMax(1);
        LogBook book = books.book(policy);
        for (int i = 0; i < 3; i++) {
            book.begin("a", policy);
            book.add(record("a", i, "a" + i));
            book.begin("b", policy.withFolder(temporary.resolve("other")));
            book.add(record("b", i, "b" + i));
            book.begin("c", policy.withFolder(temporary.resolve("third")));
            book.add(record("c", i, "c" + i));
        }
        Files.move(temporary.resolve("other"), temporary.resolve("elsewhere"));
        assertThat(texts(book.find(last(10))))
                .containsExactlyInAnyOrder("a0", "a1", "a2", "b2", "c0", "c1", "c2");
        assertThat(book.knows("c")).isTrue();
    }

    @Test
    void whatOnlyAFolderThatCannotBeReadKnowsIsNotDenied() throws Exception {
        LogPolicy policy = POLICY.withFolder(folder());
        LogBook book = books.book(policy);
        Files.move(folder(), temporary.resolve("elsewhere"));
        assertThatThrownBy(() -> book.knows("a"))
                .isInstanceOf(HostException.LogFolderUnusable.class)
                .hasMessageContaining(folder().toString());
        assertThat(book.find(last(10))).isEmpty();
    }

    @Test
    void aFullDiskCostsRecordsWhichAreCountedAndSaidLater() throws IOException {
        LogPolicy policy = POLICY.withFolder(folder());
        LogBook book = books.book(policy);
        book.begin("a", policy);
        book.add(record("a", 1, "before"));
        books.full.set(true);
        book.add(record("a", 2, "lost"));
        books.full.set(false);
        book.add(record("a", 3, "too soon")); // it is tried once a second
        assertThat(book.lostRecords()).isEqualTo(2);

        books.nanos.addAndGet(2_000_000_000);
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
        LogBook first = books.book(policy);
        first.begin("a", policy);
        first.add(record("a", 1, "one"));
        first.close();
        Files.writeString(file, Files.readString(file) + "1970-01-01T00:00:02Z\ta\t7");

        LogBook second = books.book(policy);
        second.begin("a", policy);
        second.add(record("a", 3, "three"));

        assertThat(texts(second.find(last(10)))).containsExactly("one", "three");
    }

    @Test
    void aFolderThatIsOpenToOthersOrInUseIsRefused() throws IOException {
        Files.createDirectory(folder());
        Files.setPosixFilePermissions(folder(), PosixFilePermissions.fromString("rwxr-xr-x"));
        assertThatThrownBy(() -> books.book(POLICY.withFolder(folder())))
                .isInstanceOf(HostException.LogFolderUnusable.class)
                .hasMessageContaining("open to others");

        Files.setPosixFilePermissions(folder(), PosixFilePermissions.fromString("rwx------"));
        LogBook first = books.book(POLICY.withFolder(folder()));
        assertThatThrownBy(() -> books.book(POLICY.withFolder(folder())))
                .isInstanceOf(HostException.LogFolderUnusable.class)
                .hasMessageContaining("another host");
        first.close();
        var _ = books.book(POLICY.withFolder(folder()));
    }

    @Test
    void aFolderThatCannotBeMadeIsRefusedWithTheCause() {
        Path orphan = folder().resolve("a").resolve("b");
        assertThatThrownBy(() -> books.book(POLICY.withFolder(orphan)))
                .isInstanceOf(HostException.LogFolderUnusable.class)
                .hasMessage("log folder %s can not be used: no such file or folder", orphan);
    }

    @Test
    void aLinkInPlaceOfAFileIsNotFollowed() throws IOException {
        LogPolicy policy = POLICY.withFolder(folder());
        Path victim = Files.createFile(temporary.resolve("victim"));
        LogBook book = books.book(policy);
        Files.createSymbolicLink(folder().resolve("a.log"), victim);
        book.begin("a", policy);
        book.add(record("a", 1, "t"));

        assertThat(victim).isEmptyFile();
        assertThat(book.lostRecords()).isEqualTo(1);
    }

    @Test
    void theFilesOfProcsThatEndedLongAgoMakeRoom() throws IOException {
        LogPolicy policy = POLICY.withFolder(folder());
        LogBook book = books.book(policy);
        book.begin("live", policy);
        book.add(record("live", 1, "t"));
        Files.setLastModifiedTime(folder().resolve("live.log"), FileTime.fromMillis(0));
        for (int i = 0; i < LogFolder.PROCS_MAX; i++) {
            Path file = Files.createFile(folder().resolve("old" + i + ".log"));
            Files.setLastModifiedTime(file, FileTime.fromMillis(i));
        }
        Files.createFile(folder().resolve("old0.log.1"));
        Files.createFile(folder().resolve("no-log.txt"));

        book.begin("new", policy);
        book.add(record("new", 2, "t"));

        assertThat(folder().resolve("live.log")).exists();
        assertThat(folder().resolve("no-log.txt")).exists();
        assertThat(folder().resolve("old0.log")).exists(); // its second file is young
        assertThat(folder().resolve("old1.log")).doesNotExist();
        assertThat(folder().resolve("old2.log")).doesNotExist();
        assertThat(folder().resolve("old3.log")).exists();
    }

    @Test
    void aFileThatVanishesWhileRoomIsMadeCostsNothing() throws IOException {
        Path made = Files.createTempDirectory(temporary, "logs");
        for (int i = 0; i < LogFolder.PROCS_MAX; i++) {
            Files.createFile(made.resolve("old" + i + ".log"));
        }
        try (LogFolder opened = LogFolder.open(made)) {
            opened.makeRoom(
                    made.resolve("new.log"),
                    proc -> {
                        if (proc.equals("old7")) {
                            assertThat(made.resolve("old7.log").toFile().delete()).isTrue();
                        }
                        return false;
                    });
            assertThat(opened.procs()).hasSize(LogFolder.PROCS_MAX - 1);
        }
    }

    @Test
    void theRecordsOfAProcThatGetsNoFilesAreLostAndCounted() {
        LogBook book = books.book(POLICY);
        book.begin("a", POLICY.withFolder(folder().resolve("missing")));
        book.begin("b", POLICY);

        book.add(record("a", 1, "one"));
        book.add(record("b", 2, "two"));

        assertThat(book.lostRecords()).isEqualTo(1);
        assertThat(texts(book.find(last(10)))).containsExactly("one", "two");
    }
}

package io.hyperactor.host;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hyperactor.host.OutputListener.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

class OutputCaptureTest {
    private static final long SECOND = 1_000_000_000;

    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private final AtomicLong clock = new AtomicLong();
    private final OutputQueue queue =
            new OutputQueue((_, name, pid, stream, line) ->
                    heard.add(name + " " + pid + " " + stream + " " + line));
    private final OutputCapture capture = new OutputCapture("w", 7, queue, clock::get);

    @AfterEach
    void close() {
        queue.close();
    }

    private void assertHeard(String... lines) {
        for (String line : lines) {
            assertThat(hear()).isEqualTo(line);
        }
    }

    private String hear() {
        try {
            return heard.poll(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void print(Stream stream, String text) {
        byte[] bytes = text.getBytes(UTF_8);
        capture.accept(stream, bytes, bytes.length);
    }

    @Test
    void linesAreToldWithTheirSource() {
        print(Stream.STDOUT, "a\nb");
        print(Stream.STDERR, "c\n");
        print(Stream.STDOUT, "b\n");

        assertHeard("w 7 STDOUT a", "w 7 STDERR c", "w 7 STDOUT bb");
        assertThat(capture.lastLines()).containsExactly("a", "c", "bb");
    }

    @Test
    void anUnfinishedLineIsAmongTheLastOnesAndIsToldAtTheEnd() {
        print(Stream.STDERR, "a\nunfinished");
        assertThat(capture.lastLines()).containsExactly("a", "unfinished");
        assertHeard("w 7 STDERR a");

        capture.end(Stream.STDERR);

        assertThat(capture.lastLines()).containsExactly("a", "unfinished");
        assertHeard("w 7 STDERR unfinished");
    }

    @Test
    void onlyTheLast256LinesAreKept() {
        for (int i = 0; i < 1000; i++) {
            print(Stream.STDOUT, i + "\n");
        }

        assertThat(capture.lastLines())
                .isEqualTo(IntStream.range(744, 1000).mapToObj(String::valueOf).toList());
    }

    @Test
    void theLastLinesOfStandardErrorStayHoweverManyOthersCome() {
        print(Stream.STDOUT, "before\n");
        for (int i = 0; i < 100; i++) {
            print(Stream.STDERR, "cause " + i + "\n");
        }
        for (int i = 0; i < 1000; i++) {
            print(Stream.STDOUT, i + "\n");
        }

        List<String> lines = capture.lastLines();
        assertThat(lines).hasSize(256).startsWith("cause 36", "cause 37").endsWith("998", "999");
        assertThat(lines.subList(63, 66)).containsExactly("cause 99", "808", "809");
    }

    @Test
    void linesOfStandardErrorThatAreAmongTheLastAnywayComeOnceAndInOrder() {
        for (int i = 0; i < 200; i++) {
            print(i % 2 == 0 ? Stream.STDERR : Stream.STDOUT, i + "\n");
        }
        for (int i = 200; i < 400; i++) {
            print(Stream.STDOUT, i + "\n");
        }

        List<Integer> lines = capture.lastLines().stream().map(Integer::valueOf).toList();
        assertThat(lines).hasSize(256).isSorted().doesNotHaveDuplicates();
        assertThat(lines.stream().filter(line -> line < 200 && line % 2 == 0)).hasSize(64);
    }

    @Test
    void longLinesAreFewerSoThatMemoryIsBounded() {
        for (int i = 0; i < 100; i++) {
            print(Stream.STDOUT, i + "x".repeat(60_000) + "\n");
        }

        List<String> lines = capture.lastLines();
        assertThat(lines.getLast()).startsWith("99x");
        assertThat(lines.stream().mapToInt(String::length).sum())
                .isBetween(60_000, LastLines.MAX_CHARS);
    }

    @Test
    void outputBeyondTheRateIsNotToldButCountedAndItsLastLinesAreKept() {
        String block = ("x".repeat(1023) + "\n").repeat(64); // 64 KiB
        for (int i = 0; i < 16; i++) {
            print(Stream.STDOUT, block);
        }
        for (int i = 0; i < 16 * 64; i++) {
            assertThat(hear()).startsWith("w 7 STDOUT xxx");
        }

        print(Stream.STDOUT, "y\n".repeat(1000));
        print(Stream.STDOUT, "cause\n");
        assertThat(capture.lastLines()).hasSize(256).endsWith("y", "cause");

        clock.addAndGet(SECOND);
        print(Stream.STDOUT, "later\n");
        assertHeard("w 7 STDOUT [2006 bytes of output dropped]", "w 7 STDOUT later");
    }

    @Test
    void aLineThatBeganBeforeSkippedOutputDoesNotContinueAfterIt() {
        byte[] all = new byte[OutputCapture.BYTES_PER_SECOND];
        capture.accept(Stream.STDOUT, all, all.length); // all credit, and no line end
        print(Stream.STDOUT, "end\n" + "x\n".repeat(300));

        assertThat(capture.lastLines()).hasSize(256).containsOnly("x");
    }
}

package io.hyperactor.host;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

class LineSplitterTest {
    private final LineSplitter splitter = new LineSplitter();
    private final List<String> lines = new ArrayList<>();

    private void feed(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        splitter.accept(bytes, 0, bytes.length, lines::add);
    }

    @Test
    void linesAreTheSameHoweverTheBytesArriveCut() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        String text = "one\n\ntw\u00f6\r\n\ud83d\ude00\nlast\n";
        byte[] bytes = text.getBytes(UTF_8);
        for (int round = 0; round < 200; round++) {
            lines.clear();
            for (int from = 0; from < bytes.length; ) {
                int count = Math.min(random.nextInt(4), bytes.length - from);
                splitter.accept(bytes, from, count, lines::add);
                from += count;
            }
            assertThat(lines)
                    .as("seed %d", seed)
                    .containsExactly("one", "", "tw\u00f6", "\ud83d\ude00", "last");
        }
    }

    @Test
    void aLineWithoutEndIsUnfinished() {
        feed("one\ntwo");

        assertThat(lines).containsExactly("one");
        assertThat(splitter.hasUnfinishedLine()).isTrue();
        assertThat(splitter.text()).isEqualTo("two");
    }

    @Test
    void aLineOfTheGreatestLengthIsWhole() {
        feed("x".repeat(LineSplitter.LINE_MAX_BYTES) + "\n");

        assertThat(lines).containsExactly("x".repeat(LineSplitter.LINE_MAX_BYTES));
    }

    @Test
    void aLongerLineIsCutAndSaysByHowMuch() {
        feed("x".repeat(LineSplitter.LINE_MAX_BYTES));
        feed("y".repeat(1000) + "\nnext\n");

        assertThat(lines)
                .containsExactly(
                        "x".repeat(LineSplitter.LINE_MAX_BYTES) + " [1000 more bytes]", "next");
    }

    @Test
    void aLineIsNotCutInsideACharacter() {
        feed("x".repeat(LineSplitter.LINE_MAX_BYTES - 1) + "\u00e9z\n");

        assertThat(lines)
                .containsExactly("x".repeat(LineSplitter.LINE_MAX_BYTES - 1) + " [3 more bytes]");
    }

    @Test
    void aCharacterThatJustFitsIsKept() {
        feed("x".repeat(LineSplitter.LINE_MAX_BYTES - 2) + "\u00e9z\n");

        assertThat(lines)
                .containsExactly(
                        "x".repeat(LineSplitter.LINE_MAX_BYTES - 2) + "\u00e9 [1 more bytes]");
    }

    @Test
    void badBytesAndControlCharactersAreMadeVisible() {
        splitter.accept(new byte[] {'a', (byte) 0xff, 27, '[', '2', 'K', '\n'}, 0, 7, lines::add);

        assertThat(lines).containsExactly("a\ufffd\\x1b[2K");
    }
}

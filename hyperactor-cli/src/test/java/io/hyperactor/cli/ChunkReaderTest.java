package io.hyperactor.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

class ChunkReaderTest {
    @TempDir Path folder;

    private Path file(String name, byte[] content) throws IOException {
        return Files.write(folder.resolve(name), content);
    }

    private static List<Chunk> read(WordRule rule, int chunkMaxBytes, Path... files) {
        List<Chunk> chunks = new ArrayList<>();
        try (var reader = new ChunkReader(rule, List.of(files), chunkMaxBytes)) {
            for (Chunk chunk = reader.next(); chunk != null; chunk = reader.next()) {
                chunks.add(chunk);
            }
        }
        return chunks;
    }

    private static List<String> texts(List<Chunk> chunks) {
        return chunks.stream().map(c -> new String(c.text(), StandardCharsets.UTF_8)).toList();
    }

    @Test
    void chunksEndAfterWhiteSpace() throws IOException {
        Path file = file("a", "one two three\nfour".getBytes(StandardCharsets.UTF_8));
        assertThat(texts(read(WordRule.UTF8, 10, file)))
                .containsExactly("one two ", "three\n", "four");
    }

    @Test
    void aWordLongerThanAChunkIsCutBetweenCharacters() throws IOException {
        Path file = file("a", "ab\u00e9\u4e2d\ud83d\ude00cd e".getBytes(StandardCharsets.UTF_8));
        List<Chunk> chunks = read(WordRule.UTF8, 8, file);
        assertThat(texts(chunks)).containsExactly("ab\u00e9\u4e2d", "\ud83d\ude00cd ", "e");
        assertThat(chunks.stream().map(Chunk::insideWord)).containsExactly(false, true, false);
    }

    @Test
    void aChunkIsOfOneFileAndEmptyFilesHaveNone() throws IOException {
        Path first = file("a", "one".getBytes(StandardCharsets.UTF_8));
        Path empty = file("b", new byte[0]);
        Path last = file("c", "two".getBytes(StandardCharsets.UTF_8));
        List<Chunk> chunks = read(WordRule.UTF8, 100, first, empty, last);
        assertThat(texts(chunks)).containsExactly("one", "two");
        assertThat(chunks.stream().map(Chunk::id)).containsExactly(0, 1);
        assertThat(chunks.stream().map(Chunk::insideWord)).containsExactly(false, false);
    }

    @ParameterizedTest
    @EnumSource
    void chunksHaveTheBytesAndTheWordsOfTheirFile(WordRule rule) throws IOException {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            byte[] text = NastyText.make(random, 60);
            int chunkMaxBytes = 4 + random.nextInt(40);
            var all = new ByteArrayOutputStream();
            long words = 0;
            for (Chunk chunk : read(rule, chunkMaxBytes, file("nasty", text))) {
                assertThat(chunk.text()).hasSizeBetween(1, chunkMaxBytes);
                all.writeBytes(chunk.text());
                words += rule.count(chunk.text(), chunk.insideWord());
            }
            assertThat(all.toByteArray()).isEqualTo(text);
            assertThat(words).as("round %d", round).isEqualTo(rule.count(text, false));
        }
    }

    @Test
    void aFileThatIsGoneIsNamed() {
        Path gone = folder.resolve("gone");
        assertThatThrownBy(() -> read(WordRule.UTF8, 100, gone))
                .isInstanceOf(CliException.Failed.class)
                .hasMessage("cannot read " + gone + ": no such file or folder");
    }
}

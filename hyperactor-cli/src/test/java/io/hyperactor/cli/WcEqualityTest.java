package io.hyperactor.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/// Compares our counting with the `wc` of this machine.
class WcEqualityTest {
    private static final int FILES = 400;

    @TempDir Path folder;

    @ParameterizedTest
    @EnumSource
    void ourOwnSourcesHaveAsManyWordsAsWcSays(WordRule rule) throws Exception {
        List<Path> sources =
                InputFiles.find(List.of(Path.of("../hyperactor-wire/src"), Path.of("src"))).files();
        assertThat(sources).hasSizeGreaterThan(50);
        assertSameCounts(rule, sources);
    }

    @ParameterizedTest
    @EnumSource
    void nastyFilesHaveAsManyWordsAsWcSays(WordRule rule) throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        List<Path> files = new ArrayList<>();
        for (int i = 0; i < FILES; i++) {
            Path file = folder.resolve("file" + i);
            Files.write(file, NastyText.make(random, i));
            files.add(file);
        }
        byte[] endless = NastyText.make(random, 200_000); // longer than any buffer of wc
        files.add(Files.write(folder.resolve("long"), endless));
        assumeFalse(countsWordsWithoutPrintableCharacters());
        assertSameCounts(rule, files);
    }

    @Test
    void theLocaleOfThisProcessIsThatOfWc() throws Exception {
        Path file = Files.writeString(folder.resolve("accents"), "\u00e9 \u4e2d e\u0301\n", UTF_8);
        var wc = new ProcessBuilder("wc", "-w", file.toString());
        long expected = counts(wc).getFirst();
        assertThat(WordRule.ofThisLocale().count(Files.readAllBytes(file), false))
                .isEqualTo(expected);
    }

    private void assertSameCounts(WordRule rule, List<Path> files) throws Exception {
        List<Long> expected = counts(wc(rule, files));
        for (int i = 0; i < files.size(); i++) {
            byte[] text = Files.readAllBytes(files.get(i));
            assertThat(rule.count(text, false)).as("%s", files.get(i)).isEqualTo(expected.get(i));
        }
    }

    /// As `wc` does from GNU coreutils 9.5 on.
    private boolean countsWordsWithoutPrintableCharacters() throws Exception {
        Path file = Files.write(folder.resolve("control"), new byte[] {1});
        return counts(wc(WordRule.ASCII, List.of(file))).getFirst() != 0;
    }

    private static ProcessBuilder wc(WordRule rule, List<Path> files) throws Exception {
        List<String> command = new ArrayList<>(List.of("wc", "-w"));
        files.forEach(file -> command.add(file.toString()));
        var wc = new ProcessBuilder(command);
        wc.environment().put("LC_ALL", rule == WordRule.UTF8 ? "C.UTF-8" : "C");
        wc.environment().remove("POSIXLY_CORRECT");
        return wc;
    }

    private static List<Long> counts(ProcessBuilder command) throws Exception {
        Process process = command.redirectErrorStream(true).start();
        List<String> lines;
        try (var reader = process.inputReader(UTF_8)) {
            lines = reader.lines().toList();
        }
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as("%s", lines).isZero();
        return lines.stream().map(line -> Long.parseLong(line.strip().split(" ", 2)[0])).toList();
    }
}

package io.hyperactor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

class ProgressBarTest {
    @Test
    void theBarGrowsWithTheBytesDone() {
        assertThat(ProgressBar.line(0, 100, 0))
                .isEqualTo("[..............................]   0 %  0 words");
        assertThat(ProgressBar.line(50, 100, 1))
                .isEqualTo("[###############...............]  50 %  1 word");
        assertThat(ProgressBar.line(100, 100, 12_345))
                .isEqualTo("[##############################] 100 %  12,345 words");
    }

    @Test
    void filesThatGrewOrAreEmptyDoNotBreakIt() {
        assertThat(ProgressBar.line(150, 100, 2)).contains("] 100 %");
        assertThat(ProgressBar.line(0, 0, 2)).contains("] 100 %");
    }

    @Test
    void closingWipesTheLine() {
        var out = new ByteArrayOutputStream();
        var bar = new ProgressBar(new PrintStream(out, true, StandardCharsets.UTF_8), 10);
        bar.update(1, 1);
        bar.close();
        assertThat(out.toString(StandardCharsets.UTF_8)).startsWith("\r").endsWith("\r\u001b[K");
    }
}

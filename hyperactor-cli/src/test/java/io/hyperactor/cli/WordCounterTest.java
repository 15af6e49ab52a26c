package io.hyperactor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperactor.Proc;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

class WordCounterTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Test
    void itAnswersWithTheNumberOfWords() throws Exception {
        byte[] text = "on one \u00e9".getBytes(StandardCharsets.UTF_8);
        try (Proc proc = Proc.local("test");
                var client = proc.client("client")) {
            var type = WordCounter.TYPE.with(new WordCounter.Params(WordRule.UTF8));
            var counter = proc.spawn("counter", type).ref();
            long words =
                    client.ask(
                            counter,
                            reply -> new WordCounterMessage.Count(text, true, reply),
                            PATIENCE);
            assertThat(words).isEqualTo(2);
        }
    }
}

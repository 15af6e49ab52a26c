package io.hyperactor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.charset.StandardCharsets;

class WordRuleTest {
    private static long count(WordRule rule, String text) {
        return rule.count(text.getBytes(StandardCharsets.UTF_8), false);
    }

    @ParameterizedTest
    @EnumSource
    void wordsAreWhatWhiteSpaceSeparates(WordRule rule) {
        assertThat(count(rule, "")).isZero();
        assertThat(count(rule, " \n\t\u000b\f\r")).isZero();
        assertThat(count(rule, "one")).isEqualTo(1);
        assertThat(count(rule, " one\ttwo\r\nthree \n")).isEqualTo(3);
        assertThat(count(rule, "a;b--c=d")).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void controlCharactersNeitherBeginNorEndAWord(WordRule rule) {
        assertThat(count(rule, "\u0001 \u0000 \u007f")).isZero();
        assertThat(count(rule, "a\u0000b \u0001c")).isEqualTo(2);
    }

    @Test
    void utf8HasMoreLettersAndMoreSpaces() {
        assertThat(count(WordRule.UTF8, "\u00e9 \u4e2d\ud83d\ude00")).isEqualTo(2);
        assertThat(count(WordRule.UTF8, "a\u00a0b\u2003c\u3000d\u2060e")).isEqualTo(5);
        assertThat(count(WordRule.UTF8, "a\u2028b")).isEqualTo(1);
    }

    @Test
    void asciiSeesNothingInOtherBytes() {
        assertThat(count(WordRule.ASCII, "\u00e9 \u4e2d")).isZero();
        assertThat(count(WordRule.ASCII, "a\u00a0b\u2003c")).isEqualTo(1);
    }

    @Test
    void brokenUtf8NeitherBeginsNorEndsAWord() {
        byte[] text = {'a', (byte) 0xff, 'b', ' ', (byte) 0xe2, (byte) 0x82, ' ', (byte) 0xc3};
        assertThat(WordRule.UTF8.count(text, false)).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void aTextMayGoOnWithAWord(WordRule rule) {
        byte[] text = "end next".getBytes(StandardCharsets.US_ASCII);
        assertThat(rule.count(text, true)).isEqualTo(1);
        assertThat(rule.endsInsideWord(text, false)).isTrue();
        assertThat(rule.endsInsideWord(new byte[] {1}, true)).isTrue();
        assertThat(rule.endsInsideWord(new byte[] {1}, false)).isFalse();
        assertThat(rule.endsInsideWord(new byte[] {'a', ' '}, true)).isFalse();
    }

    @Test
    void theEncodingOfTheLocaleDecides() {
        assertThat(WordRule.ofEncoding("UTF-8")).isEqualTo(WordRule.UTF8);
        assertThat(WordRule.ofEncoding("utf-8")).isEqualTo(WordRule.UTF8);
        assertThat(WordRule.ofEncoding("ANSI_X3.4-1968")).isEqualTo(WordRule.ASCII);
        assertThat(WordRule.ofEncoding("")).isEqualTo(WordRule.ASCII);
    }
}

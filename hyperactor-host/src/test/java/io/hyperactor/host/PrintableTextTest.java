package io.hyperactor.host;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrintableTextTest {
    @Test
    void plainTextTabsAndOtherScriptsStayAsTheyAre() {
        String text = "a\tb \\x1b \u00e9 \u0645\u0631 \ud83d\ude00";

        assertThat(PrintableText.escape(text)).isSameAs(text);
    }

    @ParameterizedTest
    @CsvSource({"0x00", "0x07", "0x08", "0x0a", "0x0d", "0x1b", "0x7f", "0x85", "0x9b"})
    void controlCharactersBecomeTwoDigits(String code) {
        char c = (char) Integer.decode(code).intValue();

        assertThat(PrintableText.escape("a" + c + "b")).isEqualTo("a\\x" + code.substring(2) + "b");
    }

    @ParameterizedTest
    @CsvSource({"061c", "200e", "200f", "2028", "2029", "202a", "202e", "2066", "2069"})
    void marksThatReorderOrBreakLinesBecomeFourDigits(String code) {
        char c = (char) Integer.parseInt(code, 16);

        assertThat(PrintableText.escape(c + "b")).isEqualTo("\\u" + code + "b");
    }
}

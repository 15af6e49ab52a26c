package io.hyperactor.host;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;

class LastWordsTest {
    @Test
    void aStackTraceIsQuotedByWhatItSaysAndNotByWhere() {
        assertThat(
                        LastWords.of(
                                List.of(
                                        "Exception in thread \"main\" NoClassDefFoundError: Worker",
                                        "\tat Main.main(Main.java:7)",
                                        "Caused by: ClassNotFoundException: Worker",
                                        "\tat java.base/ClassLoader.java:1",
                                        "\t... 1 more")))
                .isEqualTo(
                        "Exception in thread \"main\" NoClassDefFoundError: Worker"
                                + " | Caused by: ClassNotFoundException: Worker");
    }

    @Test
    void onlyTheLastThreeLinesAreQuotedInTheirOrder() {
        assertThat(LastWords.of(List.of("a", "b", "c", "d"))).isEqualTo("b | c | d");
    }

    @Test
    void aLongLineIsCut() {
        assertThat(LastWords.of(List.of("x".repeat(65_536)))).isEqualTo("x".repeat(300) + "…");
    }

    @Test
    void noPairIsCutInTwo() {
        String start = "x".repeat(299);
        assertThat(LastWords.of(List.of(start + "\uD83D\uDE00".repeat(9)))).isEqualTo(start + "…");
    }

    @Test
    void anIndentedLineThatIsNoFrameSaysWhatToo() {
        assertThat(
                        LastWords.of(
                                List.of(
                                        "Error: LinkageError occurred while loading main class X",
                                        "\tjava.lang.UnsupportedClassVersionError: version 70.0")))
                .isEqualTo(
                        "Error: LinkageError occurred while loading main class X"
                                + " | java.lang.UnsupportedClassVersionError: version 70.0");
    }

    @Test
    void framesAreBetterThanNothing() {
        assertThat(LastWords.of(List.of("", "\tat a", "\tat b "))).isEqualTo("at b");
    }

    @Test
    void nothingWasSaid() {
        assertThat(LastWords.of(List.of())).isEmpty();
        assertThat(LastWords.of(List.of("", ""))).isEmpty();
    }
}

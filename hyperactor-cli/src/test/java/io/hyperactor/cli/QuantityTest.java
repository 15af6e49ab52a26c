package io.hyperactor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;

class QuantityTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0|0",
                "999|999",
                "1000|1,000",
                "1234567|1,234,567",
                "-999|-999",
                "-1000|-1,000"
            })
    void largeNumbersAreGrouped(long number, String text) {
        assertThat(Quantity.count(number)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"0|0 files", "1|1 file", "2000|2,000 files"})
    void aNounFollowsItsNumber(long number, String text) {
        assertThat(Quantity.count(number, "file")).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "0,0 B",
        "1023,1023 B",
        "1024,1.0 KiB",
        "66584576,63.5 MiB",
        "1048575,1.0 MiB",
        "1073741824,1.0 GiB",
        "9223372036854775807,8.0 EiB"
    })
    void bytesHaveTheLargestUnitThatFits(long bytes, String text) {
        assertThat(Quantity.bytes(bytes)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "0,0 ms",
        "999,999 ms",
        "1250,1.2 s",
        "59999,59.9 s",
        "60000,1 min 0 s",
        "3599999,59 min 59 s",
        "3600000,1 h 0 min",
        "86399999,23 h 59 min",
        "86400000,1 d 0 h",
        "190800000,2 d 5 h"
    })
    void durationsHaveTheirTwoLargestUnits(long millis, String text) {
        assertThat(Quantity.duration(Duration.ofMillis(millis))).isEqualTo(text);
    }
}

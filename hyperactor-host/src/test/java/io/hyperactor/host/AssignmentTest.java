package io.hyperactor.host;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AssignmentTest {
    @ParameterizedTest
    @CsvSource({
        "'', 'HYPERACTOR_HOST_PROC_ID'",
        "'unix:/s,a', 'HYPERACTOR_HOST_BACKEND_ADDR'",
        "'unix:/s,a|unix:/s', 'HYPERACTOR_HOST_CALLBACK_ADDR'",
        "'unix:/s,a|nowhere|unix:/s|t', 'HYPERACTOR_HOST_BACKEND_ADDR'"
    })
    void aLineThatIsNoneNamesWhatIsWrongWithIt(String line, String what) {
        assertThatThrownBy(() -> Assignment.of(line.replace('|', '\t')))
                .isInstanceOf(HostException.class)
                .hasMessageContaining(what);
    }
}

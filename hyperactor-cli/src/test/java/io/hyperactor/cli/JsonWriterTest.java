package io.hyperactor.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.util.List;

class JsonWriterTest {
    @Test
    void objectsKeepTheirOrder() {
        assertThat(
                        JsonWriter.write(
                                JsonWriter.object(
                                        "z", 1, "a", List.of(2L, "x"), "o", JsonWriter.object())))
                .isEqualTo("{\"z\":1,\"a\":[2,\"x\"],\"o\":{}}");
        assertThat(JsonWriter.write(List.of())).isEqualTo("[]");
    }

    @Test
    void stringsAreEscaped() {
        assertThat(JsonWriter.write("a\"b\\c\n\r\t\u0001\u00e9\ud83d\ude00"))
                .isEqualTo("\"a\\\"b\\\\c\\n\\r\\t\\u0001\\u00e9\\ud83d\\ude00\"");
    }

    @Test
    void otherValuesHaveNoJson() {
        assertThatThrownBy(() -> JsonWriter.write(1.5))
                .isInstanceOf(IllegalArgumentException.class);
    }
}

package io.hyperactor.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SecretTest {
    private static final String TEXT = "00112233445566778899aabbccddeeff";

    @Test
    void itMatchesItselfOnlyAndNoneMatchesNone() {
        Secret secret = new Secret(1, 2);
        assertThat(secret.matches(new Secret(1, 2))).isTrue();
        assertThat(secret.matches(new Secret(2, 1))).isFalse();
        assertThat(secret.matches(new Secret(1, 3))).isFalse();
        assertThat(secret.matches(Secret.NONE)).isFalse();
        assertThat(Secret.NONE.matches(Secret.NONE)).isFalse();
    }

    @Test
    void itIsSeenOnlyWhereItIsRevealed() {
        Secret secret = Secret.parse(TEXT);
        assertThat(secret).isEqualTo(new Secret(0x0011223344556677L, 0x8899aabbccddeeffL));
        assertThat(secret.reveal()).isEqualTo(TEXT);
        assertThat(secret.toString()).doesNotContain("1122").doesNotContain("eeff");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0",
                "00112233445566778899aabbccddeef",
                "+0112233445566778899aabbccddeeff",
                "0011223344556677 8899aabbccddeef",
                "00112233445566778899aabbccddeeff0"
            })
    void whatIsNoneIsRefusedAndNotShown(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Secret.parse(text))
                .withMessage("a secret has 32 hexadecimal digits")
                .withNoCause();
    }

    @Test
    void noTwoAreTheSame() {
        assertThat(Secret.random()).isNotEqualTo(Secret.random());
    }
}

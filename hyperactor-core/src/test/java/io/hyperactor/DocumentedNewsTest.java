package io.hyperactor;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperactor.wire.MessageType;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/// `docs/wire-format.md` says what news about messages is: who writes a program in another language
/// has nothing else.
final class DocumentedNewsTest {
    private static final Path DOCUMENT = Path.of("..", "docs", "wire-format.md");

    @ParameterizedTest
    @ValueSource(
            classes = {
                Returned.class,
                RequestFailed.class,
                Hold.class,
                ProcDied.class,
                InDoubt.class,
                Handled.class,
                BlobMessage.class,
            })
    void theHashOfAProtocolStandsThere(Class<?> root) throws IOException {
        MessageType<?> type = Protocols.codecs().type(root);
        assertThat(Files.readString(DOCUMENT))
                .as("%s: %s", type.name(), type.signature())
                .contains("`0x" + String.format("%016x", type.hash()) + "`");
    }

    @ParameterizedTest
    @EnumSource
    @SuppressWarnings("EnumOrdinal") // it is the wire format
    void soDoesEachReason(DeliveryFailure.Reason reason) throws IOException {
        String kind = reason.kind().name().toLowerCase(Locale.ROOT).replace('_', ' ');
        assertThat(Files.readString(DOCUMENT))
                .contains(
                        "| "
                                + reason.ordinal()
                                + " | `"
                                + reason
                                + "` | "
                                + kind
                                + " | "
                                + reason.text()
                                + " |");
    }
}

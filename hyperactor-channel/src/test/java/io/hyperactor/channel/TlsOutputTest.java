package io.hyperactor.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

import javax.net.ssl.SSLEngine;

/// What a write says that fails part way.
final class TlsOutputTest {
    /// As much as it keeps for the socket: three records.
    private static final int OUTGOING_BYTES = 3 * 17_000;

    @TempDir Path directory;
    private final FakeSocket socket = new FakeSocket();
    private final TlsOutput output = new TlsOutput(socket, OUTGOING_BYTES);
    private SSLEngine engine;

    @BeforeEach
    void shakeHands() throws Exception {
        TlsIdentity identity =
                new TestAuthority(directory).issue(TestAuthority.Kind.of("server.example"));
        engine = TlsPair.dialling(identity, "server.example").open();
        TlsPair.shake(engine, TlsPair.serving(identity).open());
    }

    private static ByteBuffer[] frames(int bytes) {
        return new ByteBuffer[] {ByteBuffer.allocate(bytes)};
    }

    @Test
    void whatMayHaveLeftIsSaidToBeTakenAndTheNextCallFails() throws Exception {
        ByteBuffer[] views = frames(4 * OUTGOING_BYTES);
        socket.failAt(3);
        long taken = output.write(engine, views, 0, 1);
        assertThat(taken).isEqualTo(views[0].position()).isGreaterThan(socket.taken / 2);
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> output.write(engine, views, 0, 1))
                .withStackTraceContaining("planned");
        assertThat(views[0].position()).isEqualTo(taken);
    }

    @Test
    void whatAClosedEngineLeftInTheMiddleIsSaidToBeTaken() throws Exception {
        ByteBuffer[] views = frames(4 * OUTGOING_BYTES);
        socket.onWrite = engine::closeOutbound;
        assertThat(output.write(engine, views, 0, 1)).isEqualTo(views[0].position()).isPositive();
        assertThatExceptionOfType(IOException.class).isThrownBy(output::flush);
    }

    @Test
    void ofWhatFailsAtOnceNothingIsTaken() {
        ByteBuffer[] views = frames(4 * OUTGOING_BYTES);
        socket.failAt(1);
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> output.write(engine, views, 0, 1))
                .withMessage("planned");
        assertThat(output.waits()).isFalse();
    }
}

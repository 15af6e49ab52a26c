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

/// How many records it takes that are good for nothing.
final class TlsInputTest {
    private static final int MOST = TlsInput.RECORDS_WITHOUT_DATA_MAX;

    @TempDir Path directory;
    private final FakeSocket socket = new FakeSocket();
    private final TlsInput input = new TlsInput(socket, 96 * 1024);
    private final ByteBuffer target = ByteBuffer.allocate(1 << 20);
    private SSLEngine client;
    private SSLEngine server;

    @BeforeEach
    void makeEngines() throws Exception {
        TlsIdentity identity =
                new TestAuthority(directory).issue(TestAuthority.Kind.of("server.example"));
        client = TlsPair.dialling(identity, "server.example").open();
        server = TlsPair.serving(identity).open();
    }

    private void comes(TlsRecords records) {
        socket.toRead = records.bytes();
    }

    private void take(int records) throws IOException {
        for (int i = 0; i < records; i++) {
            assertThat(input.decrypt(server, target)).isEqualTo(TlsInput.Decrypted.RECORD);
        }
    }

    /// As [TlsConnection] does.
    private void answer() throws IOException {
        server.wrap(ByteBuffer.allocate(0), ByteBuffer.allocate(1 << 15));
    }

    private void oneMoreIsTooMany() {
        assertThatExceptionOfType(RecordsWithoutDataException.class)
                .isThrownBy(() -> input.decrypt(server, target))
                .withMessageContaining("256");
    }

    @Test
    void ofAlertsBeforeAHandshakeTheBoundIsExact() throws Exception {
        server.beginHandshake();
        comes(new TlsRecords().ignoredAlerts(MOST + 1));
        take(MOST);
        oneMoreIsTooMany();
    }

    @Test
    void ofNewKeysTheBoundIsExact() throws Exception {
        TlsPair.shake(client, server);
        comes(new TlsRecords().keyUpdates(client, MOST + 1));
        for (int i = 0; i < MOST; i++) {
            take(1);
            answer();
        }
        oneMoreIsTooMany();
    }

    @Test
    void behindDataTheyAreCountedAnew() throws Exception {
        TlsPair.shake(client, server);
        comes(new TlsRecords().keyUpdates(client, MOST).data(client).keyUpdates(client, MOST + 1));
        for (int i = 0; i < 2 * MOST + 1; i++) {
            take(1);
            answer();
        }
        assertThat(target.position()).isEqualTo(1);
        oneMoreIsTooMany();
    }

    /// The engine keeps each answer.
    @Test
    void whileNoAnswerGetsOutDataDoesNotHelp() throws Exception {
        TlsPair.shake(client, server);
        TlsRecords records = new TlsRecords();
        for (int i = 0; i < MOST; i++) {
            records.keyUpdates(client, 1).data(client);
        }
        comes(records.keyUpdates(client, 1));
        take(2 * MOST);
        oneMoreIsTooMany();
    }

    @Test
    void theSocketIsAskedOnceForARecord() throws Exception {
        server.beginHandshake();
        comes(new TlsRecords().ignoredAlerts(1));
        socket.readMost = 1;
        for (int i = 1; i < 7; i++) {
            assertThat(input.decrypt(server, target)).isEqualTo(TlsInput.Decrypted.NOT_YET);
            assertThat(socket.reads).isEqualTo(i);
        }
        take(1);
    }
}

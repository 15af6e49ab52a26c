package io.hyperactor.channel;

import java.nio.ByteBuffer;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/// Records of TLS, back to back.
final class TlsRecords {
    /// `user_canceled`, in plain text: the JDK reads past it, before a handshake too.
    private static final byte[] IGNORED_ALERT = {21, 3, 3, 0, 2, 1, 90};

    private final ByteBuffer all = ByteBuffer.allocate(1 << 20);

    TlsRecords ignoredAlerts(int count) {
        for (int i = 0; i < count; i++) {
            all.put(IGNORED_ALERT);
        }
        return this;
    }

    /// What is no record.
    TlsRecords nonsense() {
        all.put(new byte[16]);
        return this;
    }

    /// New keys, for which an answer is asked.
    TlsRecords keyUpdates(SSLEngine from, int count) throws SSLException {
        for (int i = 0; i < count; i++) {
            from.beginHandshake();
            from.wrap(ByteBuffer.allocate(0), all);
        }
        return this;
    }

    TlsRecords data(SSLEngine from) throws SSLException {
        from.wrap(ByteBuffer.wrap(new byte[] {1}), all);
        return this;
    }

    ByteBuffer bytes() {
        return all.duplicate().flip();
    }
}

package io.hyperactor.channel;

import static org.assertj.core.api.Assertions.assertThat;

import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/// Who is not let in, and not believed, and hears why.
@Timeout(60)
final class TlsRefusalTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String SERVER = "server.example";

    @TempDir Path directory;
    private TestAuthority authority;
    private TlsPair pair;

    enum Bad {
        EXPIRED,
        NOT_YET_VALID,
        OF_ANOTHER_AUTHORITY,
        SIGNED_BY_ITSELF,
        WITHOUT_NAMES,
        FOR_ANOTHER_PURPOSE,
        NOT_FOR_SIGNING,
        AN_AUTHORITY_ITSELF
    }

    @BeforeEach
    void start() throws Exception {
        authority = new TestAuthority(directory);
        pair = new TlsPair();
    }

    @AfterEach
    void stop() throws Exception {
        pair.close();
        assertThat(pair.faults).isEmpty();
    }

    /// Has a bad certificate and believes the good authority.
    private TlsIdentity identity(Bad bad, KeyPurposeId wrongPurpose) throws Exception {
        Instant now = Instant.now();
        TestAuthority.Kind good = TestAuthority.Kind.of(SERVER);
        TestAuthority issuer =
                bad == Bad.OF_ANOTHER_AUTHORITY ? new TestAuthority(directory) : authority;
        TlsIdentity issued =
                issuer.issue(
                        switch (bad) {
                            case EXPIRED ->
                                    good.valid(now.minusSeconds(7200), now.minusSeconds(3600));
                            case NOT_YET_VALID ->
                                    good.valid(now.plusSeconds(3600), now.plusSeconds(7200));
                            case OF_ANOTHER_AUTHORITY -> good;
                            case SIGNED_BY_ITSELF -> good.signedByItself();
                            case WITHOUT_NAMES -> TestAuthority.Kind.of();
                            case FOR_ANOTHER_PURPOSE -> good.purposes(wrongPurpose);
                            case NOT_FOR_SIGNING -> good.usage(KeyUsage.keyAgreement);
                            case AN_AUTHORITY_ITSELF -> good.anAuthority();
                        });
        return new TlsIdentity(issued.certificates(), issued.key(), authority.file());
    }

    private TlsIdentity good() throws Exception {
        return authority.issue(TestAuthority.Kind.of(SERVER));
    }

    private static void refused(TestEnd byWhom) {
        assertThat(byWhom.established())
                .failsWithin(PATIENCE)
                .withThrowableThat()
                .withCauseInstanceOf(SSLException.class);
    }

    /// An alert of the peer, which is what an operator reads at the other end.
    private static void told(TestEnd whom) {
        assertThat(whom.ended())
                .failsWithin(PATIENCE)
                .withThrowableThat()
                .withMessageContaining("fatal alert");
    }

    @ParameterizedTest
    @EnumSource
    void aServerWithABadCertificateIsNotBelieved(Bad bad) throws Exception {
        TestEnd server = pair.serve(TlsPair.serving(identity(bad, KeyPurposeId.id_kp_clientAuth)));
        TestEnd client = pair.dial(TlsPair.dialling(good(), SERVER));
        refused(client);
        told(server);
        assertThat(server.established()).isCompletedExceptionally();
    }

    @ParameterizedTest
    @EnumSource
    void aClientWithABadCertificateIsNotLetIn(Bad bad) throws Exception {
        TestEnd server = pair.serve(TlsPair.serving(good()));
        TestEnd client =
                pair.dial(TlsPair.dialling(identity(bad, KeyPurposeId.id_kp_serverAuth), SERVER));
        refused(server);
        told(client);
    }

    @Test
    void aServerThatIsAnotherHostIsNotBelieved() throws Exception {
        TestEnd server =
                pair.serve(
                        TlsPair.serving(
                                authority.issue(
                                        TestAuthority.Kind.of("other.example", "127.0.0.1"))));
        refused(pair.dial(TlsPair.dialling(good(), SERVER)));
        told(server);
    }

    @Test
    void aServerAtAnotherAddressIsNotBelieved() throws Exception {
        TestEnd server =
                pair.serve(
                        TlsPair.serving(
                                authority.issue(TestAuthority.Kind.of(SERVER, "127.0.0.2"))));
        refused(pair.dial(TlsPair.dialling(good(), "127.0.0.1")));
        told(server);
    }

    /// The JDK would look at the subject then, as long ago.
    @Test
    void aServerWhoseNamesAreNoHostsIsNotBelieved() throws Exception {
        TestEnd server =
                pair.serve(TlsPair.serving(authority.issue(TestAuthority.Kind.of("127.0.0.1"))));
        refused(pair.dial(TlsPair.dialling(good(), "owner1")));
        told(server);
    }

    @Test
    void aClientWithoutACertificateIsNotLetIn() throws Exception {
        TestEnd server = pair.serve(TlsPair.serving(good()));
        TestEnd client = pair.dial(() -> careless("TLSv1.3", true));
        refused(server);
        told(client);
    }

    @Test
    void aServerWithoutACertificateIsNotBelieved() throws Exception {
        TestEnd server = pair.serve(() -> careless("TLSv1.3", false));
        TestEnd client = pair.dial(TlsPair.dialling(good(), SERVER));
        refused(server);
        told(client);
    }

    @Test
    void aClientOfAnOlderVersionIsNotLetIn() throws Exception {
        TestEnd server = pair.serve(TlsPair.serving(good()));
        TestEnd client = pair.dial(() -> careless("TLSv1.2", true));
        refused(server);
        told(client);
    }

    @Test
    void aServerOfAnOlderVersionIsNotBelieved() throws Exception {
        TestEnd server = pair.serve(() -> careless("TLSv1.2", false));
        TestEnd client = pair.dial(TlsPair.dialling(good(), SERVER));
        refused(server);
        told(client);
    }

    @Test
    void aClientThatDoesNotSpeakTlsIsNotLetIn() throws Exception {
        TestEnd server = pair.serve(TlsPair.serving(good()));
        pair.client.write(
                ByteBuffer.wrap(
                        "GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
        refused(server);
    }

    @Test
    void aServerThatDoesNotSpeakTlsIsNotBelieved() throws Exception {
        TestEnd client = pair.dial(TlsPair.dialling(good(), SERVER));
        pair.server.write(ByteBuffer.wrap("220 ready\r\n".getBytes(StandardCharsets.US_ASCII)));
        refused(client);
    }

    @Test
    void aServerThatHangsUpIsNotWaitedFor() throws Exception {
        TestEnd client = pair.dial(TlsPair.dialling(good(), SERVER));
        pair.server.close();
        assertThat(client.established())
                .failsWithin(PATIENCE)
                .withThrowableThat()
                .withCauseInstanceOf(java.io.IOException.class);
    }

    @Test
    void filesThatAreNotThereFailTheHandshake() {
        Path missing = directory.resolve("missing");
        TestEnd client =
                pair.dial(TlsPair.dialling(new TlsIdentity(missing, missing, missing), SERVER));
        assertThat(client.established())
                .failsWithin(PATIENCE)
                .withThrowableThat()
                .withMessageContaining("missing");
    }

    /// Believes everybody, and has nothing to show.
    private static SSLEngine careless(String version, boolean client) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            TrustManager all =
                    new X509TrustManager() {
                        @Override
                        public void checkClientTrusted(
                                java.security.cert.X509Certificate[] chain, String type) {}

                        @Override
                        public void checkServerTrusted(
                                java.security.cert.X509Certificate[] chain, String type) {}

                        @Override
                        public java.security.cert.X509Certificate[] getAcceptedIssuers() {
                            return new java.security.cert.X509Certificate[0];
                        }
                    };
            context.init(null, new TrustManager[] {all}, null);
            SSLEngine engine = context.createSSLEngine();
            engine.setUseClientMode(client);
            engine.setEnabledProtocols(new String[] {version});
            return engine;
        } catch (java.security.GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}

package io.hyperactor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

class CertsCommandTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir Path parent;
    private final TestShell shell = new TestShell();

    private Path folder() {
        return parent.resolve("certs");
    }

    private int run(String... options) {
        List<String> line = new ArrayList<>(List.of("certs", folder().toString()));
        line.addAll(List.of(options));
        return new CommandLineInterface(List.of(new CertsCommand(InstantSource.fixed(NOW))))
                .run(line, shell.shell());
    }

    private X509Certificate certificate(String name) throws Exception {
        try (InputStream in = Files.newInputStream(folder().resolve(name + ".pem"))) {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }

    private static List<Object> names(X509Certificate certificate) throws Exception {
        return certificate.getSubjectAlternativeNames().stream()
                .<Object>map(name -> name.get(1))
                .toList();
    }

    private void checkPath(X509Certificate certificate, Instant at) throws Exception {
        PKIXParameters parameters =
                new PKIXParameters(Set.of(new TrustAnchor(certificate("ca"), null)));
        parameters.setRevocationEnabled(false);
        parameters.setDate(Date.from(at));
        CertPathValidator.getInstance("PKIX")
                .validate(
                        CertificateFactory.getInstance("X.509")
                                .generateCertPath(List.of(certificate)),
                        parameters);
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(folder())) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void itMakesAnAuthorityAndCertificatesOfThisMachine() throws Exception {
        assertThat(run()).isZero();
        assertThat(files())
                .containsExactly("ca-key.pem", "ca.pem", "localhost-key.pem", "localhost.pem");
        assertThat(names(certificate("localhost")))
                .contains("localhost", "127.0.0.1", "0:0:0:0:0:0:0:1");
        assertThat(shell.results())
                .containsExactly(
                        "authority " + folder().resolve("ca.pem"),
                        "localhost "
                                + folder().resolve("localhost.pem")
                                + " "
                                + folder().resolve("localhost-key.pem"));
        assertThat(shell.errors()).isEmpty();
    }

    @Test
    void keysAndTheirFolderArePrivate() throws Exception {
        assertThat(run()).isZero();
        assertThat(mode(folder())).isEqualTo("rwx------");
        assertThat(mode(folder().resolve("ca-key.pem"))).isEqualTo("rw-------");
        assertThat(mode(folder().resolve("localhost-key.pem"))).isEqualTo("rw-------");
    }

    @Test
    void everyHostHasItsOwn() throws Exception {
        assertThat(run("--host", "node1,10.0.0.1", "--host", "fe80::1")).isZero();
        assertThat(names(certificate("node1"))).containsExactly("node1", "10.0.0.1");
        assertThat(names(certificate("fe80::1"))).containsExactly("fe80:0:0:0:0:0:0:1");
        assertThat(certificate("node1").getSerialNumber())
                .isNotEqualTo(certificate("fe80::1").getSerialNumber());
    }

    @Test
    void aCertificateIsOfTheAuthorityForBothEndsAndForAYear() throws Exception {
        assertThat(run("--host", "node1")).isZero();
        X509Certificate host = certificate("node1");
        checkPath(host, NOW);
        checkPath(host, NOW.minus(Duration.ofMinutes(5)));
        checkPath(host, NOW.plus(Duration.ofDays(364)));
        assertThat(host.getNotAfter()).isEqualTo(Date.from(NOW.plus(Duration.ofDays(365))));
        assertThat(host.getBasicConstraints()).isEqualTo(-1);
        assertThat(host.getExtendedKeyUsage())
                .containsExactly("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2");
        assertThat(host.getKeyUsage()).startsWith(true, false);
        assertThat(((ECPublicKey) host.getPublicKey()).getParams().getOrder().bitLength())
                .isEqualTo(256);
        assertThat(certificate("ca").getBasicConstraints()).isZero();
        assertThat(certificate("ca").getKeyUsage()[5]).isTrue();
    }

    @Test
    void theKeyIsThatOfTheCertificate() throws Exception {
        assertThat(run("--host", "node1")).isZero();
        String pem = Files.readString(folder().resolve("node1-key.pem"));
        byte[] key =
                Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", "").strip());
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(
                KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(key)));
        signature.update((byte) 1);
        byte[] signed = signature.sign();
        signature.initVerify(certificate("node1").getPublicKey());
        signature.update((byte) 1);
        assertThat(signature.verify(signed)).isTrue();
    }

    @Test
    void theSameAuthorityMakesMoreLater() throws Exception {
        assertThat(run("--host", "node1")).isZero();
        X509Certificate authority = certificate("ca");
        assertThat(run("--host", "node2")).isZero();
        assertThat(certificate("ca")).isEqualTo(authority);
        checkPath(certificate("node1"), NOW);
        checkPath(certificate("node2"), NOW);
    }

    @Test
    void nothingIsReplacedUnlessItIsTold() throws Exception {
        assertThat(run("--host", "node1")).isZero();
        X509Certificate first = certificate("node1");
        assertThat(run("--host", "node1")).isEqualTo(ExitCode.FAILED);
        assertThat(shell.errors()).singleElement().asString().contains("--force");
        assertThat(certificate("node1")).isEqualTo(first);
        assertThat(run("--host", "node1", "--force")).isZero();
        assertThat(certificate("node1")).isNotEqualTo(first);
        checkPath(certificate("node1"), NOW);
    }

    @Test
    void aFolderThatIsOpenToOthersIsNotUsed() throws Exception {
        Files.createDirectory(folder());
        Files.setPosixFilePermissions(folder(), PosixFilePermissions.fromString("rwxr-xr-x"));
        assertThat(run()).isEqualTo(ExitCode.FAILED);
        assertThat(shell.errors()).singleElement().asString().contains("open to others");
        assertThat(files()).isEmpty();
    }

    @Test
    void halfAnAuthorityIsNotMadeWhole() throws Exception {
        assertThat(run("--host", "node1")).isZero();
        Files.delete(folder().resolve("ca-key.pem"));
        assertThat(run("--host", "node2")).isEqualTo(ExitCode.FAILED);
        assertThat(shell.errors()).singleElement().asString().contains("no authority in");
        assertThat(files()).doesNotContain("node2.pem", "ca-key.pem");
    }

    @Test
    void aBrokenKeyIsNotShown() throws Exception {
        assertThat(run("--host", "node1")).isZero();
        Path key = folder().resolve("ca-key.pem");
        String secret = Files.readString(key).lines().skip(1).findFirst().orElseThrow();
        Files.writeString(key, Files.readString(key).replace(secret, secret.substring(4)));
        assertThat(run("--host", "node2")).isEqualTo(ExitCode.FAILED);
        assertThat(shell.errors())
                .singleElement()
                .asString()
                .doesNotContain(secret.substring(4))
                .contains("ca-key.pem");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "node1,,node2", "../up", "a/b", "1.2.3"})
    void whatIsNoHostIsWrongUsage(String host) throws Exception {
        assertThat(run("--host", host)).isEqualTo(ExitCode.USAGE);
        assertThat(folder()).doesNotExist();
    }

    @Test
    void aHostCannotBeCalledAsTheAuthority() throws Exception {
        assertThat(run("--host", "ca")).isEqualTo(ExitCode.USAGE);
        assertThat(run("--host", "node1", "more")).isEqualTo(ExitCode.USAGE);
    }
}

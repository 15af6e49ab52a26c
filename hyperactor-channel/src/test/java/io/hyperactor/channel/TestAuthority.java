package io.hyperactor.channel;

import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/// Makes certificates, good and bad ones, and their files.
final class TestAuthority {
    private static final AtomicLong SERIAL = new AtomicLong(1);
    private static final Base64.Encoder LINES =
            Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));

    /// What a certificate says.
    record Kind(
            List<String> names,
            Instant from,
            Instant to,
            List<KeyPurposeId> purposes,
            int usage,
            boolean authority,
            boolean selfSigned,
            String algorithm) {

        /// A good one.
        static Kind of(String... names) {
            Instant now = Instant.now();
            return new Kind(
                    List.of(names),
                    now.minus(Duration.ofHours(1)),
                    now.plus(Duration.ofDays(1)),
                    List.of(KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth),
                    KeyUsage.digitalSignature,
                    false,
                    false,
                    "EC");
        }

        Kind valid(Instant notBefore, Instant notAfter) {
            return new Kind(
                    names, notBefore, notAfter, purposes, usage, authority, selfSigned, algorithm);
        }

        Kind purposes(KeyPurposeId... only) {
            return new Kind(
                    names, from, to, List.of(only), usage, authority, selfSigned, algorithm);
        }

        Kind usage(int bits) {
            return new Kind(names, from, to, purposes, bits, authority, selfSigned, algorithm);
        }

        Kind anAuthority() {
            return new Kind(
                    names,
                    from,
                    to,
                    purposes,
                    KeyUsage.digitalSignature | KeyUsage.keyCertSign,
                    true,
                    selfSigned,
                    algorithm);
        }

        Kind signedByItself() {
            return new Kind(names, from, to, purposes, usage, authority, true, algorithm);
        }

        Kind algorithm(String name) {
            return new Kind(names, from, to, purposes, usage, authority, selfSigned, name);
        }
    }

    private final Path directory;
    private final KeyPair keys;
    private final X500Name name;
    private final Path file;

    TestAuthority(Path directory) throws Exception {
        this.directory = directory;
        long serial = SERIAL.getAndIncrement();
        name = new X500Name("CN=Authority " + serial);
        keys = keys("EC");
        Kind kind = Kind.of("authority").anAuthority();
        X509Certificate certificate = certificate(kind, name, keys, name, keys);
        file = write(directory.resolve("authority-" + serial + ".pem"), pem(certificate));
    }

    /// The file with its certificate.
    Path file() {
        return file;
    }

    /// A certificate and its key, for one who believes this authority.
    TlsIdentity issue(Kind kind) throws Exception {
        return issueInto(directory.resolve("own-" + SERIAL.getAndIncrement()), kind);
    }

    /// The same for an owner with that name as people had them once.
    TlsIdentity issueTo(String owner, Kind kind) throws Exception {
        return issue(directory.resolve(owner), new X500Name("CN=" + owner), kind);
    }

    /// The same into files with names that are known.
    TlsIdentity issueInto(Path prefix, Kind kind) throws Exception {
        return issue(prefix, new X500Name("CN=Owner " + SERIAL.get()), kind);
    }

    private TlsIdentity issue(Path prefix, X500Name subject, Kind kind) throws Exception {
        KeyPair own = keys(kind.algorithm);
        X509Certificate certificate =
                kind.selfSigned
                        ? certificate(kind, subject, own, subject, own)
                        : certificate(kind, subject, own, name, keys);
        Path key = Path.of(prefix + "-key.pem");
        Files.deleteIfExists(key);
        Files.createFile(
                key,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        write(key, pem("PRIVATE KEY", own.getPrivate().getEncoded()));
        Path chain = write(Path.of(prefix + ".pem"), pem(certificate));
        return new TlsIdentity(chain, key, file);
    }

    private static KeyPair keys(String algorithm) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
        generator.initialize(algorithm.equals("EC") ? 256 : 2048);
        return generator.generateKeyPair();
    }

    private static X509Certificate certificate(
            Kind kind, X500Name subject, KeyPair own, X500Name issuer, KeyPair signer)
            throws GeneralSecurityException, OperatorCreationException, IOException {
        JcaX509v3CertificateBuilder builder =
                new JcaX509v3CertificateBuilder(
                        issuer,
                        BigInteger.valueOf(SERIAL.getAndIncrement()),
                        Date.from(kind.from),
                        Date.from(kind.to),
                        subject,
                        own.getPublic());
        builder.addExtension(
                Extension.basicConstraints, true, new BasicConstraints(kind.authority));
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(kind.usage));
        if (!kind.purposes.isEmpty()) {
            builder.addExtension(
                    Extension.extendedKeyUsage,
                    false,
                    new ExtendedKeyUsage(kind.purposes.toArray(KeyPurposeId[]::new)));
        }
        if (!kind.names.isEmpty()) {
            GeneralName[] names =
                    kind.names.stream().map(TestAuthority::name).toArray(GeneralName[]::new);
            builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
        }
        String how = signer.getPrivate().getAlgorithm().equals("EC") ? "ECDSA" : "RSA";
        return new JcaX509CertificateConverter()
                .getCertificate(
                        builder.build(
                                new JcaContentSignerBuilder("SHA256with" + how)
                                        .build(signer.getPrivate())));
    }

    private static GeneralName name(String text) {
        return new GeneralName(
                PeerNames.isNumeric(text) ? GeneralName.iPAddress : GeneralName.dNSName, text);
    }

    private static String pem(X509Certificate certificate) throws GeneralSecurityException {
        return pem("CERTIFICATE", certificate.getEncoded());
    }

    private static String pem(String label, byte[] bytes) {
        return "-----BEGIN "
                + label
                + "-----\n"
                + LINES.encodeToString(bytes)
                + "\n-----END "
                + label
                + "-----\n";
    }

    private static Path write(Path file, String text) throws IOException {
        return Files.writeString(file, text);
    }
}

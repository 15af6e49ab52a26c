package io.hyperactor.cli;

import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;

/// Issues certificates for both ends of TLS, with keys on the curve P-256.
final class CertificateAuthority {
    private static final Duration OWN_LIFE = Duration.ofDays(5 * 365);
    private static final Duration LIFE = Duration.ofDays(365);

    /// Clocks differ.
    private static final Duration BEFORE = Duration.ofMinutes(10);

    private static final int SERIAL_BITS = 127;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Certified own;

    /// A certificate and its key.
    record Certified(X509Certificate certificate, PrivateKey key) {
        @Override
        public String toString() {
            return "Certified[" + certificate.getSubjectX500Principal() + "]";
        }
    }

    private CertificateAuthority(Certified own) {
        this.own = own;
    }

    static CertificateAuthority of(Certified own) {
        return new CertificateAuthority(own);
    }

    /// A new one, that nobody believes yet.
    static CertificateAuthority create(Instant now) throws GeneralSecurityException {
        KeyPair keys = keys();
        String unique = HexFormat.of().toHexDigits(RANDOM.nextInt());
        X500Name name = name("hyperactor test authority " + unique);
        try {
            var builder = builder(name, name, keys.getPublic(), now, now.plus(OWN_LIFE));
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
                    .addExtension(
                            Extension.keyUsage,
                            true,
                            new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            return of(new Certified(sign(builder, keys.getPrivate()), keys.getPrivate()));
        } catch (CertIOException e) {
            throw new GeneralSecurityException(e);
        }
    }

    Certified own() {
        return own;
    }

    /// A certificate for one who dials and is dialled.
    ///
    /// @param names its names and numeric addresses
    Certified issue(List<String> names, Instant now) throws GeneralSecurityException {
        KeyPair keys = keys();
        Instant end = own.certificate.getNotAfter().toInstant();
        Instant wanted = now.plus(LIFE);
        X500Name issuer =
                X500Name.getInstance(own.certificate.getSubjectX500Principal().getEncoded());
        try {
            var builder =
                    builder(
                            issuer,
                            name(names.getFirst()),
                            keys.getPublic(),
                            now,
                            wanted.isBefore(end) ? wanted : end);
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
                    .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
                    .addExtension(
                            Extension.extendedKeyUsage,
                            false,
                            new ExtendedKeyUsage(
                                    new KeyPurposeId[] {
                                        KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth
                                    }))
                    .addExtension(
                            Extension.subjectAlternativeName,
                            false,
                            new GeneralNames(
                                    names.stream()
                                            .map(CertificateAuthority::generalName)
                                            .toArray(GeneralName[]::new)))
                    .addExtension(
                            Extension.authorityKeyIdentifier,
                            false,
                            new JcaX509ExtensionUtils()
                                    .createAuthorityKeyIdentifier(own.certificate));
            return new Certified(sign(builder, own.key), keys.getPrivate());
        } catch (CertIOException e) {
            throw new GeneralSecurityException(e);
        }
    }

    private static KeyPair keys() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    private static X500Name name(String commonName) {
        return new X500NameBuilder().addRDN(BCStyle.CN, commonName).build();
    }

    private static GeneralName generalName(String host) {
        boolean numeric =
                host.indexOf(':') >= 0
                        || host.chars().allMatch(c -> c == '.' || Character.isDigit(c));
        return new GeneralName(numeric ? GeneralName.iPAddress : GeneralName.dNSName, host);
    }

    private static JcaX509v3CertificateBuilder builder(
            X500Name issuer, X500Name subject, PublicKey key, Instant now, Instant end)
            throws GeneralSecurityException, CertIOException {
        var builder =
                new JcaX509v3CertificateBuilder(
                        issuer,
                        new BigInteger(SERIAL_BITS, RANDOM).setBit(SERIAL_BITS - 1),
                        Date.from(now.minus(BEFORE)),
                        Date.from(end),
                        subject,
                        key);
        builder.addExtension(
                Extension.subjectKeyIdentifier,
                false,
                new JcaX509ExtensionUtils().createSubjectKeyIdentifier(key));
        return builder;
    }

    private static X509Certificate sign(JcaX509v3CertificateBuilder builder, PrivateKey key)
            throws GeneralSecurityException {
        try {
            var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(key);
            return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
        } catch (OperatorCreationException e) {
            throw new GeneralSecurityException("the key of the authority does not sign", e);
        }
    }
}

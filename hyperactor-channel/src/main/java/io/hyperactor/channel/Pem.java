package io.hyperactor.channel;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/// Certificates and keys in PEM form. The JDK's own way to read keys is a preview in this version.
///
/// No exception repeats anything of a key.
final class Pem {
    private static final String BEGIN = "-----BEGIN PRIVATE KEY-----";
    private static final String END = "-----END PRIVATE KEY-----";

    private Pem() {}

    /// The certificates, at least one.
    static List<X509Certificate> certificates(byte[] pem, Path file) throws IOException {
        try {
            List<X509Certificate> found =
                    CertificateFactory.getInstance("X.509")
                            .generateCertificates(new ByteArrayInputStream(pem))
                            .stream()
                            .map(X509Certificate.class::cast)
                            .toList();
            if (found.isEmpty()) {
                throw new IOException(file + " holds no certificate");
            }
            return found;
        } catch (CertificateException e) {
            throw new IOException(file + " holds no certificates that can be read", e);
        }
    }

    /// The one private key, whose algorithm is `algorithm`.
    static PrivateKey key(byte[] pem, String algorithm, Path file) throws IOException {
        byte[] encoded = encodedKey(pem, file);
        try {
            return KeyFactory.getInstance(algorithm)
                    .generatePrivate(new PKCS8EncodedKeySpec(encoded));
        } catch (GeneralSecurityException e) { // its cause may hold what it could not read
            throw new IOException(
                    file + " holds no " + algorithm + " key, as the certificate asks");
        } finally {
            Arrays.fill(encoded, (byte) 0);
        }
    }

    private static byte[] encodedKey(byte[] pem, Path file) throws IOException {
        String text = new String(pem, StandardCharsets.ISO_8859_1);
        int from = text.indexOf(BEGIN);
        int to = text.indexOf(END);
        if (from < 0 || to < from) {
            throw new IOException(
                    file
                            + " holds no unencrypted PKCS#8 key (make one of another key with:"
                            + " openssl pkcs8 -topk8 -nocrypt)");
        }
        byte[] base64 = Arrays.copyOfRange(pem, from + BEGIN.length(), to);
        try {
            return Base64.getMimeDecoder().decode(base64);
        } catch (IllegalArgumentException e) { // says what it could not read
            throw new IOException(file + " holds a key that is not base 64");
        } finally {
            Arrays.fill(base64, (byte) 0);
        }
    }
}

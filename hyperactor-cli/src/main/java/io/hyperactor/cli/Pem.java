package io.hyperactor.cli;

import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.openssl.PEMException;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemWriter;

import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.util.Set;

/// Certificates and keys in files of the PEM form. A key's file is the owner's alone from the first
/// byte on.
final class Pem {
    private static final String KEY_MODE = "rw-------";
    private static final String CERTIFICATE_MODE = "rw-r--r--";

    private Pem() {}

    /// Writes both files, each at once: who reads meanwhile sees the old or the new one.
    static void write(CertificateAuthority.Certified what, Path certificate, Path key)
            throws IOException, GeneralSecurityException {
        write(key, "PRIVATE KEY", what.key().getEncoded(), KEY_MODE);
        write(certificate, "CERTIFICATE", what.certificate().getEncoded(), CERTIFICATE_MODE);
    }

    private static void write(Path file, String label, byte[] content, String mode)
            throws IOException {
        StringWriter text = new StringWriter();
        try (PemWriter writer = new PemWriter(text)) {
            writer.writeObject(new PemObject(label, content));
        }
        FileAttribute<?> permissions =
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode));
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        try (var channel =
                Files.newByteChannel(
                        fresh,
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        permissions)) {
            OutputStream out = Channels.newOutputStream(channel);
            out.write(text.toString().getBytes(StandardCharsets.US_ASCII));
        }
        Files.move(
                fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /// Reads what [#write] has written.
    static CertificateAuthority.Certified read(Path certificate, Path key)
            throws IOException, GeneralSecurityException {
        if (parse(certificate) instanceof X509CertificateHolder holder
                && parse(key) instanceof PrivateKeyInfo info) {
            return new CertificateAuthority.Certified(
                    new JcaX509CertificateConverter().getCertificate(holder),
                    new JcaPEMKeyConverter().getPrivateKey(info));
        }
        throw new IOException(certificate + " and " + key + " are not a certificate and its key");
    }

    private static Object parse(Path file) throws IOException {
        try (PEMParser parser = new PEMParser(Files.newBufferedReader(file))) {
            Object found = parser.readObject();
            return found == null ? "nothing" : found;
        } catch (PEMException e) { // its cause may hold what it could not read
            throw new IOException(file + " cannot be read");
        }
    }
}

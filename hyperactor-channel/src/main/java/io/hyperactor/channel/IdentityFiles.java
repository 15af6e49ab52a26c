package io.hyperactor.channel;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

/// What the files of a [TlsIdentity] held at one time.
///
/// There is a secret in it: [#wipe] when it has been used.
record IdentityFiles(byte[] certificates, byte[] key, byte[] authorities) {
    private static final int BYTES_MAX = 1 << 20;

    private static final Set<PosixFilePermission> OF_OTHERS =
            EnumSet.of(
                    PosixFilePermission.GROUP_READ,
                    PosixFilePermission.GROUP_WRITE,
                    PosixFilePermission.OTHERS_READ,
                    PosixFilePermission.OTHERS_WRITE);

    /// Reads them.
    static IdentityFiles read(TlsIdentity identity) throws IOException {
        try {
            checkPrivate(identity.key());
            return new IdentityFiles(
                    bytes(identity.certificates()),
                    bytes(identity.key()),
                    bytes(identity.authorities()));
        } catch (FileSystemException e) { // some of which say the path alone
            throw new IOException("cannot read " + e, e);
        }
    }

    private static byte[] bytes(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(BYTES_MAX + 1);
            if (bytes.length > BYTES_MAX) {
                throw new IOException(file + " is longer than " + BYTES_MAX + " bytes");
            }
            return bytes;
        }
    }

    /// As secrets are mounted: root's, and readable for the group that the process is in.
    private static void checkPrivate(Path key) throws IOException {
        PosixFileAttributes found = Files.readAttributes(key, PosixFileAttributes.class);
        String owner = found.owner().getName();
        boolean ofRoot = owner.equals("root");
        if (!ofRoot && !owner.equals(OwnUser.NAME)) {
            throw new IOException("the key " + key + " belongs to " + owner);
        }
        Set<PosixFilePermission> open = EnumSet.noneOf(PosixFilePermission.class);
        open.addAll(found.permissions());
        open.retainAll(OF_OTHERS);
        if (ofRoot && !OwnUser.NAME.equals("root")) {
            open.remove(PosixFilePermission.GROUP_READ);
        }
        if (!open.isEmpty()) {
            throw new IOException("the key " + key + " is open to others (chmod 600 " + key + ")");
        }
    }

    /// What tells these from others, without the secret.
    byte[] digest() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (byte[] part : new byte[][] {certificates, key, authorities}) {
                digest.update(digest(part));
            }
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has it", e);
        }
    }

    private static byte[] digest(byte[] part) throws NoSuchAlgorithmException {
        return MessageDigest.getInstance("SHA-256").digest(part);
    }

    void wipe() {
        Arrays.fill(key, (byte) 0);
    }

    @Override
    public String toString() {
        return "IdentityFiles";
    }
}

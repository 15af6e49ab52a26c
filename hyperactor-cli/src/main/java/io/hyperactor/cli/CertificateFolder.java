package io.hyperactor.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.InstantSource;
import java.util.List;

/// A folder with an authority, `ca.pem` and `ca-key.pem`, and the certificates that it has issued,
/// `NAME.pem` and `NAME-key.pem`.
final class CertificateFolder {
    private static final String AUTHORITY = "ca";

    private final Path folder;
    private final InstantSource clock;
    private final boolean force;
    private final CertificateAuthority authority;

    /// What belongs to one name.
    record Files(Path certificate, Path key) {
        static Files of(Path folder, String name) {
            return new Files(folder.resolve(name + ".pem"), folder.resolve(name + "-key.pem"));
        }

        boolean areThere() {
            return java.nio.file.Files.exists(certificate) || java.nio.file.Files.exists(key);
        }
    }

    private CertificateFolder(
            Path folder, InstantSource clock, boolean force, CertificateAuthority authority) {
        this.folder = folder;
        this.clock = clock;
        this.force = force;
        this.authority = authority;
    }

    /// Opens a folder, and makes what is missing.
    ///
    /// @param force whether certificates are replaced
    /// @throws CliException.Failed if it can not be used, or is open to others
    static CertificateFolder open(Path folder, InstantSource clock, boolean force) {
        OwnFolder.prepare(folder);
        Files files = Files.of(folder, AUTHORITY);
        try {
            CertificateAuthority authority;
            if (files.areThere()) {
                authority = CertificateAuthority.of(Pem.read(files.certificate(), files.key()));
            } else {
                authority = CertificateAuthority.create(clock.instant());
                Pem.write(authority.own(), files.certificate(), files.key());
            }
            return new CertificateFolder(folder, clock, force, authority);
        } catch (IOException | GeneralSecurityException e) {
            throw failed("no authority in " + folder, e);
        }
    }

    /// The certificate of the authority.
    Path authority() {
        return Files.of(folder, AUTHORITY).certificate();
    }

    /// Makes a certificate for a host.
    ///
    /// @param names how it is dialled
    /// @throws CliException.Failed if it has one and nothing may be replaced
    Files issue(List<String> names) {
        String name = names.getFirst();
        Files files = Files.of(folder, name);
        if (name.equals(AUTHORITY)) {
            throw new CliException.Usage("the files of a host cannot be called " + AUTHORITY);
        }
        if (files.areThere() && !force) {
            throw new CliException.Failed(
                    files.certificate() + " or its key exists (--force replaces them)");
        }
        try {
            Pem.write(authority.issue(names, clock.instant()), files.certificate(), files.key());
            return files;
        } catch (IOException | GeneralSecurityException e) {
            throw failed("no certificate for " + name, e);
        }
    }

    private static CliException failed(String what, Exception cause) {
        String why =
                cause instanceof IOException e
                        ? CliException.reason(e)
                        : String.valueOf(cause.getMessage());
        return new CliException.Failed(what + ": " + why, cause);
    }
}

package io.hyperactor.host;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.ZipException;

/// The content of jars as a hash, read once and remembered for as long as the file is the same one,
/// unchanged.
///
/// Whether it is, its size, inode, time of modification and time of change tell. Nobody can set the
/// last one. A file that was changed a moment ago is not remembered, for it could change again
/// within one tick of the file system's clock.
///
/// **Threads:** any.
final class ContentHashes {
    private static final Duration SETTLED = Duration.ofSeconds(2);
    private static final int REMEMBERED_MAX = 4096;
    private static final String STAMP = "unix:size,ino,dev,lastModifiedTime,ctime";

    private final Map<Path, Content> remembered = new ConcurrentHashMap<>();
    private final InstantSource clock;

    ContentHashes(InstantSource clock) {
        this.clock = clock;
    }

    /// @param stamp tells this state of the file from any other
    /// @param sha256 in hexadecimal
    /// @param more what its manifest adds to the class path
    record Content(Map<String, Object> stamp, String sha256, List<Path> more) {}

    /// What is in `jar` now.
    ///
    /// @throws IOException if it is no regular file or cannot be read, or is changed meanwhile
    Content of(Path jar) throws IOException {
        Map<String, Object> stamp = stamp(jar);
        Content known = remembered.get(jar);
        if (known != null && known.stamp().equals(stamp)) {
            return known;
        }
        Content read = new Content(stamp, sha256(jar), classPath(jar));
        if (!stamp(jar).equals(stamp)) {
            throw new IOException(jar + " is being changed");
        }
        if (isSettled(stamp)) {
            if (remembered.size() >= REMEMBERED_MAX) {
                remembered.clear();
            }
            remembered.put(jar, read);
        }
        return read;
    }

    private boolean isSettled(Map<String, Object> stamp) {
        FileTime changed = (FileTime) Objects.requireNonNull(stamp.get("ctime"));
        return changed.toInstant().isBefore(clock.instant().minus(SETTLED));
    }

    private static Map<String, Object> stamp(Path jar) throws IOException {
        if (!Files.readAttributes(jar, BasicFileAttributes.class).isRegularFile()) {
            throw new IOException(jar + " is not a file");
        }
        return Files.readAttributes(jar, STAMP);
    }

    private static String sha256(Path jar) throws IOException {
        MessageDigest digest = sha256();
        try (InputStream in = new DigestInputStream(Files.newInputStream(jar), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has it", e);
        }
    }

    /// A jar may name others, relative to itself.
    private static List<Path> classPath(Path jar) throws IOException {
        try (JarFile opened = new JarFile(jar.toFile())) {
            Manifest manifest = opened.getManifest();
            String entries =
                    manifest == null
                            ? null
                            : manifest.getMainAttributes().getValue(Attributes.Name.CLASS_PATH);
            return entries == null ? List.of() : resolve(jar, entries);
        } catch (ZipException _) {
            return List.of(); // no jar; the JVM passes over it, too
        }
    }

    private static List<Path> resolve(Path jar, String entries) throws IOException {
        List<Path> more = new ArrayList<>();
        try {
            for (String entry : entries.strip().split(" +", -1)) {
                more.add(Path.of(jar.toUri().resolve(entry)));
            }
        } catch (IllegalArgumentException | FileSystemNotFoundException e) {
            throw new IOException(jar + " names something else than files", e);
        }
        return more;
    }
}

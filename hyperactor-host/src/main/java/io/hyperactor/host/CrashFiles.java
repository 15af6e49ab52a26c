package io.hyperactor.host;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Where JVMs that crash leave their reports: in a private directory, under their process id, which
/// the JVM itself puts into the name. A file is there only after a crash.
///
/// **Threads:** any; methods read and write files.
final class CrashFiles {
    private static final Logger LOG = LoggerFactory.getLogger(CrashFiles.class);

    /// How many reports are kept, the newest ones.
    static final int KEPT_MAX = 16;

    private static final String PREFIX = "hs_err-";
    private static final String SUFFIX = ".log";
    private static final int HEAD_BYTES = 16 * 1024; // all that is looked at is at the beginning

    private record Report(Path path, FileTime time) {}

    private final Path directory;

    /// @param directory private to the user; must exist when a JVM crashes
    CrashFiles(Path directory) {
        this.directory = directory.toAbsolutePath();
    }

    /// The flag that has a JVM write its report there. A later flag of the same kind wins.
    String flag() {
        String escaped = directory.toString().replace("%", "%%");
        return "-XX:ErrorFile=" + escaped + "/" + PREFIX + "%p" + SUFFIX;
    }

    /// The report of the process `pid`, whether it is there or not.
    Path of(long pid) {
        return directory.resolve(PREFIX + pid + SUFFIX);
    }

    /// Forgets a report that an earlier process with this id left: call it when `pid` has started.
    void forget(long pid) {
        delete(of(pid));
    }

    /// What the process `pid`, which has ended, reported; empty if it did not crash. The file
    /// stays, but of all that are there only the newest [#KEPT_MAX].
    Optional<CrashSummary> read(long pid) {
        Path file = of(pid);
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        Optional<CrashSummary> summary = Optional.empty();
        try (InputStream in = Files.newInputStream(file)) {
            String head = new String(in.readNBytes(HEAD_BYTES), StandardCharsets.UTF_8);
            summary = CrashSummary.parse(head.lines().toList(), file);
            trim();
        } catch (IOException e) {
            LOG.warn("reading {} and removing older ones", file, e);
        }
        return summary;
    }

    private void trim() throws IOException {
        List<Report> reports = new ArrayList<>();
        try (DirectoryStream<Path> found =
                Files.newDirectoryStream(directory, PREFIX + "*" + SUFFIX)) {
            for (Path path : found) {
                try {
                    reports.add(new Report(path, Files.getLastModifiedTime(path)));
                } catch (NoSuchFileException _) {
                    // another process was quicker to remove it
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        reports.sort(Comparator.comparing(Report::time).reversed());
        reports.stream().skip(KEPT_MAX).map(Report::path).forEach(CrashFiles::delete);
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.debug("cannot remove {}", file, e);
        }
    }
}

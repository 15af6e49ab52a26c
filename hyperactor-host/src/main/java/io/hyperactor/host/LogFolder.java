package io.hyperactor.host;

import io.hyperactor.channel.OwnUser;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// A folder with the log files of procs, which one host at a time writes.
///
/// **Threads:** any; blocks for the disk. **Closing:** whoever opened it.
final class LogFolder implements AutoCloseable {
    /// So many procs may have files here; of those that have ended the oldest ones go first.
    static final int PROCS_MAX = 1024;

    private static final Logger LOG = LoggerFactory.getLogger(LogFolder.class);
    private static final String SUFFIX = ".log";
    private static final String LOCK_NAME = ".lock";
    private static final int LINE_MAX_BYTES = 2 * 1024 * 1024;

    private static final Set<PosixFilePermission> PRIVATE =
            PosixFilePermissions.fromString("rwx------");

    private final Path folder;
    private final FileChannel lock;

    private LogFolder(Path folder, FileChannel lock) {
        this.folder = folder;
        this.lock = lock;
    }

    /// Makes the folder if it is missing, and keeps other hosts out of it.
    ///
    /// @throws IOException if it can not be made, is somebody else's or open to others, or another
    ///   host writes there
    static LogFolder open(Path folder) throws IOException {
        try {
            Path _ = Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(PRIVATE));
        } catch (FileAlreadyExistsException _) {
            // it is looked at like a new one, which may have been swapped since
        }
        checkPrivate(folder);
        FileChannel lock =
                FileChannel.open(
                        folder.resolve(LOCK_NAME),
                        Set.of(
                                StandardOpenOption.CREATE,
                                StandardOpenOption.WRITE,
                                LinkOption.NOFOLLOW_LINKS),
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rw-------")));
        try {
            if (lock.tryLock() != null) {
                return new LogFolder(folder, lock);
            }
        } catch (OverlappingFileLockException _) {
            // a host in this very process
        } catch (IOException e) {
            lock.close();
            throw e;
        }
        lock.close();
        throw new IOException("another host writes to the log folder " + folder);
    }

    private static void checkPrivate(Path folder) throws IOException {
        var found = Files.readAttributes(folder, PosixFileAttributes.class);
        if (!found.isDirectory()) {
            throw new IOException(folder + " is not a folder");
        }
        if (!found.owner().getName().equals(OwnUser.NAME)) {
            throw new IOException("the log folder " + folder + " is " + found.owner() + "'s");
        }
        if (!found.permissions().equals(PRIVATE)) {
            throw new IOException(
                    "the log folder "
                            + folder
                            + " is open to others: its mode is "
                            + PosixFilePermissions.toString(found.permissions())
                            + ", not rwx------");
        }
    }

    /// The file of a proc that is being written, in a folder that need not be open.
    static Path file(Path folder, String proc) {
        return folder.resolve(proc + SUFFIX);
    }

    private Path file(String proc) {
        return file(folder, proc);
    }

    /// The procs that have files here.
    Set<String> procs() throws IOException {
        Set<String> names = new TreeSet<>();
        for (Path file : files()) {
            names.add(procOf(file));
        }
        return names;
    }

    private List<Path> files() throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
            for (Path file : all) {
                if (!procOf(file).isEmpty()) {
                    found.add(file);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return found;
    }

    /// Whose file it is, by its name `PROC.log` or `PROC.log.3`; empty if it is none of ours.
    private static String procOf(Path file) {
        String name = String.valueOf(file.getFileName());
        int end = name.length();
        while (end > 0 && Character.isDigit(name.charAt(end - 1))) {
            end--;
        }
        String stem = name;
        if (end < name.length() && end > 0 && name.charAt(end - 1) == '.') {
            stem = name.substring(0, end - 1);
        }
        return stem.endsWith(SUFFIX) ? stem.substring(0, stem.length() - SUFFIX.length()) : "";
    }

    /// Gives a selection what the files of a proc hold, and leaves out those that are too old for
    /// it.
    void read(String proc, LogSelection into, Predicate<LogRecord> wanted) throws IOException {
        Set<Object> had = new HashSet<>(); // files are pushed on meanwhile
        int missing = 0;
        for (int generation = 0; missing < 2; generation++) { // one is, while they are pushed on
            Path file = LogFile.generation(file(proc), generation);
            try {
                BasicFileAttributes found = attributes(file);
                if (!into.wants(found.lastModifiedTime().toInstant())) {
                    return;
                }
                try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
                    Object key = found.fileKey();
                    if (key != null && !key.equals(attributes(file).fileKey())) {
                        generation--; // it was pushed on just now: once more
                    } else if (key == null || had.add(key)) {
                        read(in, into, wanted);
                    }
                }
            } catch (NoSuchFileException e) {
                missing++;
            }
        }
    }

    private static BasicFileAttributes attributes(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    /// Only whole lines: the last one may be in the making.
    private static void read(InputStream file, LogSelection into, Predicate<LogRecord> wanted)
            throws IOException {
        var in = new BufferedInputStream(file);
        var line = new ByteArrayOutputStream();
        for (int next = in.read(); next >= 0; next = in.read()) {
            if (next != '\n') {
                if (line.size() < LINE_MAX_BYTES) {
                    line.write(next);
                }
                continue;
            }
            LogFormat.parse(line.toString(StandardCharsets.UTF_8))
                    .filter(wanted)
                    .ifPresent(into::add);
            line.reset();
        }
    }

    /// Makes room for `file`, if it is of a proc that has none here.
    ///
    /// @param kept whose files stay
    void makeRoom(Path file, Predicate<String> kept) throws IOException {
        Map<String, List<Path>> all =
                files().stream().collect(Collectors.groupingBy(LogFolder::procOf));
        int tooMany = all.size() - PROCS_MAX + 1;
        if (tooMany <= 0 || all.containsKey(procOf(file))) {
            return; // as mostly, and then no file is looked at
        }
        record Old(List<Path> paths, long newest) {}
        List<Old> ended = new ArrayList<>();
        for (Map.Entry<String, List<Path>> its : all.entrySet()) {
            if (!kept.test(its.getKey())) {
                ended.add(new Old(its.getValue(), newest(its.getValue())));
            }
        }
        ended.sort(Comparator.comparingLong(Old::newest));
        for (Old old : ended.subList(0, Math.min(tooMany, ended.size()))) {
            for (Path oldFile : old.paths()) {
                boolean _ = Files.deleteIfExists(oldFile);
            }
        }
    }

    private static long newest(List<Path> files) throws IOException {
        long newest = Long.MIN_VALUE;
        for (Path file : files) {
            try {
                var changed = Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS);
                newest = Math.max(newest, changed.toMillis());
            } catch (NoSuchFileException _) {
                // it has just been pushed on or removed: there is room
            }
        }
        return newest;
    }

    /// Lets other hosts in.
    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            LOG.warn("while closing the log folder {}", folder, e);
        }
    }
}

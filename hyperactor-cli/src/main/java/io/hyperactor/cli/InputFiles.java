package io.hyperactor.cli;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

/// The files to count: those named, and all regular files below the folders named, as `find -type
/// f` finds them: hidden ones too, and no symbolic links below a folder. A file named twice counts
/// twice.
///
/// @param files in the order they were found
/// @param bytes their size when they were found, together
record InputFiles(List<Path> files, long bytes) {
    InputFiles {
        files = List.copyOf(files);
    }

    /// @throws CliException.Failed if a path is neither file nor folder or cannot be read
    static InputFiles find(List<Path> paths) throws InterruptedException {
        var collector = new Collector();
        for (Path path : paths) {
            try {
                collector.collect(path);
            } catch (IOException e) {
                throw CliException.unreadable(path.toString(), e);
            }
        }
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        return new InputFiles(collector.files, collector.bytes);
    }

    private static final class Collector extends SimpleFileVisitor<Path> {
        private final List<Path> files = new ArrayList<>();
        private long bytes;

        void collect(Path path) throws IOException {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            if (attributes.isDirectory()) {
                // a link to a folder is followed when it is named itself
                Path folder = Files.isSymbolicLink(path) ? path.toRealPath() : path;
                Files.walkFileTree(folder, this);
            } else if (attributes.isRegularFile()) {
                add(path, attributes);
            } else {
                throw new CliException.Failed("cannot read " + path + ": neither file nor folder");
            }
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (attributes.isRegularFile()) {
                add(file, attributes);
            }
            return Thread.currentThread().isInterrupted()
                    ? FileVisitResult.TERMINATE
                    : FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException cause) {
            throw CliException.unreadable(file.toString(), cause);
        }

        private void add(Path file, BasicFileAttributes attributes) {
            if (!Files.isReadable(file)) {
                throw new CliException.Failed("cannot read " + file + ": permission denied");
            }
            files.add(file);
            bytes += attributes.size();
        }
    }
}

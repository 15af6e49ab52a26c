package io.hyperactor.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/// A disk of its own, in memory, for the logs of a host, that can be made to fail. **Closing**
/// takes it away.
final class LogDisk implements AutoCloseable {
    private static final int MIB = 64;
    private static final int PIECE = 4096;

    /// How it fails.
    enum Fault {
        FULL,
        READ_ONLY,
        SLOW
    }

    private final Fault fault;
    private final Path disk;
    private final Path signal;
    private boolean covered;

    /// @param directory where it is mounted
    LogDisk(Fault fault, Path directory) throws IOException {
        this.fault = fault;
        this.disk = Files.createDirectory(directory.resolve("disk"));
        this.signal = directory.resolve("slow");
        run("mount", "-t", "tmpfs", "-o", "mode=700,size=" + MIB + "m", "tmpfs", disk.toString());
    }

    String fault() {
        return fault.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// For the logs.
    Path folder() {
        return disk.resolve("logs");
    }

    /// What stands in front of the command of a host that writes to it.
    List<String> before() {
        return fault == Fault.SLOW
                ? List.of(
                        "env",
                        "LD_PRELOAD="
                                + Stub.compile("slowdisk.c", "slowdisk.so", "-shared", "-fPIC"),
                        "SLOW_FOLDER=" + folder(),
                        "SLOW_WHILE=" + signal)
                : List.of();
    }

    void fail() throws IOException {
        switch (fault) {
            case FULL -> fill();
            case READ_ONLY -> {
                // Not the disk itself: nobody writes to one that is mounted again so.
                run("mount", "--bind", folder().toString(), folder().toString());
                covered = true;
                // The log of a proc that has ended is closed a moment after its end is told.
                await().atMost(Patience.LIMIT)
                        .until(
                                () -> said("mount", "-o", "remount,bind,ro", folder().toString()),
                                String::isEmpty);
            }
            case SLOW -> Files.createFile(signal);
        }
    }

    private void fill() throws IOException {
        try (OutputStream out = Files.newOutputStream(disk.resolve("junk"))) {
            byte[] piece = new byte[PIECE];
            for (int i = 0; i <= MIB * 1024 * 1024 / PIECE; i++) {
                out.write(piece);
            }
            throw new AssertionError("the disk takes more than it has room for");
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("No space left");
        }
    }

    void heal() throws IOException {
        switch (fault) {
            case FULL -> Files.delete(disk.resolve("junk"));
            case READ_ONLY -> uncover();
            case SLOW -> Files.delete(signal);
        }
    }

    private void uncover() {
        if (covered) {
            run("umount", folder().toString());
            covered = false;
        }
    }

    private static void run(String... command) {
        assertThat(said(command)).as("this row needs root: %s", List.of(command)).isEmpty();
    }

    /// What such a command says that has failed.
    private static String said(String... command) {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            String said =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int status = process.onExit().join().exitValue();
            return status == 0 ? "" : "status " + status + ": " + said;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() throws IOException {
        uncover();
        run("umount", disk.toString());
        Files.deleteIfExists(signal);
    }
}

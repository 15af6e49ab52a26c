package io.hyperactor.host;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// The processes with a mark of [LaunchMarks], as far as `/proc` lets this one read what they were
/// started with: those of its user, or of everybody for root.
///
/// **Threads:** one at a time.
final class MarkedProcesses implements Strays.Processes {
    private static final String ENTRY = "\0" + LaunchMarks.VARIABLE + "=";
    private static final int BUFFER_BYTES = 64 * 1024;

    private final Libc libc;
    private final Path proc;
    private final long self;

    /// @param proc where `/proc` is
    /// @param self this process, which is never among them
    MarkedProcesses(Libc libc, Path proc, long self) {
        this.libc = libc;
        this.proc = proc;
        this.self = self;
    }

    @Override
    public Strays.Marked look() {
        String[] names = proc.toFile().list();
        boolean isComplete = names != null;
        Map<Integer, String> found = new HashMap<>();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(BUFFER_BYTES);
            for (String name : names == null ? new String[0] : names) {
                if (isNumber(name)) {
                    int pid = Integer.parseInt(name);
                    int fd = openEnvironment(pid);
                    isComplete &= !Errno.isLack(-fd);
                    mark(fd, buffer).ifPresent(mark -> found.put(pid, mark));
                }
            }
        }
        found.remove((int) self);
        return new Strays.Marked(found, isComplete);
    }

    /// What is signalled is what the descriptor stands for. If that had the id while the mark was
    /// read it has the mark; if another one had the id by then, that which the descriptor stands
    /// for is gone, and nobody is signalled.
    @Override
    public void kill(int pid, String mark) {
        int fd = libc.pidfdOpen(pid);
        if (fd < 0) {
            return; // it is gone, or there are no descriptors and it is found again
        }
        try (var pidfd = new Descriptor(libc, fd);
                Arena arena = Arena.ofConfined()) {
            if (mark(openEnvironment(pid), arena.allocate(BUFFER_BYTES))
                    .equals(Optional.of(mark))) {
                libc.signalPidfd(pidfd.fd(), Signals.KILL);
            }
        }
    }

    private int openEnvironment(int pid) {
        return libc.openToRead(proc + "/" + pid + "/environ");
    }

    private Optional<String> mark(int fd, MemorySegment buffer) {
        if (fd < 0) {
            return Optional.empty(); // gone, or another user's
        }
        try (var file = new Descriptor(libc, fd)) {
            return mark(read(file, buffer));
        }
    }

    private byte[] read(Descriptor file, MemorySegment buffer) {
        var all = new ByteArrayOutputStream();
        int count;
        while ((count = libc.readFrom(file.fd(), buffer, all.size())) > 0) {
            all.writeBytes(buffer.asSlice(0, count).toArray(ValueLayout.JAVA_BYTE));
        }
        return all.toByteArray(); // of one that ends meanwhile, what there was
    }

    /// The mark in an environment: entries `NAME=value`, each with a NUL at its end.
    private static Optional<String> mark(byte[] environment) {
        String text = "\0" + new String(environment, StandardCharsets.ISO_8859_1);
        int at = text.indexOf(ENTRY);
        int end = at < 0 ? -1 : text.indexOf('\0', at + 1);
        return end < 0 ? Optional.empty() : Optional.of(text.substring(at + ENTRY.length(), end));
    }

    private static boolean isNumber(String name) {
        return name.chars().allMatch(c -> c >= '0' && c <= '9');
    }
}

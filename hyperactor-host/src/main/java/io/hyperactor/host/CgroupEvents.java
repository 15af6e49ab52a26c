package io.hyperactor.host;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/// What the kernel says of a control group in `cgroup.events`, asked with as little ado as can be:
/// somebody waits for the end of what was in it.
///
/// **Threads:** one.
final class CgroupEvents {
    private static final String FILE = "cgroup.events";
    private static final String EMPTY = "populated 0";
    private static final int BYTES = 128; // there are two short lines in it

    private final Libc libc;
    private final MemorySegment buffer = Arena.ofAuto().allocate(BYTES);

    CgroupEvents(Libc libc) {
        this.libc = libc;
    }

    /// Whether no process is in a group, nor in one below it. For want of descriptors it may be
    /// false.
    boolean isEmpty(Cgroup group) {
        int fd = libc.openToRead(path(group));
        if (fd < 0) {
            return fd == -Errno.ENOENT;
        }
        try (var file = new Descriptor(libc, fd)) {
            return isEmpty(file);
        }
    }

    /// The same, read anew through what [#open] gave.
    boolean isEmpty(Descriptor file) {
        int count = libc.readFrom(file.fd(), buffer, 0);
        if (count < 0) {
            return count == -Errno.ENODEV; // the group has been removed
        }
        byte[] bytes = buffer.asSlice(0, count).toArray(ValueLayout.JAVA_BYTE);
        return new String(bytes, StandardCharsets.US_ASCII).contains(EMPTY);
    }

    /// A descriptor that has an exceptional condition ([Poller#addForChange]) when the group
    /// becomes empty after it was last read.
    Descriptor open(Cgroup group) throws IOException {
        return new Descriptor(libc, Native.check(libc.openToRead(path(group)), FILE));
    }

    private static String path(Cgroup group) {
        return group.directory().resolve(FILE).toString();
    }
}

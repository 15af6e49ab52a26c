package io.hyperactor.host;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Both ends of a pipe that no other program inherits, with numbers a child does not need for
/// others. Closing it closes the ends that were not handed over.
record Pipe(Descriptor readEnd, Descriptor writeEnd) implements AutoCloseable {

    static Pipe open(Libc libc) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment ends = arena.allocate(ValueLayout.JAVA_INT, 2);
            Native.check(libc.pipe(ends), "pipe");
            var readEnd = new Descriptor(libc, ends.getAtIndex(ValueLayout.JAVA_INT, 0));
            var writeEnd = new Descriptor(libc, ends.getAtIndex(ValueLayout.JAVA_INT, 1));
            try (var opened = new Pipe(readEnd, writeEnd)) {
                return opened.outOfTheWay(libc);
            }
        }
    }

    private Pipe outOfTheWay(Libc libc) throws IOException {
        Descriptor movedReadEnd = outOfTheWay(libc, readEnd);
        try {
            return new Pipe(movedReadEnd, outOfTheWay(libc, writeEnd));
        } catch (IOException e) {
            movedReadEnd.close();
            throw e;
        }
    }

    /// Only a JVM that was itself started without standard descriptors gets such a low number.
    private static Descriptor outOfTheWay(Libc libc, Descriptor end) throws IOException {
        if (end.fd() >= PosixSpawn.FIRST_UNUSED) {
            return end.handOver();
        }
        int moved = libc.duplicate(end.fd(), PosixSpawn.FIRST_UNUSED);
        return new Descriptor(libc, Native.check(moved, "fcntl"));
    }

    @Override
    public void close() {
        readEnd.close();
        writeEnd.close();
    }
}

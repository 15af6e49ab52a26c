package io.hyperactor.host;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// The calls into the Linux kernel that launching needs. Each returns what the C function returns,
/// or minus the error number; none throws, and all but [#epollWait] return at once.
///
/// **Threads:** any.
final class Libc {
    private static final int O_RDONLY = 0;
    private static final int O_NONBLOCK = 0x800;
    private static final int O_CLOEXEC = 0x80000;
    private static final int F_SETFL = 4;
    private static final int F_DUPFD_CLOEXEC = 1030;
    private static final int SYS_PIDFD_SEND_SIGNAL = 424; // the same on every processor
    private static final int SYS_PIDFD_OPEN = 434;
    private static final int P_PID = 1;
    private static final int P_PIDFD = 3;
    private static final int WNOHANG = 1;
    private static final int WEXITED = 4;
    private static final int SIG_DFL = 0;

    private final MemorySegment close = Native.function("close");
    private final MemorySegment open = Native.function("open");
    private final MemorySegment pread = Native.function("pread");
    private final MemorySegment pipe2 = Native.function("pipe2");
    private final MemorySegment fcntl = Native.function("fcntl");
    private final MemorySegment read = Native.function("read");
    private final MemorySegment write = Native.function("write");
    private final MemorySegment kill = Native.function("kill");
    private final MemorySegment signal = Native.function("signal");
    private final MemorySegment waitid = Native.function("waitid");
    private final MemorySegment eventfd = Native.function("eventfd");
    private final MemorySegment epollCreate = Native.function("epoll_create1");
    private final MemorySegment epollCtl = Native.function("epoll_ctl");
    private final MemorySegment epollWait = Native.function("epoll_wait");
    private final MemorySegment syscall = Native.function("syscall");

    int close(int fd) {
        return Native.call(close, fd);
    }

    /// Opens a file, which no other program inherits.
    int openToRead(String path) {
        try (Arena arena = Arena.ofConfined()) {
            long name = Native.string(arena, path).address();
            return Native.call(open, name, O_RDONLY | O_CLOEXEC);
        }
    }

    /// Reads from a place in a file.
    int readFrom(int fd, MemorySegment buffer, long offset) {
        return Native.call(pread, fd, buffer.address(), buffer.byteSize(), offset);
    }

    /// Opens a pipe that no other program inherits and puts its read end, then its write end, into
    /// `ends`, two ints.
    int pipe(MemorySegment ends) {
        return Native.call(pipe2, ends.address(), O_CLOEXEC);
    }

    /// A copy of `fd` that no other program inherits and whose number is at least `lowest`.
    int duplicate(int fd, int lowest) {
        return Native.call(fcntl, fd, F_DUPFD_CLOEXEC, lowest);
    }

    int setNonBlocking(int fd) {
        return Native.call(fcntl, fd, F_SETFL, O_NONBLOCK);
    }

    int read(int fd, MemorySegment buffer) {
        return Native.call(read, fd, buffer.address(), buffer.byteSize());
    }

    int write(int fd, MemorySegment bytes) {
        return Native.call(write, fd, bytes.address(), bytes.byteSize());
    }

    int eventfd() {
        return Native.call(eventfd, 0, O_CLOEXEC | O_NONBLOCK);
    }

    int epollCreate() {
        return Native.call(epollCreate, O_CLOEXEC);
    }

    int epollControl(int epoll, int operation, int fd, MemorySegment event) {
        return Native.call(epollCtl, epoll, operation, fd, event.address());
    }

    /// Waits for events; a negative timeout means for ever.
    int epollWait(int epoll, MemorySegment events, int eventsMax, int timeoutMillis) {
        return Native.call(epollWait, epoll, events.address(), eventsMax, timeoutMillis);
    }

    /// Sends `signal` to every process of the group of `leader`.
    int killGroup(int leader, int signal) {
        return Native.call(kill, -leader, signal);
    }

    /// Lets ended children wait to be reaped, whatever this process inherited: if they are ignored
    /// they vanish, and with them how they ended. (The JDK does the same before its first child.)
    void keepEndedChildren() {
        Native.call(signal, Signals.CHLD, SIG_DFL);
    }

    /// A descriptor for the process `pid` that becomes readable when it ends.
    int pidfdOpen(int pid) {
        return Native.call(syscall, SYS_PIDFD_OPEN, pid, 0);
    }

    /// Sends `signal` to the process behind `pidfd`, and never to a later one with the same id.
    int signalPidfd(int pidfd, int signal) {
        return Native.call(syscall, SYS_PIDFD_SEND_SIGNAL, pidfd, signal, 0, 0);
    }

    /// Reaps the child behind `pidfd` if it has ended, and leaves in `ending` how; see
    /// [ChildEnding].
    int reapPidfd(int pidfd, MemorySegment ending) {
        ending.fill((byte) 0); // if it has not ended, nothing is written
        return Native.call(waitid, P_PIDFD, pidfd, ending.address(), WEXITED | WNOHANG);
    }

    /// The same for a child known to be unreaped by its id.
    int reapPid(int pid, MemorySegment ending) {
        ending.fill((byte) 0);
        return Native.call(waitid, P_PID, pid, ending.address(), WEXITED | WNOHANG);
    }
}

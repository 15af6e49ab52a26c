package io.hyperactor.host;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/// Waits until one of many descriptors can be read: epoll, with an eventfd to be woken by.
///
/// **Threads:** one uses it, any may call [#wake()].
final class Poller implements AutoCloseable {
    /// Waits for ever.
    static final int NO_TIMEOUT = -1;

    private static final int CTL_ADD = 1;
    private static final int CTL_DEL = 2;
    private static final int EPOLLIN = 1;
    private static final int EPOLLPRI = 2;
    private static final int EVENTS_AT_ONCE = 64;

    // The kernel packs struct epoll_event on x86-64 and nowhere else.
    private static final boolean PACKED = System.getProperty("os.arch").equals("amd64");
    private static final int DATA_OFFSET = PACKED ? 4 : 8;
    private static final int EVENT_BYTES = DATA_OFFSET + Long.BYTES;

    private static final long WAKE_TOKEN = 0;

    private final Libc libc;
    private final Descriptor epoll;
    private final Descriptor eventfd;
    private final ReentrantLock wakeLock = new ReentrantLock(); // no wake on a closed descriptor

    private final MemorySegment events =
            Arena.ofAuto().allocate((long) EVENT_BYTES * EVENTS_AT_ONCE, 8);
    private final MemorySegment event = Arena.ofAuto().allocate(EVENT_BYTES, 8);
    private final MemorySegment counter = Arena.ofAuto().allocate(Long.BYTES, 8);
    private final MemorySegment one = Arena.ofAuto().allocate(Long.BYTES, 8);

    private final Map<Long, Runnable> sources = new HashMap<>();
    private long lastToken = WAKE_TOKEN;

    private Poller(Libc libc, Descriptor epoll, Descriptor eventfd) throws IOException {
        this.libc = libc;
        this.epoll = epoll;
        this.eventfd = eventfd;
        one.set(JAVA_LONG_UNALIGNED, 0, 1);
        register(eventfd, EPOLLIN, WAKE_TOKEN);
    }

    static Poller open(Libc libc) throws IOException {
        Descriptor epoll = new Descriptor(libc, Native.check(libc.epollCreate(), "epoll_create1"));
        try {
            Descriptor eventfd = new Descriptor(libc, Native.check(libc.eventfd(), "eventfd"));
            try {
                return new Poller(libc, epoll, eventfd);
            } catch (IOException e) {
                eventfd.close();
                throw e;
            }
        } catch (IOException e) {
            epoll.close();
            throw e;
        }
    }

    /// Runs `whenReadable` during [#poll] each time `descriptor` has something to read, its end
    /// included.
    ///
    /// @return what to give to [#remove]
    long add(Descriptor descriptor, Runnable whenReadable) throws IOException {
        return add(descriptor, EPOLLIN, whenReadable);
    }

    /// Runs `whenChanged` during [#poll] each time a file of the kernel's, which can always be
    /// read, has changed since it was.
    ///
    /// @return what to give to [#remove]
    long addForChange(Descriptor descriptor, Runnable whenChanged) throws IOException {
        return add(descriptor, EPOLLPRI, whenChanged);
    }

    private long add(Descriptor descriptor, int condition, Runnable action) throws IOException {
        long token = lastToken + 1;
        register(descriptor, condition, token);
        lastToken = token;
        sources.put(token, action);
        return token;
    }

    /// Ends what [#add] began, if it has not ended: before the descriptor is closed, perhaps in the
    /// same poll.
    void remove(Descriptor descriptor, long token) {
        if (sources.remove(token) != null) {
            libc.epollControl(epoll.fd(), CTL_DEL, descriptor.fd(), event);
        }
    }

    /// Waits until something can be read, somebody wakes it or the time is up, and runs what was
    /// registered for it.
    void poll(int timeoutMillis) {
        int ready = libc.epollWait(epoll.fd(), events, EVENTS_AT_ONCE, timeoutMillis);
        if (ready < 0 && ready != -Errno.EINTR) {
            throw new IllegalStateException("epoll_wait: " + Errno.text(-ready));
        }
        for (int i = 0; i < ready; i++) {
            long token = events.get(JAVA_LONG_UNALIGNED, (long) i * EVENT_BYTES + DATA_OFFSET);
            if (token == WAKE_TOKEN) {
                libc.read(eventfd.fd(), counter);
            } else {
                // Absent if an earlier one of this round removed it. A token never comes again,
                // unlike a descriptor.
                Runnable source = sources.get(token);
                if (source != null) {
                    source.run();
                }
            }
        }
    }

    /// Makes the current or the next [#poll] return.
    void wake() {
        wakeLock.lock();
        try {
            if (eventfd.isOpen()) {
                libc.write(eventfd.fd(), one);
            }
        } finally {
            wakeLock.unlock();
        }
    }

    @Override
    public void close() {
        wakeLock.lock();
        try {
            eventfd.close();
        } finally {
            wakeLock.unlock();
        }
        epoll.close();
    }

    private void register(Descriptor descriptor, int condition, long token) throws IOException {
        event.set(JAVA_INT_UNALIGNED, 0, condition);
        event.set(JAVA_LONG_UNALIGNED, DATA_OFFSET, token);
        Native.check(libc.epollControl(epoll.fd(), CTL_ADD, descriptor.fd(), event), "epoll_ctl");
    }
}

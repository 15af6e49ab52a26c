package io.hyperactor.bench.channel;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/// A bounded queue of messages as bytes, of many senders and one writer. Senders write straight
/// into the buffer that is written from, one at a time; the writer follows without a lock. Buffers
/// are used again, the last one first: after a while nothing is allocated.
final class ByteQueue {
    private static final int CHUNK_BYTES = 64 << 10; // like those of a link
    private static final int BOUND_BYTES = 16 << 20; // like the window of a link
    private static final int YIELDS = 50;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition room = lock.newCondition();
    private final ArrayDeque<Chunk> free = new ArrayDeque<>();
    private final int chunkBytes;
    private int allocatable;
    private Chunk tail; // the senders'
    private Chunk head; // the writer's
    private volatile @Nullable Thread sleeper;

    /// Some whole messages.
    private static final class Chunk {
        final ByteBuffer in;
        final ByteBuffer out;
        volatile int committed;
        volatile @Nullable Chunk next; // then no more is committed here

        Chunk(int bytes) {
            in = ByteBuffer.allocateDirect(bytes);
            out = in.duplicate();
        }

        Chunk cleared() {
            in.clear();
            out.clear();
            committed = 0;
            next = null;
            return this;
        }
    }

    /// @param messageBytes the longest message, with everything
    ByteQueue(int messageBytes) {
        chunkBytes = Math.max(CHUNK_BYTES, messageBytes);
        allocatable = Math.max(2, BOUND_BYTES / chunkBytes) - 1;
        tail = new Chunk(chunkBytes);
        head = tail;
    }

    /// Waits for room and gives the buffer to write a message to, which [#end] must follow.
    ByteBuffer begin(int bytes) {
        lock.lock();
        while (tail.in.remaining() < bytes && !goOn()) {
            room.awaitUninterruptibly();
        }
        return tail.in;
    }

    /// Fills another buffer from now on, if there is one.
    private boolean goOn() {
        if (free.isEmpty() && allocatable == 0) {
            return false;
        }
        Chunk other = free.isEmpty() ? allocate() : free.pop();
        tail.next = other;
        tail = other;
        return true;
    }

    private Chunk allocate() {
        allocatable--;
        return new Chunk(chunkBytes);
    }

    /// The message is there.
    void end() {
        tail.committed = tail.in.position();
        lock.unlock();
        Thread waits = sleeper;
        if (waits != null) {
            sleeper = null;
            LockSupport.unpark(waits);
        }
    }

    /// Waits for messages and gives as many as are in one buffer; all of it must be written before
    /// the next call.
    ByteBuffer take() {
        while (true) {
            Chunk next = head.next; // first, for what is committed does not change after it
            int committed = head.committed;
            if (head.out.position() < committed) {
                return head.out.limit(committed);
            }
            if (next == null) {
                sleep(committed);
            } else {
                release(head);
                head = next;
            }
        }
    }

    /// Lets others go first for a while, so that a sender need not wake the writer for each
    /// message.
    @SuppressWarnings("ThreadPriorityCheck") // a hint is all it has to be
    private void sleep(int committed) {
        for (int i = 0; i < YIELDS; i++) {
            Thread.yield();
            if (!isIdle(committed)) {
                return;
            }
        }
        sleeper = Thread.currentThread();
        if (isIdle(committed)) {
            LockSupport.park(this);
        }
        sleeper = null;
    }

    private boolean isIdle(int committed) {
        return head.next == null && head.committed == committed;
    }

    private void release(Chunk written) {
        lock.lock();
        try {
            free.push(written.cleared());
            room.signal();
        } finally {
            lock.unlock();
        }
    }
}

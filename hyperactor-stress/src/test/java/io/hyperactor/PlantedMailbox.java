package io.hyperactor;

import io.hyperactor.Mailbox.Push;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/// The middle of [Mailbox] once more, with a line that can be broken.
@SuppressWarnings("ReferenceEquality") // markers are told from messages by identity
final class PlantedMailbox {
    /// Which line.
    enum Bug {
        NONE,
        PARKS_BLINDLY,
        OPENS_FENCES,
        COUNTS_TWICE,
        KEEPS_DEPTHS
    }

    private record Node(Object message, int depth, Node next) {}

    private static final Node BUSY = new Node("busy", 0, null);
    private static final Node CLOSED = new Node("closed", 0, null);

    private final Bug bug;
    private final AtomicReference<Node> head = new AtomicReference<>(BUSY);
    private Node taken;
    private final AtomicInteger backlog = new AtomicInteger();

    PlantedMailbox(Bug bug) {
        this.bug = bug;
    }

    Push push(Object message, int limit) {
        while (true) {
            Node h = head.get();
            if (h == CLOSED) {
                return Push.CLOSED;
            }
            int depth = h == null ? 1 : h.depth + 1;
            if (depth + backlog.get() > limit) {
                if (bug == Bug.COUNTS_TWICE || head.get() == h) {
                    return Push.FULL;
                }
            } else if (head.compareAndSet(h, new Node(message, depth, h))) {
                return h == null ? Push.WAS_IDLE : Push.QUEUED;
            }
        }
    }

    /// Pushes them together, the oldest first.
    Push pushAll(List<?> messages) {
        int under = -1;
        while (true) {
            Node h = head.get();
            if (h == CLOSED) {
                return Push.CLOSED;
            }
            if (under < 0 || bug != Bug.KEEPS_DEPTHS) {
                under = h == null ? 0 : h.depth;
            }
            Node newest = h;
            int depth = under;
            for (Object message : messages) {
                newest = new Node(message, ++depth, newest);
            }
            if (head.compareAndSet(h, newest)) {
                return h == null ? Push.WAS_IDLE : Push.QUEUED;
            }
        }
    }

    /// How many wait, when nobody does anything.
    int depth() {
        Node h = head.get();
        return (h == null ? 0 : h.depth) + backlog.get();
    }

    Object poll() {
        if (taken == null && !take()) {
            return null;
        }
        Object message = taken.message;
        taken = taken.next;
        backlog.decrementAndGet();
        return message;
    }

    private boolean take() {
        Node h = head.get();
        if (h == null || h.depth == 0) {
            return false;
        }
        if (bug == Bug.OPENS_FENCES) {
            head.set(BUSY);
        } else {
            while (!head.compareAndSet(h, BUSY)) {
                h = head.get();
                if (h == CLOSED) {
                    return false;
                }
            }
        }
        int count = 0;
        for (Node node = h; node != null && node.depth != 0; node = node.next) {
            taken = new Node(node.message, 1, taken);
            count++;
        }
        backlog.set(count);
        return true;
    }

    boolean park() {
        if (bug != Bug.PARKS_BLINDLY) {
            return head.compareAndSet(BUSY, null);
        }
        if (head.get() != BUSY) {
            return false;
        }
        head.set(null);
        return true;
    }

    boolean fence() {
        Node h = head.getAndSet(CLOSED);
        return h != null && h.depth != 0;
    }
}

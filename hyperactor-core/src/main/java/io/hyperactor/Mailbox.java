package io.hyperactor;

import io.hyperactor.wire.PortId;

import org.jspecify.annotations.Nullable;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/// The queue of one actor, and at the same time the word that says whether it is scheduled.
///
/// Producers push onto a lock-free stack; the one consumer takes it whole and reverses it. An empty
/// head means idle: whoever pushes onto it must schedule the actor. So a tell costs one
/// compare-and-set, and an idle mailbox holds nothing. Each node knows its depth, which bounds the
/// queue without a counter shared by producers and consumer.
///
/// **Source:** Treiber's stack; taken whole as in jctools' and Akka's early mailboxes, measured for
/// this runtime beside five other queues (docs/performance.md).
@SuppressWarnings("ReferenceEquality") // markers are told from messages by identity
final class Mailbox {
    /// One queued message and whom to tell what became of it.
    static class Node {
        final Object message;
        final Origin origin;
        private int depth;
        private @Nullable Node next;

        /// How many bytes it was on its way from another proc; 0 if it is from this one. Set before
        /// it is pushed.
        int wireBytes;

        Node(Object message, Origin origin) {
            this.message = message;
            this.origin = origin;
        }

        /// Comes behind one that is not in a mailbox either, to be pushed with it.
        void follow(@Nullable Node before) {
            next = before;
            depth = before == null ? 1 : before.depth + 1;
        }

        /// The asker's once-port, or 0 for a plain tell.
        long replyPort() {
            return 0;
        }
    }

    /// A queued request.
    static final class AskNode extends Node {
        private final long replyPort;
        @Nullable Thread handler; // the consumer's

        AskNode(Object message, Origin origin, long replyPort) {
            super(message, origin);
            this.replyPort = replyPort;
        }

        @Override
        long replyPort() {
            return replyPort;
        }

        /// Whether that is where the answer is waited for.
        boolean isAnsweredAt(PortId port) {
            return port.index() == replyPort && port.actor().equals(origin.id());
        }

        /// Tells the asker that its request was not handled to the end, or its answer came back.
        void failed(String why) {
            origin.replyFailed(replyPort, why);
        }
    }

    /// What became of a push.
    enum Push {
        /// Queued behind work in progress.
        QUEUED,
        /// Queued on an idle mailbox: the caller schedules the actor.
        WAS_IDLE,
        /// Not queued: the bound is reached.
        FULL,
        /// Not queued: the mailbox takes no more messages.
        CLOSED
    }

    private static final Node BUSY = marker();
    private static final Node CLOSED_BUSY = marker();
    private static final Node CLOSED_IDLE = marker();
    private static final VarHandle HEAD;
    private static final VarHandle TAKEN;
    private static final VarHandle BACKLOG;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            HEAD = lookup.findVarHandle(Mailbox.class, "head", Node.class);
            TAKEN = lookup.findVarHandle(Mailbox.class, "taken", Node.class);
            BACKLOG = lookup.findVarHandle(Mailbox.class, "backlog", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /// null: idle and open. BUSY: scheduled, nothing queued. A node: scheduled, queued newest
    /// first. CLOSED_…: takes nothing more.
    private volatile @Nullable Node head;

    // The consumer's, and read roughly by producers. They lie beside the head, so they are not
    // written for each message: what is handed out is cut out of the chain behind the first.

    /// The first of several that were taken together. Those not handed out come after it.
    private @Nullable Node taken;

    /// At least as much as there is behind it: the depth of the newest.
    private int backlog;

    /// @param scheduled whether the owner is scheduled from the start
    Mailbox(boolean scheduled) {
        HEAD.setRelease(this, scheduled ? BUSY : null);
    }

    private static Node marker() {
        return new Node(new Object(), Origin.NOWHERE);
    }

    /// Any thread.
    Push push(Node node, int limit) {
        while (true) {
            Node h = head;
            if (h == CLOSED_BUSY || h == CLOSED_IDLE) {
                return Push.CLOSED;
            }
            int depth = h == null || h == BUSY ? 1 : h.depth + 1;
            if (depth + (int) BACKLOG.getOpaque(this) > limit && depth + left() > limit) {
                if (head == h) {
                    return Push.FULL;
                }
                continue; // taken meanwhile, so that it was counted on both sides
            }
            node.depth = depth;
            node.next = h;
            if (HEAD.weakCompareAndSet(this, h, node)) {
                return h == null ? Push.WAS_IDLE : Push.QUEUED;
            }
        }
    }

    /// Any thread, roughly: whether a push would now be refused for want of room.
    boolean isFull(int limit) {
        Node h = head;
        int most = (h == null ? 0 : h.depth) + (int) BACKLOG.getOpaque(this);
        return most >= limit && depth() >= limit; // the latter disturbs the consumer
    }

    /// Any thread: pushes a message with those that it [follows][Node#follow], as long as it takes
    /// any.
    ///
    /// @return QUEUED, WAS_IDLE or CLOSED; [#oldestFirst] turns round what was refused
    Push pushAll(Node newest) {
        Node oldest = newest;
        while (oldest.next != null) {
            oldest = oldest.next;
        }
        int counted = 0; // of what lies under them
        while (true) {
            Node h = head;
            if (h == CLOSED_BUSY || h == CLOSED_IDLE) {
                oldest.next = null;
                return Push.CLOSED;
            }
            int under = h == null ? 0 : h.depth;
            if (under != counted) {
                oldest.next = null;
                for (Node each = newest; each != null; each = each.next) {
                    each.depth += under - counted;
                }
                counted = under;
            }
            oldest.next = h;
            if (HEAD.weakCompareAndSet(this, h, newest)) {
                return h == null ? Push.WAS_IDLE : Push.QUEUED;
            }
        }
    }

    /// Any thread, roughly: how many messages wait.
    int depth() {
        Node h = head;
        return (h == null ? 0 : h.depth) + left();
    }

    /// Any thread, roughly: how much of what was taken has not been handed out.
    private int left() {
        Node first = (Node) TAKEN.getOpaque(this);
        Node next = first == null ? null : first.next;
        return next == null ? 0 : Math.max(0, (int) BACKLOG.getOpaque(this) - next.depth + 1);
    }

    /// Any thread: whether the owner is neither running nor scheduled.
    boolean isIdle() {
        Node h = head;
        return h == null || h == CLOSED_IDLE;
    }

    /// Consumer: the oldest message, or null when there is none now.
    @Nullable Node poll() {
        Node before = taken;
        if (before != null) {
            Node next = before.next;
            if (next != null) {
                before.next = next.next;
                next.next = null; // no chain of handled messages through old objects
                return next;
            }
            keep(null, 0);
        }
        Node h = head;
        if (h == BUSY || h == CLOSED_BUSY) {
            return null;
        }
        return take();
    }

    private void keep(@Nullable Node first, int newest) {
        TAKEN.setOpaque(this, first);
        BACKLOG.setOpaque(this, newest);
    }

    /// Takes the whole stack and leaves it empty, unless it was fenced meanwhile.
    private @Nullable Node take() {
        Node h;
        do {
            h = head;
            if (h == CLOSED_BUSY) {
                return null;
            }
        } while (!HEAD.weakCompareAndSet(this, h, BUSY));
        Node oldest = reverse(h);
        if (oldest != null && oldest.next != null && h != null) {
            keep(oldest, h.depth);
        }
        return oldest;
    }

    /// Turns a chain round, whose newest one this is; [#after] leads on.
    static Node oldestFirst(Node newest) {
        Node oldest = reverse(newest);
        return oldest == null ? newest : oldest;
    }

    private static @Nullable Node reverse(@Nullable Node newest) {
        Node rest = newest;
        Node oldest = null;
        while (rest != null && rest.depth != 0) { // markers have depth 0
            Node next = rest.next;
            rest.next = oldest;
            oldest = rest;
            rest = next;
        }
        return oldest;
    }

    /// Consumer, when [#poll()] gave null: goes idle. False if a message has come meanwhile.
    boolean park() {
        return HEAD.compareAndSet(this, BUSY, null);
    }

    /// Consumer, the same for a mailbox that it has closed.
    boolean parkClosed() {
        return HEAD.compareAndSet(this, CLOSED_BUSY, CLOSED_IDLE);
    }

    /// Consumer: whether the next [#poll()] need not look at what producers pushed.
    boolean hasTaken() {
        return taken != null && taken.next != null;
    }

    /// Any thread: makes an idle mailbox busy without a message. True means that the caller
    /// schedules the owner.
    boolean wake() {
        return HEAD.compareAndSet(this, null, BUSY)
                || HEAD.compareAndSet(this, CLOSED_IDLE, CLOSED_BUSY);
    }

    /// Consumer: refuses messages from now on. Those accepted can still be polled. If there is no
    /// memory for that, nothing was done.
    void close() {
        if (head == CLOSED_BUSY) {
            return;
        }
        Node before = taken;
        Node first = before != null ? before : marker(); // in the place of one that was handed out
        Node more = reverse((Node) HEAD.getAndSet(this, CLOSED_BUSY));
        if (more != null) {
            append(first, more);
        }
    }

    private void append(Node first, Node more) {
        Node last = first;
        int count = 0;
        while (last.next != null) {
            last = last.next;
            last.depth = ++count;
        }
        last.next = more;
        for (Node each = more; each != null; each = each.next) {
            each.depth = ++count;
        }
        keep(first, count);
    }

    /// Any thread, to cut off a consumer that does not come back: refuses messages from now on and
    /// returns what the consumer had not taken, newest first.
    @Nullable Node fence() {
        Node h = (Node) HEAD.getAndSet(this, CLOSED_BUSY);
        return h == null || h.depth == 0 ? null : h;
    }

    /// The rest of a chain that [#fence()] returned.
    static @Nullable Node after(Node node) {
        Node next = node.next;
        return next == null || next.depth == 0 ? null : next;
    }
}

package io.hyperactor;

import org.jspecify.annotations.Nullable;

/// What came over links and is handed on together: messages that came one after the other for the
/// same actor go into its mailbox at once, and whoever completes requests is woken once for several
/// answers. Else a worker that is quicker than the links would be woken for each of them.
///
/// **Threads:** that of the links, the event loop's.
final class Arrivals {
    /// So many wait for no more. They come in some microseconds.
    static final int MOST = 64;

    private @Nullable MailboxCell<?> actor;
    private Mailbox.@Nullable Node newest;
    private int messages; // for that actor

    private @Nullable Replies replies;
    private int all;

    /// How many messages for `to` are here.
    @SuppressWarnings("ReferenceEquality") // that very one
    int messages(MailboxCell<?> to) {
        return actor == to ? messages : 0;
    }

    /// Takes a message for an actor.
    @SuppressWarnings("ReferenceEquality")
    void add(MailboxCell<?> to, Mailbox.Node node) {
        if (actor != to) {
            handOnMessages();
            actor = to;
        }
        node.follow(newest);
        newest = node;
        messages++;
        counted();
    }

    /// Takes an answer that `to` has and was not told of.
    @SuppressWarnings("ReferenceEquality")
    void add(Replies to) {
        if (replies != to) {
            handOnReplies();
            replies = to;
        }
        counted();
    }

    private void counted() {
        if (++all >= MOST) {
            handOn();
        }
    }

    /// Hands on what there is.
    void handOn() {
        all = 0;
        try {
            handOnMessages();
        } finally {
            handOnReplies();
        }
    }

    private void handOnMessages() {
        MailboxCell<?> to = actor;
        Mailbox.Node last = newest;
        if (to != null && last != null) {
            actor = null;
            newest = null;
            messages = 0;
            to.arrived(last);
        }
    }

    private void handOnReplies() {
        Replies to = replies;
        if (to != null) {
            replies = null;
            to.wake();
        }
    }
}

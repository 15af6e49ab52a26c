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
    private @Nullable Throwable thrown; // by what was handed on since somebody was told

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
            handOnAll();
        }
    }

    /// Hands on what there is.
    ///
    /// Throws what that threw, or what it threw when something was added: then not all may have
    /// been handed on that was added since the last call.
    void handOn() {
        handOnAll();
        Throwable before = thrown;
        thrown = null;
        if (before instanceof Error error) {
            throw error;
        } else if (before instanceof RuntimeException exception) {
            throw exception;
        }
    }

    private void handOnAll() {
        all = 0;
        handOnMessages();
        handOnReplies();
    }

    private void handOnMessages() {
        MailboxCell<?> to = actor;
        Mailbox.Node last = newest;
        if (to != null && last != null) {
            actor = null;
            newest = null;
            messages = 0;
            try {
                to.arrived(last);
            } catch (Throwable t) { // whoever adds what comes next has no part in it
                thrown = t;
            }
        }
    }

    private void handOnReplies() {
        Replies to = replies;
        if (to != null) {
            replies = null;
            try {
                to.wake();
            } catch (Throwable t) {
                thrown = t;
            }
        }
    }
}

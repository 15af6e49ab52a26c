package io.hyperactor.channel;

import java.util.ArrayList;
import java.util.List;

/// What happened to each frame or message, in the order it happened in, written by both sides. An
/// id is a sender in the high half and a number that counts up in the low one.
public final class Ledger {
    public enum Kind {
        /// Taken by a link; `session` is the link, `extra` its bytes with header.
        SENT,
        /// The sender was told so by an acknowledgement.
        DELIVERED,
        NOT_DELIVERED,
        UNKNOWN,
        /// In the receiver's queue.
        ENQUEUED,
        /// The receiver has said that it never takes it.
        REFUSED,
        /// The process of that link died: it tells nobody anything any more.
        SENDER_DIED,
        /// The receiver was told that nothing more comes from `session`, the sender's number of it.
        SESSION_OVER,
        /// Somebody who had no right to it resumed `session`.
        FORGED
    }

    /// Of `kind`; what `session` and `extra` are, the kind says.
    public record Entry(Kind kind, long id, long session, long extra) {}

    private final List<Entry> entries = new ArrayList<>();

    void add(Kind kind, long id, long session, long extra) {
        entries.add(new Entry(kind, id, session, extra));
    }

    List<Entry> entries() {
        return entries;
    }
}

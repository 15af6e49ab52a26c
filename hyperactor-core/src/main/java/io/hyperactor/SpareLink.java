package io.hyperactor;

import org.jspecify.annotations.Nullable;

/// Finds which of the links of a router gives way to another one. Where nobody has answered that is
/// the one that has waited for longest; else what was not used for longest, of those that are idle.
///
/// **Threads:** one.
final class SpareLink {
    private final int max;
    private final int unansweredMax;
    private int count;
    private int unansweredCount;
    private @Nullable MailboxClient unanswered;
    private @Nullable MailboxClient idle;

    /// @param max how many links there may be
    /// @param unansweredMax on how many of them nobody may have answered
    SpareLink(int max, int unansweredMax) {
        this.max = max;
        this.unansweredMax = unansweredMax;
    }

    /// This is one of those that may give way.
    void look(MailboxClient link) {
        count++;
        if (!link.isAnswered()) {
            unansweredCount++;
            unanswered = older(unanswered, link);
        } else if (link.isIdle()) {
            idle = older(idle, link);
        }
    }

    private static MailboxClient older(@Nullable MailboxClient one, MailboxClient other) {
        return one == null || other.usedAt() - one.usedAt() < 0 ? other : one;
    }

    /// Whether there are as many as may be.
    boolean isFull() {
        return count >= max;
    }

    /// The one that gives way, if one has to and can.
    @Nullable MailboxClient find() {
        if (unansweredCount >= unansweredMax || (isFull() && idle == null)) {
            return unanswered;
        }
        return isFull() ? idle : null;
    }
}

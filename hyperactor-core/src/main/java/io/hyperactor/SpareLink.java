package io.hyperactor;

import org.jspecify.annotations.Nullable;

/// Finds which of the links of a router gives way to another one. Where nobody has answered that is
/// the one that has waited for longest; else what was not used for longest, of those that are idle.
///
/// **Threads:** one.
final class SpareLink {
    private final int unansweredMax;
    private int unansweredCount;
    private @Nullable MailboxClient unanswered;
    private @Nullable MailboxClient idle;

    /// @param unansweredMax how many links there may be on which nobody has answered
    SpareLink(int unansweredMax) {
        this.unansweredMax = unansweredMax;
    }

    /// This is one of those that may give way.
    void look(MailboxClient link) {
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

    /// The one that gives way, if one has to and can.
    ///
    /// @param full whether there are as many links as may be
    @Nullable MailboxClient find(boolean full) {
        if (unansweredCount >= unansweredMax || (full && idle == null)) {
            return unanswered;
        }
        return full ? idle : null;
    }
}

package io.hyperactor;

import org.jspecify.annotations.Nullable;

/// What the runtime tells an actor, ahead of user messages.
abstract sealed class Signal {
    @Nullable Signal next; // a stack, newest first
    int depth; // in it

    /// End; with `drain` after the accepted messages.
    static final class Stop extends Signal {
        final String reason;
        final boolean drain;

        Stop(String reason, boolean drain) {
            this.reason = reason;
            this.drain = drain;
        }
    }

    /// A child has ended.
    static final class ChildEnded extends Signal {
        final ActorCell<?> child;
        final SupervisionEvent event;

        ChildEnded(ActorCell<?> child, SupervisionEvent event) {
            this.child = child;
            this.event = event;
        }
    }

    /// A message of this actor came back.
    static final class CameBack extends Signal {
        final Undeliverable undeliverable;
        private final Mailbox.@Nullable AskNode unanswered;

        /// @param unanswered the request that it was the answer to, if that is known
        CameBack(Undeliverable undeliverable, Mailbox.@Nullable AskNode unanswered) {
            this.undeliverable = undeliverable;
            this.unanswered = unanswered;
        }

        /// The actor was told, and has given another answer if it can; or it will not be told.
        void settle() {
            if (unanswered != null) {
                unanswered.failed(
                        undeliverable.sender() + " could not answer: " + undeliverable.failure());
            }
        }
    }
}

package io.hyperactor;

import io.hyperactor.wire.ActorId;

import java.time.Duration;

/// An ask that got no answer, with the cause that ended it.
public sealed class AskException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    AskException(String message) {
        super(message);
    }

    /// No answer arrived in time. The request may have been handled.
    public static final class TimedOut extends AskException {
        private static final long serialVersionUID = 1L;

        TimedOut(ActorId target, Duration timeout) {
            super("no answer from " + target + " within " + timeout.toMillis() + " ms");
        }
    }

    /// The request came back.
    public static final class Undelivered extends AskException {
        private static final long serialVersionUID = 1L;
        private final transient Undeliverable undeliverable;

        Undelivered(Undeliverable undeliverable) {
            super(undeliverable.toString());
            this.undeliverable = undeliverable;
        }

        /// The request that came back, and why.
        public Undeliverable undeliverable() {
            return undeliverable;
        }
    }

    /// The asked actor threw, or was killed, while it handled the request; or the answer that it
    /// gave meanwhile came back, as one that is too large does; or the answer is nothing that can
    /// be read here.
    public static final class HandlerFailed extends AskException {
        private static final long serialVersionUID = 1L;

        HandlerFailed(String failure) {
            super(failure);
        }
    }

    /// The asker itself ended while it waited.
    public static final class AskerEnded extends AskException {
        private static final long serialVersionUID = 1L;

        AskerEnded(ActorId asker) {
            super(asker + " ended while it waited for an answer");
        }
    }
}

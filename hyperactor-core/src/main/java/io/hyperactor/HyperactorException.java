package io.hyperactor;

import io.hyperactor.wire.ActorId;
import io.hyperactor.wire.ProcId;

/// Errors of the actor runtime that a caller could not plan for. Each names what and where.
public sealed class HyperactorException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    HyperactorException(String message) {
        super(message);
    }

    HyperactorException(String message, Throwable cause) {
        super(message, cause);
    }

    /// A second actor or client was to take a name that a live one holds.
    public static final class NameTaken extends HyperactorException {
        private static final long serialVersionUID = 1L;

        NameTaken(ActorId id) {
            super(
                    "an actor with name '"
                            + id.name()
                            + "' has already been spawned in "
                            + id.proc());
        }
    }

    /// The proc is stopping or stopped and takes no new actors.
    public static final class ProcClosed extends HyperactorException {
        private static final long serialVersionUID = 1L;

        ProcClosed(ProcId proc) {
            super("proc " + proc + " is closed");
        }
    }

    /// A proc was asked for an actor type that it was not started with.
    public static final class UnknownActorType extends HyperactorException {
        private static final long serialVersionUID = 1L;

        UnknownActorType(String type, ActorTypes known) {
            super("no actor type '" + type + "' here; this proc knows " + known.names());
        }
    }

    /// An actor could not be spawned in another proc.
    public static final class SpawnRefused extends HyperactorException {
        private static final long serialVersionUID = 1L;

        SpawnRefused(String name, ActorId agent, String why) {
            super("could not spawn '" + name + "' in " + agent.proc() + ": " + why);
        }
    }

    /// The owner of this client, port or context has ended.
    public static final class Ended extends HyperactorException {
        private static final long serialVersionUID = 1L;

        Ended(ActorId id) {
            super(id + " has ended");
        }
    }

    /// An actor failed because a child failed and it did not handle that.
    public static final class ChildFailed extends HyperactorException {
        private static final long serialVersionUID = 1L;
        private final transient SupervisionEvent event;

        ChildFailed(SupervisionEvent event, Throwable cause) {
            super("child " + event.actor() + " failed: " + Texts.describe(cause), cause);
            this.event = event;
        }

        /// The failure of the actor that failed first.
        public SupervisionEvent event() {
            return event;
        }
    }

    /// An actor failed because a message it sent came back and its policy did not accept that.
    public static final class MessageReturned extends HyperactorException {
        private static final long serialVersionUID = 1L;
        private final transient Undeliverable undeliverable;

        MessageReturned(Undeliverable undeliverable) {
            super(undeliverable.toString());
            this.undeliverable = undeliverable;
        }

        /// The message that came back.
        public Undeliverable undeliverable() {
            return undeliverable;
        }
    }

    /// An actor was forced to end before it had drained.
    public static final class Aborted extends HyperactorException {
        private static final long serialVersionUID = 1L;

        Aborted(ActorId id, String reason) {
            super("actor " + id + " explicitly aborted due to: " + reason);
        }
    }
}

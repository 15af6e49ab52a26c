package io.hyperactor;

/// Why a message did not arrive, as one of a closed list of reasons.
///
/// **Source:** the failure vocabulary of hyperactor's mailbox layer.
///
/// @param reason what kind of failure it is; policy looks at this alone
/// @param detail what and where, for a human; one bounded line
public record DeliveryFailure(Reason reason, String detail) {
    /// Whether the fault lies with the reference, the way, or time.
    public enum Kind {
        /// The address names nothing that could ever take the message: permanent.
        INVALID_REFERENCE,
        /// The way to the destination failed; may be transient.
        TRANSPORT,
        /// The port existed and was closed by its owner: permanent.
        PORT_GONE,
        /// The message went round in a routing loop.
        EXPIRED
    }

    /// The closed list of reasons. Its order is wire format: append only.
    public enum Reason {
        ACTOR_NOT_EXIST(Kind.INVALID_REFERENCE, "actor does not exist"),
        HANDLER_NOT_BOUND(Kind.INVALID_REFERENCE, "handler not bound"),
        ACTOR_STOPPED(Kind.INVALID_REFERENCE, "actor stopped"),
        ACTOR_FAILED(Kind.INVALID_REFERENCE, "actor failed"),
        ACTOR_RESTARTED(Kind.INVALID_REFERENCE, "reference to an earlier incarnation"),
        PORT_NEVER_ALLOCATED(Kind.INVALID_REFERENCE, "port never allocated"),
        PROTOCOL_MISMATCH(Kind.INVALID_REFERENCE, "protocol mismatch"),
        PORT_GONE(Kind.PORT_GONE, "port gone"),
        CHANNEL_CLOSED(Kind.TRANSPORT, "channel closed"),
        ACK_TIMED_OUT(Kind.TRANSPORT, "no acknowledgement in time"),
        DIAL_FAILED(Kind.TRANSPORT, "dial failed"),
        NO_ROUTE(Kind.TRANSPORT, "no route"),
        FRAME_TOO_LARGE(Kind.TRANSPORT, "message too large"),
        QUEUE_FULL(Kind.TRANSPORT, "queue full"),
        LINK_UNAVAILABLE(Kind.TRANSPORT, "link unavailable"),
        UNENCODABLE(Kind.INVALID_REFERENCE, "message can not be encoded"),
        EXPIRED(Kind.EXPIRED, "ttl expired"),
        REFUSED(Kind.TRANSPORT, "refused by the process it was sent to"),
        FORBIDDEN(Kind.TRANSPORT, "not allowed"),
        PROC_DIED(Kind.TRANSPORT, "its proc ended, perhaps before it was handled"),
        PEER_CLOSED(Kind.TRANSPORT, "the other end has closed"),
        PEER_GONE(Kind.TRANSPORT, "nobody is there any more"),
        PEER_RESTARTED(Kind.TRANSPORT, "another process is there now"),
        SESSION_LOST(Kind.TRANSPORT, "the link was not resumed"),
        PROTOCOL_VIOLATION(Kind.TRANSPORT, "protocol violation"),
        UNSUPPORTED_VERSION(Kind.TRANSPORT, "unsupported protocol version");

        private final Kind kind;
        private final String text;

        Reason(Kind kind, String text) {
            this.kind = kind;
            this.text = text;
        }

        /// The class of failure this reason belongs to.
        public Kind kind() {
            return kind;
        }

        /// Fixed words for this reason.
        public String text() {
            return text;
        }
    }

    public DeliveryFailure {
        detail = Texts.bounded(detail);
    }

    @Override
    public String toString() {
        return detail.isEmpty() ? reason.text() : reason.text() + ": " + detail;
    }
}

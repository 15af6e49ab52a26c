package io.hyperactor.channel;

/// Why a server refuses a link. The numbers are part of the wire format.
public enum RejectCode {
    /// A code that this version does not know.
    UNKNOWN(0),
    /// The first bytes were not those of this protocol.
    NOT_THIS_PROTOCOL(1),
    /// The dialler speaks a protocol version that the server does not.
    UNSUPPORTED_VERSION(2),
    /// A frame did not carry the next sequence number.
    OUT_OF_SEQUENCE(3),
    /// A frame was longer than the server accepts.
    FRAME_TOO_LARGE(4),
    /// A frame that makes no sense: no kind, an unknown one, or a wrong length. Also, unsaid, too
    /// many records of TLS in a row without any data.
    MALFORMED(5),
    /// The receiver threw. The first frame that is not acknowledged may have had an effect.
    RECEIVER_FAILED(6),
    /// No complete hello in time.
    HELLO_TOO_LATE(7),
    /// Too many connections that have not said hello; one that has been turned away is dropped,
    /// else the oldest.
    TOO_MANY_SILENT(8),
    /// The peer, or all peers together, have too many sessions. May pass.
    TOO_MANY_SESSIONS(9),
    /// The session to be resumed is not known here: it has expired, or was of another process.
    UNKNOWN_SESSION(10),
    /// This is another process than the one that the session was begun with.
    OTHER_INCARNATION(11),
    /// The session is there, but this does not resume it.
    BAD_TICKET(12),
    /// The receiver can not take this one frame.
    FRAME_REFUSED(13),
    /// The dialler has not shown what the server asks for; or of one frame, that its sender may not
    /// say this.
    FORBIDDEN(14),
    /// What arrives at the server takes all the memory that it may, and this most of it: of one
    /// frame that had not wholly arrived, or of a link whose frames wait for their receiver or
    /// which can not be told of single frames.
    NO_ROOM(15);

    private final int number;

    RejectCode(int number) {
        this.number = number;
    }

    /// May the same hello be welcome a little later?
    boolean passes() {
        return this == HELLO_TOO_LATE || this == TOO_MANY_SILENT || this == TOO_MANY_SESSIONS;
    }

    /// The number on the wire.
    public int number() {
        return number;
    }

    /// The code with that number, or [#UNKNOWN].
    public static RejectCode of(int number) {
        for (RejectCode code : values()) {
            if (code.number == number) {
                return code;
            }
        }
        return UNKNOWN;
    }
}

package io.hyperactor.channel;

import io.hyperactor.channel.PlantedClasses.Edit;

import java.util.List;

/// Bugs that are planted in the sources of this module, one at a time, to see that [Simulation]
/// finds them.
enum Mutant {
    ACK_BEFORE_ENQUEUE(
            in("InboundFrames")
                    .instead(
                            """
                                    if (!taken) {
                                        link.pause();
                            """,
                            """
                                    if (!taken) {
                                        if (answers.isEmpty()) {
                                            answers.acknowledge(frames.expected());
                                            link.push();
                                        }
                                        link.pause();
                            """)),
    ACK_PAST_GAP(
            in("InboundFrames")
                    .instead(
                            """
                                            if (!deliver(bytes, from, length)) {
                                                return false;
                                            }
                            """,
                            """
                                            if (!deliver(bytes, from, length)) {
                                                return true;
                                            }
                            """),
            in("InboundFrames")
                    .instead(
                            """
                                            link.reject(
                                                    RejectCode.OUT_OF_SEQUENCE,
                                                    "expected frame " + frames.expected() + ", got " + sequence);
                                            return false;
                            """,
                            """
                                            while (frames.expected() < sequence) {
                                                frames.accepted(0);
                                            }
                                            return data(sequence, bytes, from, length);
                            """)),
    RESET_EXPECTED_ON_RECONNECT(
            in("ServedSession")
                    .instead("    final ReceiverSession frames;", "    ReceiverSession frames;"),
            in("ServedSession")
                    .instead(
                            "        L before = link;\n",
                            """
                                    L before = link;
                                    frames = new ReceiverSession(windowFrames, 1000);
                                    for (long i = 0; i < hello.acknowledged(); i++) {
                                        frames.accepted(0);
                                    }
                            """)),
    NO_DEDUP_ON_RESUME(
            in("SocketTx")
                    .instead("session.rewind(upTo);", "session.rewind(session.acknowledged());"),
            in("InboundFrames")
                    .instead(
                            "            case DUPLICATE -> frames.ask();\n",
                            """
                                        case DUPLICATE -> {
                                            boolean _ = deliver(bytes, from, length);
                                            frames.ask();
                                        }
                            """)),
    RETURN_AFTER_DEADLINE(
            in("SessionTx")
                    .instead(
                            "|| reason instanceof CloseReason.Rejected;",
                            "|| reason instanceof CloseReason.Rejected"
                                    + " || reason instanceof CloseReason.AckTimedOut;")),
    FORGET_LEFTOVERS(
            in("SenderSession")
                    .instead(
                            "visitor.frame(chunk.bytes, body, end - body, written);",
                            "if (written) visitor.frame(chunk.bytes, body, end - body, true);")),
    UNBIND_BEFORE_DRAIN(
            in("InboundFrames")
                    .instead(
                            "        if (frames.owes()) {\n            ByteBuffer ack",
                            "        if (false) {\n            ByteBuffer ack")),
    REUSED_INCARNATION(
            in("Channels")
                    .instead(
                            "this.incarnation = around.random().nextLong() | 1;",
                            "this.incarnation = 1;"),
            in("SessionTable")
                    .instead(
                            "return refused(RejectCode.UNKNOWN_SESSION, \"the session is not known\");",
                            """
                            session = new ServedSession<>(hello, hello.incarnation(), words);
                            for (long i = 0; i < hello.acknowledged(); i++) {
                                session.frames.accepted(0);
                            }
                            sessions.put(session.id, session);
                            return admitted(hello, session, link, true);
                            """)),
    END_BEFORE_LAST_MESSAGE(
            in("InboundLink")
                    .instead(
                            """
                                    state = State.LEAVING;
                                    input.end();
                            """,
                            "        state = State.LEAVING;\n"),
            in("InboundLink")
                    .instead(
                            "            int bytes = connection.drop(loop.readBuffer);\n",
                            """
                                        ByteBuffer target = input.target(loop.readBuffer);
                                        int bytes = connection.read(target);
                                        if (bytes > 0) {
                                            passOn(target);
                                        }
                            """),
            in("InboundFrames")
                    .instead(
                            """
                                    if (!link.isOpen()) {
                                        return false;
                                    }
                                    session.heard();
                                    byte kind
                            """
                                    .stripTrailing(),
                            """
                                    session.heard();
                                    byte kind
                            """
                                    .stripTrailing())),
    WINDOW_OFF_BY_ONE(
            in("SenderSession")
                    .instead("if (unacknowledged >= frames ||", "if (unacknowledged > frames ||")),
    /// The number of a session alone resumes it.
    NO_TICKET_NEEDED(
            in("ServedSession")
                    .instead("return wasProven || wasGiven || wasGivenBefore;", "return true;")),
    /// A welcome counts as an acknowledgement, though a refusal may be told after it.
    WELCOME_ACKNOWLEDGES(
            in("SocketTx")
                    .instead(
                            "session.rewind(upTo);",
                            "session.rewind(upTo); String _ = acknowledged(upTo);")) {
        @Override
        long firstSeed() {
            return 1300; // it is rare: none of those before finds it
        }
    },
    /// Only an acknowledgement is progress.
    BYTES_ARE_NO_PROGRESS(in("SocketTx").instead("                    movedAt = now;\n", "")),
    /// A link whose receiver was full goes on only if that asks for it.
    NOT_OFFERED_AGAIN(
            in("InboundLink").instead("timer = loop.after(PAUSE, resumption);", "timer = null;")),
    /// Heartbeats count as bytes of a frame that is arriving.
    BEATS_ARE_BYTES(
            in("InboundLink").instead("heardBytes > BEATS_BYTES &&", "heardAt - spokeAt >= 0 &&"));

    /// A source of this module, in which a text must be there once.
    private record In(String file) {
        Edit instead(String text, String instead) {
            return new Edit(file, text, instead);
        }
    }

    private static In in(String file) {
        return new In(file);
    }

    @SuppressWarnings("ImmutableEnumChecker") // List.of makes none that changes
    private final List<Edit> edits;

    Mutant(Edit... edits) {
        this.edits = List.of(edits);
    }

    List<Edit> edits() {
        return edits;
    }

    /// Where to begin to look for it, which saves time and nothing else.
    long firstSeed() {
        return 1;
    }

    /// Is it found where lengths of frames are garbled?
    boolean isOfGarbledLengths() {
        return this == BEATS_ARE_BYTES;
    }
}

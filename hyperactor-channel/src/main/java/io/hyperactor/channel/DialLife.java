package io.hyperactor.channel;

import io.hyperactor.wire.ChannelAddress;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.List;
import java.util.random.RandomGenerator;

/// The life of a session at its dialler, as a pure function: what happened in, what is to be done
/// out. Frames and their accounts are [SenderSession]'s; this is about connections.
///
/// A session begins with its first welcome; before, nothing is written, so nothing can be in doubt.
/// From then on it outlives its connections until the peer says that it does not know it any more,
/// or nobody listens where it was, or nothing has moved for too long. Silence alone is a suspicion,
/// never an end. Times are those of a clock like [System#nanoTime()].
///
/// @param phase where it is
/// @param session what it knows of its peer
/// @param failures connections in a row that came to nothing
/// @param downSince since when there has been no connection with a welcome
/// @param suspected whether the peer fell silent, and has not been heard since
/// @param failure why there is no connection, if there was one or an attempt
record DialLife(
        Phase phase,
        Session session,
        int failures,
        long downSince,
        boolean suspected,
        @Nullable Throwable failure) {
    /// A connection that lived that long was a good one.
    static final long GOOD_NANOS = 1_000_000_000L;

    /// Where it is.
    sealed interface Phase {
        /// There was nothing to send yet.
        record Idle() implements Phase {}

        /// A connection is being made.
        record Connecting(long since) implements Phase {}

        /// Hello is said.
        record Greeting(long since) implements Phase {}

        /// Frames go out.
        ///
        /// @param acknowledged what was so at its begin
        record Open(long since, long acknowledged) implements Phase {}

        /// The next attempt comes later.
        record Pausing(long until) implements Phase {}

        /// Nothing happens any more.
        record Over() implements Phase {}
    }

    /// What is known of the peer.
    ///
    /// @param id its number; another one for each hello until the first welcome
    /// @param begun there was a welcome, so frames may have been written
    /// @param features of [Feature], that the welcome named
    /// @param incarnation the life of the server's process
    /// @param ticket resumes it
    record Session(long id, boolean begun, int features, long incarnation, Secret ticket) {
        boolean lasts() {
            return (features & Feature.RESUME) != 0;
        }

        boolean beats() {
            return lasts() && (features & Feature.HEARTBEAT) != 0;
        }
    }

    /// Where it dials, and how long what may take; nanoseconds.
    ///
    /// @param address for what is told
    /// @param dialWindow from the first frame to the first welcome
    /// @param deadline without progress
    /// @param heartbeat this side is never silent for longer
    /// @param suspicion the other side is suspected when it is silent for that long
    record Limits(
            ChannelAddress address,
            long firstPause,
            long longestPause,
            long dialWindow,
            long deadline,
            long heartbeat,
            long suspicion) {}

    /// The state of the frames and the connection just now.
    ///
    /// @param acknowledged the last frame acknowledged
    /// @param last the last frame taken
    /// @param progressAt when the oldest one outstanding was taken, or the last acknowledgement
    ///   came, which may say the same again while a frame arrives
    /// @param movedAt when a connection last took bytes that none had taken before
    /// @param heardAt when anything came
    /// @param spokeAt when anything was written
    record Account(
            long acknowledged,
            long last,
            long progressAt,
            long movedAt,
            long heardAt,
            long spokeAt) {
        boolean outstanding() {
            return last > acknowledged;
        }

        /// When frames were last certain to get on. Bytes that a connection takes are as good as an
        /// acknowledgement while the peer is heard: the kernel takes some for a dead one too. Each
        /// byte counts once, so a peer that never acknowledges has only so many.
        long aliveAt() {
            long moved = movedAt - heardAt < 0 ? movedAt : heardAt;
            return moved - progressAt > 0 ? moved : progressAt;
        }
    }

    /// What happened. Each says by itself what it means for a step, for a pattern switch at the
    /// start of a process costs a millisecond that no AOT cache can save.
    sealed interface Event {
        void happen(DialStep step);

        /// There is a frame to send.
        record Wanted() implements Event {
            @Override
            public void happen(DialStep step) {
                step.wanted();
            }
        }

        record Connected() implements Event {
            @Override
            public void happen(DialStep step) {
                step.connected();
            }
        }

        /// An attempt to connect failed.
        ///
        /// @param nobody it is certain that nobody listens there now
        record NotConnected(IOException cause, boolean nobody) implements Event {
            @Override
            public void happen(DialStep step) {
                step.notConnected(cause, nobody);
            }
        }

        record Welcomed(Welcome welcome) implements Event {
            @Override
            public void happen(DialStep step) {
                step.welcomed(welcome);
            }
        }

        record Rejected(RejectCode code, String text) implements Event {
            @Override
            public void happen(DialStep step) {
                step.rejected(code, text);
            }
        }

        /// The server was closed, and said so.
        record PeerClosed() implements Event {
            @Override
            public void happen(DialStep step) {
                step.end(new CloseReason.PeerClosed());
            }
        }

        /// The connection broke.
        record Lost(Throwable cause) implements Event {
            @Override
            public void happen(DialStep step) {
                step.lost(cause);
            }
        }

        /// The peer broke the rules.
        record Violated(String text) implements Event {
            @Override
            public void happen(DialStep step) {
                step.violated(text);
            }
        }

        /// A time that [Effect.WakeAt] gave has come, or any other.
        record TimeUp() implements Event {
            @Override
            public void happen(DialStep step) {
                step.timeUp();
            }
        }

        /// This side ends it.
        record Closed() implements Event {
            @Override
            public void happen(DialStep step) {
                step.closed();
            }
        }
    }

    /// What is to be done, in order.
    sealed interface Effect {
        record Connect() implements Effect {}

        /// With what [Step#next] knows; no frame may be written yet.
        record SayHello() implements Effect {}

        /// Write what follows that frame, again if it was written before.
        record Rewind(long upTo) implements Effect {}

        /// Frames may be written from now on.
        record Carry() implements Effect {}

        record Beat() implements Effect {}

        /// Tell the server to forget the session.
        record SayGoodbye() implements Effect {}

        /// Let go of the connection, or of the attempt.
        record HangUp() implements Effect {}

        /// A [Event.TimeUp] is wanted then; it replaces the one before.
        record WakeAt(long time) implements Effect {}

        /// The next attempt comes after a pause.
        record Retrying(Throwable cause, long pauseNanos) implements Effect {}

        /// The peer fell silent.
        record Suspect(long silentNanos) implements Effect {}

        /// The peer is heard again.
        record Recovered() implements Effect {}

        record End(CloseReason reason) implements Effect {}
    }

    /// What it came to, and what is to be done for it.
    record Step(DialLife next, List<Effect> effects) {}

    static DialLife idle() {
        return new DialLife(
                new Phase.Idle(), new Session(0, false, 0, 0, Secret.NONE), 0, 0, false, null);
    }

    boolean isOver() {
        return phase instanceof Phase.Over;
    }

    /// The next state. What makes no sense in this one changes nothing.
    Step step(Event event, long now, Account account, Limits limits, RandomGenerator random) {
        return isOver()
                ? new Step(this, List.of())
                : new DialStep(this, now, account, limits, random).of(event);
    }

    /// Nanoseconds until it is given up, [Long#MAX_VALUE] for never.
    long patience(long now, Account account, Limits limits) {
        if (phase instanceof Phase.Idle) {
            return Long.MAX_VALUE;
        }
        if (!session.begun) {
            return limits.dialWindow - (now - downSince);
        }
        if (account.outstanding()) {
            return limits.deadline - (now - account.aliveAt());
        }
        return phase instanceof Phase.Open ? Long.MAX_VALUE : limits.deadline - (now - downSince);
    }
}

package io.hyperactor.channel;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/// The sessions of one server: who may begin one, who may resume one, and when one is forgotten.
/// Those that do not outlive their connections are counted with the others.
///
/// It has no socket, no thread and no clock, and iterates in the order that sessions began in.
/// **Threads:** one.
///
/// @param <L> what carries a session
final class SessionTable<L> {
    /// What becomes of a hello.
    sealed interface Verdict<L> {
        /// It is carried by this connection now.
        ///
        /// @param replaced the connection that carried it until now: to be dropped, unheard
        record Admitted<L>(ServedSession<L> session, Welcome welcome, @Nullable L replaced)
                implements Verdict<L> {}

        /// Another session than one of these is not touched by it.
        record Refused<L>(RejectCode code, String text) implements Verdict<L> {}
    }

    /// @param bodyMax the longest frame body taken
    /// @param perPeer how many sessions one holder may have
    /// @param total how many there may be
    /// @param keepNanos how long one is kept without a connection
    /// @param heartbeatMillis what is promised to diallers
    record Limits(int bodyMax, int perPeer, int total, long keepNanos, int heartbeatMillis) {}

    private final long incarnation;
    private final Limits limits;
    private final RandomGenerator secrets;
    private final ChannelCounts counts;
    private final ServedSession.Words words = new ServedSession.Words();
    private final Map<Long, ServedSession<L>> sessions = new LinkedHashMap<>();
    private final Set<ServedSession<L>> passing = new LinkedHashSet<>();

    /// @param incarnation of this server's process, not 0
    /// @param secrets makes tickets
    SessionTable(long incarnation, Limits limits, RandomGenerator secrets, ChannelCounts counts) {
        this.incarnation = incarnation;
        this.limits = limits;
        this.secrets = secrets;
        this.counts = counts;
    }

    /// Judges a hello that came by `link`.
    ///
    /// @param holder who says it: equal to others who are the same
    Verdict<L> greet(Hello hello, Object holder, L link, long now) {
        boolean resumes = hello.has(Feature.RESUME) && !hello.ticket().isNone();
        return resumes ? resume(hello, link) : begin(hello, holder, link, now);
    }

    private Verdict<L> begin(Hello hello, Object holder, L link, long now) {
        ServedSession<L> session = new ServedSession<>(hello, holder, words);
        if (session.lasts && sessions.containsKey(session.id)) {
            return refused(RejectCode.BAD_TICKET, "the session is there, and this shows no ticket");
        }
        expire(now);
        if (size() >= limits.total && !makeRoom(null)) {
            return refused(RejectCode.TOO_MANY_SESSIONS, limits.total + " sessions in all");
        }
        if (count(holder) >= limits.perPeer && !makeRoom(holder)) {
            return refused(RejectCode.TOO_MANY_SESSIONS, limits.perPeer + " sessions of one peer");
        }
        if (session.lasts) {
            sessions.put(session.id, session);
        } else {
            passing.add(session);
        }
        counts.sessionBegan();
        return admitted(hello, session, link, false);
    }

    /// Forgets the oldest session that may never have begun: of that holder, or of anyone.
    private boolean makeRoom(@Nullable Object holder) {
        for (ServedSession<L> session : sessions.values()) {
            if (session.isHalfMade() && (holder == null || session.holder.equals(holder))) {
                over(session);
                return true;
            }
        }
        return false;
    }

    private long count(Object holder) {
        return Stream.concat(sessions.values().stream(), passing.stream())
                .filter(session -> session.holder.equals(holder))
                .count();
    }

    private Verdict<L> resume(Hello hello, L link) {
        if (hello.expects() != incarnation) {
            return refused(RejectCode.OTHER_INCARNATION, "this is another process");
        }
        ServedSession<L> session = sessions.get(hello.session());
        if (session == null) {
            return refused(RejectCode.UNKNOWN_SESSION, "the session is not known");
        }
        if (!session.opensWith(hello.ticket()) || session.peer != hello.incarnation()) {
            return refused(RejectCode.BAD_TICKET, "this ticket does not resume the session");
        }
        if (hello.acknowledged() >= session.frames.expected()) {
            return refused(RejectCode.MALFORMED, "acknowledged what was not acknowledged");
        }
        return admitted(hello, session, link, true);
    }

    private Verdict<L> admitted(Hello hello, ServedSession<L> session, L link, boolean resumed) {
        Secret next = session.lasts ? Secret.next(secrets) : Secret.NONE;
        L before = session.attach(link, hello, next);
        Welcome welcome =
                new Welcome(
                        hello.features(),
                        limits.bodyMax,
                        incarnation,
                        resumed,
                        session.frames.expected() - 1,
                        next,
                        limits.heartbeatMillis);
        return new Verdict.Admitted<>(session, welcome, before);
    }

    private static <L> Verdict<L> refused(RejectCode code, String text) {
        return new Verdict.Refused<>(code, text);
    }

    /// A connection is gone. The session stays for a while if it can be resumed, and if this is the
    /// connection that carries it.
    void lost(ServedSession<L> session, L link, long now) {
        if (!link.equals(session.link())) {
            return;
        }
        if (session.lasts) {
            session.detach(now);
        } else {
            over(session);
        }
    }

    /// A connection is gone whose secret means nothing any more: so ends the session, if this is
    /// the connection that carries it.
    void dismissed(ServedSession<L> session, L link) {
        if (link.equals(session.link())) {
            over(session);
        }
    }

    /// A session has ended: its number means nothing any more.
    void over(ServedSession<L> session) {
        session.end();
        if (sessions.remove(session.id, session) || passing.remove(session)) {
            counts.sessionEnded();
        }
    }

    /// Forgets the sessions that have been without a connection for too long.
    void expire(long now) {
        List<ServedSession<L>> expired = new ArrayList<>();
        for (ServedSession<L> session : sessions.values()) {
            if (session.link() == null && session.lostFor(now) >= limits.keepNanos) {
                expired.add(session);
            }
        }
        for (ServedSession<L> session : expired) {
            counts.count(ChannelCounter.SESSIONS_EXPIRED);
            over(session);
        }
    }

    /// Forgets the sessions without a connection of whoever showed that secret.
    void forget(Secret shown) {
        List<ServedSession<L>> forgotten = new ArrayList<>();
        for (ServedSession<L> session : sessions.values()) {
            if (session.link() == null && shown.matches(session.shown())) {
                forgotten.add(session);
            }
        }
        forgotten.forEach(this::over);
    }

    /// Forgets them all: the server is closed.
    void close() {
        List.copyOf(sessions.values()).forEach(this::over);
        List.copyOf(passing).forEach(this::over);
    }

    /// How many there are.
    int size() {
        return sessions.size() + passing.size();
    }
}

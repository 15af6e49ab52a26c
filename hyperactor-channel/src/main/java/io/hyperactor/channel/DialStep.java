package io.hyperactor.channel;

import io.hyperactor.channel.DialLife.Account;
import io.hyperactor.channel.DialLife.Effect;
import io.hyperactor.channel.DialLife.Event;
import io.hyperactor.channel.DialLife.Limits;
import io.hyperactor.channel.DialLife.Phase;
import io.hyperactor.channel.DialLife.Session;
import io.hyperactor.channel.DialLife.Step;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/// One step of a [DialLife]: works on a copy of its parts, and is thrown away.
final class DialStep {
    private final long now;
    private final Account account;
    private final Limits limits;
    private final RandomGenerator random;
    private final List<Effect> effects = new ArrayList<>(4);

    private Phase phase;
    private Session session;
    private int failures;
    private long downSince;
    private boolean suspected;
    private boolean spoke;
    private @Nullable Throwable failure;

    DialStep(DialLife life, long now, Account account, Limits limits, RandomGenerator random) {
        this.now = now;
        this.account = account;
        this.limits = limits;
        this.random = random;
        this.phase = life.phase();
        this.session = life.session();
        this.failures = life.failures();
        this.downSince = life.downSince();
        this.suspected = life.suspected();
        this.failure = life.failure();
    }

    Step of(Event event) {
        event.happen(this);
        DialLife next = life();
        if (!next.isOver() && !(phase instanceof Phase.Idle)) {
            effects.add(new Effect.WakeAt(now + untilWake(next)));
        }
        return new Step(next, List.copyOf(effects));
    }

    private DialLife life() {
        return new DialLife(phase, session, failures, downSince, suspected, failure);
    }

    void wanted() {
        if (phase instanceof Phase.Idle) {
            downSince = now;
            connect();
        }
    }

    private void connect() {
        phase = new Phase.Connecting(now);
        effects.add(new Effect.Connect());
    }

    void connected() {
        if (!(phase instanceof Phase.Connecting)) {
            return;
        }
        if (!session.begun()) { // a number that the server may have heard is used up
            session = new Session(random.nextLong(), false, 0, 0, Secret.NONE);
        }
        phase = new Phase.Greeting(now);
        effects.add(new Effect.SayHello());
    }

    void notConnected(IOException cause, boolean nobody) {
        if (!(phase instanceof Phase.Connecting)) {
            return;
        }
        if (session.begun() && nobody) { // the listener that knew this session is no more
            end(new CloseReason.PeerGone(cause));
        } else {
            retry(cause);
        }
    }

    private void retry(Throwable cause) {
        effects.add(new Effect.HangUp());
        failure = cause;
        long left = life().patience(now, account, limits);
        if (left <= 0) {
            giveUp();
            return;
        }
        long pause = Math.min(pause(), untilLast(left));
        failures++;
        phase = new Phase.Pausing(now + pause);
        effects.add(new Effect.Retrying(cause, pause));
    }

    /// Doubled each time, and changed by up to a tenth either way, so that those who failed
    /// together do not try together again.
    private long pause() {
        long doubled = limits.firstPause() << Math.min(failures, 20);
        return (long)
                (Math.min(doubled, limits.longestPause()) * (0.9 + 0.2 * random.nextDouble()));
    }

    /// Ever shorter towards the end, so that whoever is there by then is found.
    private long untilLast(long left) {
        return Math.max(left / 2, Math.min(left, limits.firstPause()));
    }

    void welcomed(Welcome welcome) {
        if (!(phase instanceof Phase.Greeting)) {
            violated("welcomed twice");
            return;
        }
        String wrong = session.begun() ? wrongWithResumed(welcome) : wrongWithNew(welcome);
        if (wrong != null) {
            violated(wrong);
            return;
        }
        boolean resumed = session.begun();
        session =
                new Session(
                        session.id(),
                        true,
                        welcome.features(),
                        welcome.incarnation(),
                        welcome.ticket());
        phase = new Phase.Open(now, account.acknowledged());
        failure = null;
        if (resumed) {
            effects.add(new Effect.Rewind(welcome.upTo()));
        }
        if (suspected) {
            suspected = false;
            effects.add(new Effect.Recovered());
        }
        if (session.lasts()) { // tells the server that the ticket has come
            beat();
        }
        effects.add(new Effect.Carry());
    }

    private @Nullable String wrongWithNew(Welcome welcome) {
        if (welcome.resumed() || welcome.upTo() != 0) {
            return "a new session was welcomed as resumed up to frame " + welcome.upTo();
        }
        return welcome.has(Feature.RESUME) && welcome.ticket().isNone()
                ? "a lasting session was welcomed without a ticket"
                : null;
    }

    private @Nullable String wrongWithResumed(Welcome welcome) {
        if (!welcome.resumed() || !welcome.has(Feature.RESUME) || welcome.ticket().isNone()) {
            return "a resumed session was welcomed as a new one";
        }
        if (welcome.incarnation() != session.incarnation()) {
            return "a session was resumed by another process";
        }
        if (welcome.upTo() < account.acknowledged() || welcome.upTo() > account.last()) {
            return "resumed up to frame "
                    + welcome.upTo()
                    + ", but acknowledged is "
                    + account.acknowledged()
                    + " and the last one "
                    + account.last();
        }
        return null;
    }

    void rejected(RejectCode code, String text) {
        if (!(phase instanceof Phase.Greeting)) {
            end(new CloseReason.Rejected(code, text));
        } else if (code.passes()) {
            retry(new IOException("rejected for now: " + code + ", " + text));
        } else if (session.begun()) {
            end(new CloseReason.SessionLost(code, text));
        } else {
            end(new CloseReason.Rejected(code, text));
        }
    }

    void lost(Throwable cause) {
        switch (phase) {
            case Phase.Open(var since, var acknowledged) -> {
                if (!session.lasts()) {
                    end(new CloseReason.ConnectionLost(cause));
                    return;
                }
                downSince = now;
                if (account.acknowledged() > acknowledged || now - since >= DialLife.GOOD_NANOS) {
                    failures = 0;
                    failure = cause;
                    effects.add(new Effect.HangUp());
                    connect();
                } else {
                    retry(cause);
                }
            }
            case Phase.Greeting _, Phase.Connecting _ -> retry(cause);
            default -> {}
        }
    }

    void timeUp() {
        if (patience(life()) <= 0) {
            giveUp();
            return;
        }
        if (phase instanceof Phase.Open open) {
            if (session.beats()) {
                listen(open);
            }
        } else if (untilOwn() <= 0) {
            ownTimeUp();
        }
    }

    private void ownTimeUp() {
        if (phase instanceof Phase.Pausing) {
            connect();
        } else if (phase instanceof Phase.Connecting) {
            retry(new SocketTimeoutException("no connection"));
        } else if (phase instanceof Phase.Greeting) {
            retry(new SocketTimeoutException("no answer to the hello"));
        }
    }

    private void listen(Phase.Open open) {
        long silent =
                now - (account.heardAt() - open.since() > 0 ? account.heardAt() : open.since());
        if (silent >= limits.suspicion()) {
            suspected = true;
            effects.add(new Effect.Suspect(silent));
            downSince = now;
            effects.add(new Effect.HangUp());
            connect();
        } else if (now - account.spokeAt() >= limits.heartbeat()) {
            beat();
        }
    }

    /// The first attempt has its whole time, and later ones end with the window: one of zero is one
    /// attempt.
    private long patience(DialLife life) {
        long left = life.patience(now, account, limits);
        return isFirstAttempts() ? Math.max(left, limits.suspicion() - (now - downSince)) : left;
    }

    private boolean isFirstAttempts() {
        return !session.begun()
                && (phase instanceof Phase.Connecting || phase instanceof Phase.Greeting);
    }

    private void giveUp() {
        Throwable cause = failure != null ? failure : new SocketTimeoutException("no answer");
        end(
                session.begun()
                        ? new CloseReason.AckTimedOut(Duration.ofNanos(limits.deadline()))
                        : new CloseReason.DialFailed(limits.address(), cause));
    }

    void closed() {
        leave(new CloseReason.ClosedHere());
    }

    void violated(String text) {
        leave(new CloseReason.ProtocolViolation(text));
    }

    /// Ends a session that the server would keep otherwise, for nobody.
    private void leave(CloseReason reason) {
        if (phase instanceof Phase.Open && session.lasts()) {
            effects.add(new Effect.SayGoodbye());
        }
        end(reason);
    }

    void end(CloseReason reason) {
        phase = new Phase.Over();
        effects.add(new Effect.HangUp());
        effects.add(new Effect.End(reason));
    }

    private long untilWake(DialLife next) {
        return Math.max(0, Math.min(untilOwn(), patience(next)));
    }

    /// How long this phase may last by itself.
    private long untilOwn() {
        if (phase instanceof Phase.Pausing(long until)) {
            return until - now;
        }
        if (phase instanceof Phase.Connecting(long since)) {
            return limits.suspicion() - (now - since);
        }
        if (phase instanceof Phase.Greeting(long since)) {
            return limits.suspicion() - (now - since);
        }
        return phase instanceof Phase.Open ? untilBeat() : limits.deadline();
    }

    private void beat() {
        spoke = true;
        effects.add(new Effect.Beat());
    }

    private long untilBeat() {
        if (!session.beats()) {
            return limits.deadline();
        }
        long left = limits.heartbeat() - (now - account.spokeAt());
        return spoke || left <= 0 ? limits.heartbeat() : left;
    }
}

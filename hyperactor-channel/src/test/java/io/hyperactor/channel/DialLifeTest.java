package io.hyperactor.channel;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperactor.channel.DialLife.Account;
import io.hyperactor.channel.DialLife.Effect;
import io.hyperactor.channel.DialLife.Event;
import io.hyperactor.channel.DialLife.Phase;
import io.hyperactor.wire.ChannelAddress;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// What [Simulation] would find only by chance, or could not tell.
final class DialLifeTest {
    private static final long MILLI = 1_000_000L;
    private static final long SECOND = 1000 * MILLI;
    private static final Secret TICKET = new Secret(1, 2);
    private static final DialLife.Limits LIMITS =
            new DialLife.Limits(
                    new ChannelAddress.Local(1),
                    10 * MILLI,
                    5 * SECOND,
                    30 * SECOND,
                    30 * SECOND,
                    SECOND,
                    5 * SECOND);

    /// Nanoseconds from a limit on.
    private static final int[] AROUND = {-1, 0, 1};

    private final SplittableRandom random = new SplittableRandom(1);
    private DialLife life = DialLife.idle();
    private List<Effect> effects = List.of();
    private long now = 1000;
    private long acknowledged;
    private long last;
    private long progressAt;
    private long movedAt;
    private long heardAt;
    private long spokeAt;

    private DialLifeTest on(Event event) {
        Account account = new Account(acknowledged, last, progressAt, movedAt, heardAt, spokeAt);
        DialLife.Step step = life.step(event, now, account, LIMITS, random);
        life = step.next();
        effects = step.effects();
        return this;
    }

    private static Welcome welcome(boolean resumed, long incarnation, long upTo) {
        return new Welcome(Feature.ALL, 100, incarnation, resumed, upTo, TICKET, 1000);
    }

    private DialLifeTest open() {
        last = 5;
        progressAt = now;
        on(new Event.Wanted()).on(new Event.Connected());
        return on(new Event.Welcomed(welcome(false, 7, 0)));
    }

    private DialLifeTest lost() {
        return on(new Event.Lost(new IOException("cut")));
    }

    private <T extends Effect> List<T> all(Class<T> kind) {
        return effects.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    private CloseReason end() {
        assertThat(all(Effect.End.class)).hasSize(1);
        assertThat(life.isOver()).isTrue();
        return all(Effect.End.class).getFirst().reason();
    }

    @Test
    void nothingIsWrittenBeforeTheWelcome() {
        last = 1;
        on(new Event.Wanted());
        assertThat(effects).contains(new Effect.Connect());
        on(new Event.Connected());
        assertThat(effects).contains(new Effect.SayHello()).doesNotContain(new Effect.Carry());
        on(new Event.Welcomed(welcome(false, 7, 0)));
        assertThat(effects).containsSubsequence(new Effect.Beat(), new Effect.Carry());
    }

    @Test
    void eachHelloBeforeTheFirstWelcomeHasAnotherNumberAndLaterOnesHaveTheSame() {
        on(new Event.Wanted()).on(new Event.Connected());
        long first = life.session().id();
        lost();
        now += SECOND;
        on(new Event.TimeUp()).on(new Event.Connected());
        long second = life.session().id();
        assertThat(second).isNotEqualTo(first);
        on(new Event.Welcomed(welcome(false, 7, 0)));
        now += 2 * SECOND;
        lost().on(new Event.Connected());
        assertThat(life.session().id()).isEqualTo(second);
        assertThat(life.session().ticket()).isEqualTo(TICKET);
    }

    @Test
    void pausesDoubleUpToTheLongestAndVaryByATenth() {
        on(new Event.Wanted()).on(new Event.Connected());
        on(new Event.Welcomed(welcome(false, 7, 0)));
        lost();
        List<Long> pauses = new ArrayList<>();
        for (int i = 0; i < 11; i++) {
            pauses.add(all(Effect.Retrying.class).getFirst().pauseNanos());
            now = life.phase() instanceof Phase.Pausing(long until) ? until : -1;
            on(new Event.TimeUp());
            assertThat(effects).contains(new Effect.Connect());
            on(new Event.NotConnected(new IOException("busy"), false));
        }
        for (int i = 0; i < pauses.size(); i++) {
            long base = Math.min((10 * MILLI) << i, 5 * SECOND);
            assertThat(pauses.get(i)).isBetween(base * 9 / 10, base * 11 / 10);
        }
    }

    @Test
    void aConnectionThatServedIsReplacedAtOnceAndOneThatDidNotAfterAPause() {
        open();
        acknowledged = 1;
        lost();
        assertThat(effects).contains(new Effect.Connect());
        on(new Event.Connected()).on(new Event.Welcomed(welcome(true, 7, 3)));
        assertThat(effects).contains(new Effect.Rewind(3));
        lost();
        assertThat(effects).doesNotContain(new Effect.Connect());
        assertThat(all(Effect.Retrying.class)).hasSize(1);
    }

    @Test
    void whereNobodyListensAnyMoreTheSessionIsOverAtOnce() {
        open();
        now += 2 * SECOND;
        lost().on(new Event.NotConnected(new IOException("refused"), true));
        assertThat(end()).isInstanceOf(CloseReason.PeerGone.class);
    }

    @Test
    void whereNobodyListensYetItIsTriedUntilTheDialWindowIsOver() {
        last = 1;
        on(new Event.Wanted());
        int attempts = 0;
        long lastAttempt = now;
        while (!life.isOver()) {
            attempts++;
            lastAttempt = now;
            on(new Event.NotConnected(new IOException("refused"), true));
            if (life.phase() instanceof Phase.Pausing(long until)) {
                now = until;
                on(new Event.TimeUp());
            }
        }
        assertThat(end()).isInstanceOf(CloseReason.DialFailed.class);
        assertThat(now - 1000).isEqualTo(30 * SECOND);
        assertThat(attempts).isBetween(15, 30);
        assertThat(now - lastAttempt).isLessThan(20 * MILLI); // who was there before was found
    }

    @Test
    void anAttemptDoesNotOutlastTheDialWindow() {
        on(new Event.Wanted());
        now += 28 * SECOND; // the first ones came to nothing
        on(new Event.NotConnected(new IOException("no route"), false));
        now += 5 * SECOND / 4;
        on(new Event.TimeUp());
        assertThat(all(Effect.Connect.class)).hasSize(1);
        now = 1000 + 30 * SECOND - 1;
        on(new Event.TimeUp());
        assertThat(all(Effect.End.class)).isEmpty();
        now++;
        on(new Event.TimeUp());
        assertThat(end()).isInstanceOf(CloseReason.DialFailed.class);
    }

    @Test
    void aPeerThatDoesNotKnowTheSessionEndsItButATransientRefusalDoesNot() {
        open();
        now += 2 * SECOND;
        lost().on(new Event.Connected());
        on(new Event.Rejected(RejectCode.TOO_MANY_SESSIONS, "later"));
        assertThat(life.phase()).isInstanceOf(Phase.Pausing.class);
        now += SECOND;
        on(new Event.TimeUp()).on(new Event.Connected());
        on(new Event.Rejected(RejectCode.UNKNOWN_SESSION, "who?"));
        assertThat(end())
                .isEqualTo(new CloseReason.SessionLost(RejectCode.UNKNOWN_SESSION, "who?"));
    }

    @ParameterizedTest
    @EnumSource
    void aRejectTellsTheFateOfFramesUnlessItAnswersAHelloThatResumes(RejectCode code) {
        open().on(new Event.Rejected(code, "no"));
        assertThat(end()).isEqualTo(new CloseReason.Rejected(code, "no"));

        life = DialLife.idle();
        open();
        now += 2 * SECOND;
        lost().on(new Event.Connected()).on(new Event.Rejected(code, "no"));
        if (code.passes()) {
            assertThat(life.phase()).isInstanceOf(Phase.Pausing.class);
        } else {
            assertThat(end()).isEqualTo(new CloseReason.SessionLost(code, "no"));
        }
    }

    @Test
    void aWelcomeThatCanNotBeIsAViolation() {
        record Bad(boolean begun, Welcome welcome) {}
        List<Bad> bads =
                List.of(
                        new Bad(false, welcome(true, 7, 0)),
                        new Bad(false, welcome(false, 7, 1)),
                        new Bad(true, welcome(false, 7, 0)),
                        new Bad(true, welcome(true, 8, 3)),
                        new Bad(true, welcome(true, 7, 6)),
                        new Bad(true, welcome(true, 7, 1)),
                        new Bad(true, Welcome.plain(100)));
        for (Bad bad : bads) {
            life = DialLife.idle();
            acknowledged = 0;
            if (bad.begun) {
                open();
                acknowledged = 2;
                lost().on(new Event.Connected());
            } else {
                on(new Event.Wanted()).on(new Event.Connected());
            }
            on(new Event.Welcomed(bad.welcome));
            assertThat(end()).as("%s", bad).isInstanceOf(CloseReason.ProtocolViolation.class);
        }
    }

    @Test
    void aPeerWithoutTheFeatureIsNotDialledAgain() {
        last = 1;
        on(new Event.Wanted()).on(new Event.Connected());
        on(new Event.Welcomed(Welcome.plain(100)));
        assertThat(effects).doesNotContain(new Effect.Beat()).contains(new Effect.Carry());
        now += 20 * SECOND; // and its silence means nothing
        progressAt = now;
        on(new Event.TimeUp());
        assertThat(all(Effect.Suspect.class)).isEmpty();
        lost();
        assertThat(end()).isInstanceOf(CloseReason.ConnectionLost.class);
    }

    @Test
    void anIdleLinkSpeaksEverySecondAndSuspectsAPeerThatIsSilentForFive() {
        open();
        acknowledged = last;
        for (int second = 1; second <= 4; second++) {
            now += SECOND;
            on(new Event.TimeUp());
            assertThat(effects).contains(new Effect.Beat());
            spokeAt = now;
        }
        now += SECOND;
        on(new Event.TimeUp());
        assertThat(all(Effect.Suspect.class)).hasSize(1);
        assertThat(effects).containsSubsequence(new Effect.HangUp(), new Effect.Connect());
        on(new Event.Connected()).on(new Event.Welcomed(welcome(true, 7, 5)));
        assertThat(effects).contains(new Effect.Recovered());
    }

    private void hearForASecond() {
        now += SECOND;
        heardAt = now;
        on(new Event.TimeUp());
    }

    @Test
    void withoutProgressForTheDeadlineItIsGivenUpHoweverAlivePeersSeem() {
        open();
        for (int second = 0; second < 29; second++) {
            hearForASecond();
            assertThat(life.isOver()).isFalse();
        }
        hearForASecond();
        assertThat(end()).isInstanceOf(CloseReason.AckTimedOut.class);
    }

    @Test
    void theLimitOfSilenceIsExact() {
        for (int off : AROUND) {
            start();
            open();
            now += 5 * SECOND + off;
            progressAt = now;
            on(new Event.TimeUp());
            assertThat(all(Effect.Suspect.class)).hasSize(off < 0 ? 0 : 1);
        }
    }

    @Test
    void theLimitWithoutProgressIsExact() {
        for (int off : AROUND) {
            start();
            open();
            now += 30 * SECOND + off;
            heardAt = now;
            on(new Event.TimeUp());
            assertThat(life.isOver()).isEqualTo(off >= 0);
        }
    }

    private void start() {
        life = DialLife.idle();
        heardAt = now;
        spokeAt = now;
        movedAt = now;
    }

    @Test
    void bytesThatGoOutAreProgressWhileThePeerIsHeard() {
        open();
        for (int second = 0; second < 100; second++) {
            now += SECOND;
            movedAt = now;
            heardAt = now - SECOND / 2;
            on(new Event.TimeUp());
            assertThat(life.isOver()).isFalse();
        }
        for (int second = 0; second < 30; second++) { // all is written
            assertThat(life.isOver()).isFalse();
            hearForASecond();
        }
        assertThat(end()).isInstanceOf(CloseReason.AckTimedOut.class);
    }

    @Test
    void bytesThatAPeerTakesWhichIsNotHeardAreNoProgress() {
        last = 1;
        progressAt = now;
        on(new Event.Wanted()).on(new Event.Connected());
        on(new Event.Welcomed(Welcome.plain(100))); // it never beats
        heardAt = now;
        now += 30 * SECOND;
        movedAt = now;
        on(new Event.TimeUp());
        assertThat(end()).isInstanceOf(CloseReason.AckTimedOut.class);
    }

    @Test
    void closingSaysGoodbyeAndAfterTheEndNothingHappens() {
        open().on(new Event.Closed());
        assertThat(effects).containsSubsequence(new Effect.SayGoodbye(), new Effect.HangUp());
        assertThat(end()).isInstanceOf(CloseReason.ClosedHere.class);
        lost();
        assertThat(effects).isEmpty();
    }

    @Test
    void whoBreaksTheRulesIsToldThatTheSessionIsOver() {
        open().on(new Event.Violated("an acknowledgement went back"));
        assertThat(effects).containsSubsequence(new Effect.SayGoodbye(), new Effect.HangUp());
        assertThat(end()).isInstanceOf(CloseReason.ProtocolViolation.class);
    }

    @Test
    void aWindowOfZeroIsOneAttempt() {
        DialLife.Limits once =
                new DialLife.Limits(LIMITS.address(), 1, 1, 0, SECOND, SECOND, 5 * SECOND);
        Account account = new Account(0, 1, now, 0, 0, 0);
        for (Event event : List.of(new Event.Wanted(), new Event.TimeUp(), new Event.Connected())) {
            life = life.step(event, now, account, once, random).next();
            assertThat(life.isOver()).isFalse();
            now += SECOND;
        }
        DialLife.Step step =
                life.step(new Event.Lost(new IOException("cut")), now, account, once, random);
        effects = step.effects();
        life = step.next();
        assertThat(end()).isInstanceOf(CloseReason.DialFailed.class);
    }
}

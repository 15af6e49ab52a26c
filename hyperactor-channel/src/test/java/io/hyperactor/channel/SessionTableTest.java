package io.hyperactor.channel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

final class SessionTableTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long INCARNATION = 77;

    private final ChannelCounts counts = new ChannelCounts();
    private final SessionTable<String> table =
            new SessionTable<>(
                    INCARNATION,
                    new SessionTable.Limits(100, 2, 3, 60 * SECOND, 1000),
                    new SplittableRandom(1),
                    counts);

    private static Hello hello(long session, long peer, long expects, Secret ticket, long known) {
        Secret none = Secret.NONE;
        return new Hello(
                Feature.ALL, session, 100, 1000, 10, none, peer, expects, ticket, known, 1000);
    }

    private SessionTable.Verdict<String> greet(Hello hello, String link) {
        return table.greet(hello, hello.incarnation(), link, 0);
    }

    private SessionTable.Verdict<String> begin(long session, long peer, String link) {
        return greet(hello(session, peer, 0, Secret.NONE, 0), link);
    }

    private SessionTable.Verdict<String> resume(long session, Secret ticket, String link) {
        return greet(hello(session, 1, INCARNATION, ticket, 0), link);
    }

    private static SessionTable.Verdict.Admitted<String> good(
            SessionTable.Verdict<String> verdict) {
        assertThat(verdict).isInstanceOf(SessionTable.Verdict.Admitted.class);
        return (SessionTable.Verdict.Admitted<String>) verdict;
    }

    private static void assertRefused(SessionTable.Verdict<String> verdict, RejectCode code) {
        assertThat(verdict)
                .isInstanceOfSatisfying(
                        SessionTable.Verdict.Refused.class,
                        refused -> assertThat(refused.code()).isEqualTo(code));
    }

    @Test
    void aSessionIsResumedWithItsTicketOnlyAndUpToWhatItHad() {
        var first = good(begin(5, 1, "a"));
        first.session().heard();
        first.session().frames.accepted(10);
        table.lost(first.session(), "a", 0);

        assertRefused(resume(5, new Secret(1, 2), "thief"), RejectCode.BAD_TICKET);
        assertRefused(begin(5, 1, "thief"), RejectCode.BAD_TICKET);
        var again = good(resume(5, first.welcome().ticket(), "b"));
        assertThat(again.session()).isSameAs(first.session());
        assertThat(again.welcome().resumed()).isTrue();
        assertThat(again.welcome().upTo()).isEqualTo(1);
        assertThat(again.welcome().ticket()).isNotEqualTo(first.welcome().ticket());
    }

    @Test
    void aTicketIsGoodUntilTheNextOneIsKnownToHaveArrived() {
        Secret first = good(begin(5, 1, "a")).welcome().ticket();
        Secret second = good(resume(5, first, "b")).welcome().ticket();
        var third = good(resume(5, first, "c")); // the welcome with the second was lost
        third.session().heard();
        assertRefused(resume(5, first, "d"), RejectCode.BAD_TICKET);
        assertRefused(resume(5, second, "e"), RejectCode.BAD_TICKET);
        assertThat(third.session().link()).isEqualTo("c");
        good(resume(5, third.welcome().ticket(), "f"));
    }

    @Test
    void aHelloThatComesLateDoesNotMakeTheTicketWorthlessThatTheDiallerHas() {
        Secret first = good(begin(5, 1, "a")).welcome().ticket();
        Secret second = good(resume(5, first, "b")).welcome().ticket();
        good(resume(5, first, "late"));
        good(resume(5, second, "c"));
        assertRefused(resume(5, first, "d"), RejectCode.BAD_TICKET);
    }

    @Test
    void noMoreThanTheLastTwoTicketsGivenAreGood() {
        Secret first = good(begin(5, 1, "a")).welcome().ticket();
        Secret second = good(resume(5, first, "b")).welcome().ticket();
        good(resume(5, first, "c"));
        good(resume(5, first, "d"));
        assertRefused(resume(5, second, "e"), RejectCode.BAD_TICKET);
    }

    @Test
    void aLateWordOfAnOldConnectionDoesNotEndTheSession() {
        var first = good(begin(5, 1, "a"));
        var second = good(resume(5, first.welcome().ticket(), "b"));
        assertThat(second.replaced()).isEqualTo("a");
        table.lost(first.session(), "a", 0);
        table.expire(1000 * SECOND);
        assertThat(second.session().isOver()).isFalse();
    }

    @Test
    void aConnectionThatIsDismissedEndsTheSessionOnlyIfItCarriesIt() {
        var first = good(begin(5, 1, "a"));
        var second = good(resume(5, first.welcome().ticket(), "b"));
        table.dismissed(first.session(), "a");
        assertThat(second.session().isOver()).isFalse();
        table.dismissed(first.session(), "b");
        assertThat(second.session().isOver()).isTrue();
        assertThat(table.size()).isZero();
    }

    @Test
    void anotherProcessOrAForgottenSessionSaysSo() {
        assertRefused(
                greet(hello(5, 1, 78, new Secret(1, 2), 0), "a"), RejectCode.OTHER_INCARNATION);
        assertRefused(resume(5, new Secret(1, 2), "a"), RejectCode.UNKNOWN_SESSION);
    }

    @Test
    void whoKnowsMoreThanWasAcceptedIsRefused() {
        Secret ticket = good(begin(5, 1, "a")).welcome().ticket();
        assertRefused(greet(hello(5, 1, INCARNATION, ticket, 1), "b"), RejectCode.MALFORMED);
    }

    @Test
    void soManyRefusalsAreKeptUntilTheDiallerSaysThatItKnowsWhateverItsWindow() {
        int most = ServedSession.REFUSALS_MAX;
        String longText = "no".repeat(Protocol.ANSWER_MAX);
        ServedSession<String> small =
                new ServedSession<>(Hello.plain(1, 1, 1, most), "x", new ServedSession.Words());
        ServedSession<String> large =
                new ServedSession<>(Hello.plain(1, 1, 1, 1 << 30), "x", new ServedSession.Words());
        for (int i = 1; i <= most; i++) {
            assertThat(refuse(small, i, "no")).isTrue();
            assertThat(refuse(large, i, longText)).isTrue();
        }
        assertThat(refuse(small, most + 1, "no")).isTrue(); // its window says that it knows
        assertThat(refuse(large, most + 1, "no")).isFalse();
        assertThat(large.frames.expected()).isEqualTo(most + 1);
        int word = Protocol.LENGTH_BYTES + Protocol.ANSWER_MAX;
        assertThat(large.news(1).remaining()).isEqualTo((most - 1) * word + Protocol.ACK_BYTES);
        assertThat(refuse(large, most + 1, "no")).isTrue();
    }

    @Test
    void manySessionsTogetherKeepSoManyBytesOfRefusalsAndOneEach() {
        ServedSession.Words words = new ServedSession.Words();
        String text = "no".repeat(Protocol.ANSWER_MAX);
        List<ServedSession<String>> full = new ArrayList<>();
        boolean fits = true;
        while (fits) {
            ServedSession<String> one =
                    new ServedSession<>(Hello.plain(1, 1, 1, 1 << 30), "x", words);
            full.add(one);
            for (int i = 1; fits && i <= ServedSession.REFUSALS_MAX; i++) {
                fits = refuse(one, i, text);
            }
        }
        assertThat(words.bytes())
                .isBetween(
                        ServedSession.Words.BYTES_MAX - 2 * Protocol.ANSWER_MAX,
                        ServedSession.Words.BYTES_MAX);
        ServedSession<String> late = new ServedSession<>(Hello.plain(1, 1, 1, 9), "y", words);
        assertThat(refuse(late, 1, text)).isTrue();
        assertThat(refuse(late, 2, text)).isFalse();
        assertThat(late.news(1).remaining()).isEqualTo(Protocol.ACK_BYTES);
        assertThat(refuse(late, 2, text)).isTrue();
        late.end();
        full.forEach(ServedSession::end);
        assertThat(words.bytes()).isZero();
    }

    private static boolean refuse(ServedSession<String> session, long sequence, String text) {
        return session.refuse(sequence, Protocol.refused(sequence, RejectCode.FRAME_REFUSED, text));
    }

    @Test
    void aLostSessionIsKeptForItsTimeExactly() {
        var session = good(begin(5, 1, "a")).session();
        table.lost(session, "a", SECOND);
        table.expire(61 * SECOND - 1);
        assertThat(table.size()).isEqualTo(1);
        assertThat(counts.sessions()).isEqualTo(1);
        assertThat(counts.of(ChannelCounter.SESSIONS_EXPIRED)).isZero();
        table.expire(61 * SECOND);
        assertThat(table.size()).isZero();
        assertThat(session.isOver()).isTrue();
        assertThat(counts.sessions()).isZero();
        assertThat(counts.of(ChannelCounter.SESSIONS_EXPIRED)).isEqualTo(1);
    }

    @Test
    void whatThereIsIsCountedUntilItsServerIsClosed() {
        var lost = good(begin(5, 1, "a")).session();
        table.lost(lost, "a", SECOND);
        var resumed = good(begin(6, 1, "b"));
        good(resume(6, resumed.welcome().ticket(), "c"));
        assertThat(counts.sessions()).isEqualTo(2);
        table.over(resumed.session());
        table.over(resumed.session());
        assertThat(counts.sessions()).isEqualTo(1);
        table.close();
        assertThat(counts.sessions()).isZero();
        assertThat(counts.of(ChannelCounter.SESSIONS_EXPIRED)).isZero();
    }

    @Test
    void whatIsForgottenIsWithoutAConnectionAndShowedThatSecret() {
        Secret secret = new Secret(3, 4);
        Hello hello = hello(5, 1, 0, Secret.NONE, 0);
        var lost = good(greet(hello.showing(secret), "a")).session();
        table.lost(lost, "a", 0);
        table.forget(Secret.NONE);
        table.forget(new Secret(3, 5));
        assertThat(lost.isOver()).isFalse();
        table.forget(secret);
        assertThat(lost.isOver()).isTrue();

        var carried = good(greet(hello.showing(secret), "b")).session();
        table.forget(secret);
        assertThat(carried.isOver()).isFalse();
    }

    @Test
    void onePeerAndAllPeersTogetherHaveALimit() {
        good(begin(1, 1, "a")).session().heard();
        good(begin(2, 1, "b")).session().heard();
        assertRefused(begin(3, 1, "c"), RejectCode.TOO_MANY_SESSIONS);
        good(begin(3, 2, "c")).session().heard();
        assertRefused(begin(4, 3, "d"), RejectCode.TOO_MANY_SESSIONS);
    }

    @Test
    void whoSaysThatHeIsAnotherProcessTakesNothingFromIt() {
        Hello claimed = hello(1, 1, 0, Secret.NONE, 0);
        good(table.greet(claimed, "mallory", "a", 0)).session().heard();
        good(table.greet(hello(2, 1, 0, Secret.NONE, 0), "mallory", "b", 0)).session().heard();
        assertRefused(
                table.greet(hello(3, 2, 0, Secret.NONE, 0), "mallory", "c", 0),
                RejectCode.TOO_MANY_SESSIONS);
        good(begin(4, 1, "d"));
    }

    @Test
    void whoDoNotSayWhoTheyAreHaveTheLimitOfOne() {
        good(greet(Hello.plain(1, 1, 1, 1), "a"));
        good(greet(Hello.plain(2, 1, 1, 1), "b"));
        assertRefused(greet(Hello.plain(3, 1, 1, 1), "c"), RejectCode.TOO_MANY_SESSIONS);
        good(begin(3, 1, "c"));
    }

    @Test
    void aHalfMadeSessionMakesRoomAndOthersDoNot() {
        var begun = good(begin(1, 2, "a")).session();
        begun.heard();
        var half = good(begin(7, 2, "h")).session();
        table.lost(half, "h", 0);
        table.lost(begun, "a", 0);
        good(begin(6, 2, "g"));
        assertThat(half.isOver()).isTrue();
        assertThat(begun.isOver()).isFalse();
    }

    @Test
    void whatWasRefusedIsToldAgainUntilTheDiallerSaysThatItKnows() {
        var session = good(begin(5, 1, "a")).session();
        session.frames.accepted(1);
        assertThat(refuse(session, 2, "no")).isTrue();
        session.frames.accepted(1);
        byte[] news = session.news(0).array();
        int refusal = Protocol.refused(2, RejectCode.FRAME_REFUSED, "no").remaining();
        assertThat(news).hasSize(refusal + Protocol.ACK_BYTES);
        assertThat(news[4]).isEqualTo(Protocol.REFUSED);
        assertThat(news[refusal + 4]).isEqualTo(Protocol.ACK);
        assertThat(session.news(2).remaining()).isEqualTo(Protocol.ACK_BYTES);
    }

    @Test
    void aDiallerWithoutTheFeatureLeavesNothingBehind() {
        var session = good(greet(Hello.plain(5, 1, 1, 1), "a"));
        assertThat(session.welcome().features()).isZero();
        table.lost(session.session(), "a", 0);
        assertThat(session.session().isOver()).isTrue();
        assertThat(table.size()).isZero();
    }

    @Test
    void whoCanNotResumeCountsWithTheOthers() {
        var first = good(greet(Hello.plain(1, 1, 1, 1), "a"));
        good(greet(Hello.plain(1, 1, 1, 1), "b")); // its number means nothing
        good(begin(1, 1, "c")).session().heard();
        assertThat(table.size()).isEqualTo(3);
        assertRefused(greet(Hello.plain(2, 1, 1, 1), "d"), RejectCode.TOO_MANY_SESSIONS);
        assertRefused(begin(2, 1, "d"), RejectCode.TOO_MANY_SESSIONS);
        table.lost(first.session(), "a", 0);
        good(begin(2, 1, "d"));
    }

    @Test
    void whoCanNotResumeHasTheOtherFeaturesThatItNames() {
        int features = Feature.HEARTBEAT | Feature.REFUSAL;
        Secret none = Secret.NONE;
        Hello hello = new Hello(features, 5, 100, 1000, 10, none, 1, 0, none, 0, 1000);
        Welcome welcome = good(greet(hello, "a")).welcome();
        assertThat(welcome.features()).isEqualTo(features);
        assertThat(welcome.ticket()).isEqualTo(none);
        good(greet(hello, "b"));
        assertRefused(greet(hello, "c"), RejectCode.TOO_MANY_SESSIONS);
    }
}

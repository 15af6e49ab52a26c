package io.hyperactor;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperactor.Undeliverable.Numbers;
import io.hyperactor.Undeliverable.Outcome;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.ProcId;

import org.junit.jupiter.api.Test;

final class TallyTest {
    private static final Address SENDER =
            Address.of(new ProcId(new ChannelAddress.Local(2), "q").actor("s", 0));
    private static final Address DESTINATION =
            Address.of(new ProcId(new ChannelAddress.Local(1), "p").actor("a", 0));

    private static final long LINK = 1;
    private static final long NEXT = 2;

    private final Tally tally =
            new Tally(
                    new Tallies(),
                    ObjectEnvelope.news(
                            SENDER, DESTINATION, 7, 0, "text", Protocols.of(String.class)));

    private void pass(long by) {
        assertThat(tally.passed(by)).isTrue();
    }

    @Test
    void whoComesLateToALinkThatHasEndedHidesNothingOfTheNext() {
        pass(LINK);
        pass(NEXT);
        pass(LINK); // was on its way there before that one had ended
        tally.cameBack(LINK, Outcome.UNKNOWN); // the first
        tally.cameBack(LINK, Outcome.NOT_DELIVERED); // the late one
        assertThat(tally.inDoubt()).isEqualTo(new Numbers(1, 2));
    }

    @Test
    void whoComesTwoLinksLateHidesNothingEither() {
        pass(LINK);
        pass(NEXT);
        pass(NEXT + 1);
        pass(LINK); // slept over two changes
        tally.cameBack(LINK, Outcome.UNKNOWN); // the first
        tally.cameBack(LINK, Outcome.NOT_DELIVERED); // the late one
        assertThat(tally.inDoubt()).isEqualTo(new Numbers(1, 3));
    }

    @Test
    void whatCameBackOverTheLastLinkIsNotInDoubt() {
        pass(LINK);
        pass(NEXT);
        pass(LINK);
        tally.cameBack(LINK, Outcome.NOT_DELIVERED);
        pass(NEXT);
        tally.cameBack(NEXT, Outcome.UNKNOWN);
        assertThat(tally.inDoubt()).isEqualTo(new Numbers(1, 2));
    }

    @Test
    void whatALinkToAnotherProcessTakesIsCountedByItself() {
        pass(LINK);
        pass(LINK);
        pass(LINK);
        tally.handled(1);
        tally.givenBack();
        pass(NEXT);
        assertThat(tally.beginAnew(NEXT)).isEqualTo(new Numbers(2, 2));
        assertThat(tally.beginAnew(NEXT)).isNull();
        assertThat(tally.inDoubt()).isEqualTo(new Numbers(1, 1));
    }

    @Test
    void whoHasSentItNothingYetBeginsWithNothing() {
        pass(LINK);
        pass(LINK);
        assertThat(tally.beginAnew(NEXT)).isEqualTo(new Numbers(1, 2));
        assertThat(tally.inDoubt()).isNull();
        pass(NEXT);
        assertThat(tally.inDoubt()).isEqualTo(new Numbers(1, 1));
    }
}

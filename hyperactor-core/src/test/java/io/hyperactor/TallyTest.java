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

    private final Object link = new Object();
    private final Object next = new Object();
    private final Tally tally =
            new Tally(
                    new Tallies(),
                    ObjectEnvelope.news(
                            SENDER, DESTINATION, 7, 0, "text", Protocols.of(String.class)));

    private void pass(Object by) {
        assertThat(tally.passed(by)).isTrue();
    }

    @Test
    void whoComesLateToALinkThatHasEndedHidesNothingOfTheNext() {
        pass(link);
        pass(next);
        pass(link); // was on its way there before that one had ended
        tally.cameBack(link, Outcome.UNKNOWN); // the first
        tally.cameBack(link, Outcome.NOT_DELIVERED); // the late one
        assertThat(tally.inDoubt()).isEqualTo(new Numbers(1, 2));
    }

    @Test
    void whatCameBackOverTheLastLinkIsNotInDoubt() {
        pass(link);
        pass(next);
        pass(link);
        tally.cameBack(link, Outcome.NOT_DELIVERED);
        pass(next);
        tally.cameBack(next, Outcome.UNKNOWN);
        assertThat(tally.inDoubt()).isEqualTo(new Numbers(1, 2));
    }
}

package io.hyperactor.channel;

import static io.hyperactor.channel.Ledger.Kind.DELIVERED;
import static io.hyperactor.channel.Ledger.Kind.ENQUEUED;
import static io.hyperactor.channel.Ledger.Kind.FORGED;
import static io.hyperactor.channel.Ledger.Kind.NOT_DELIVERED;
import static io.hyperactor.channel.Ledger.Kind.REFUSED;
import static io.hyperactor.channel.Ledger.Kind.SENDER_DIED;
import static io.hyperactor.channel.Ledger.Kind.SENT;
import static io.hyperactor.channel.Ledger.Kind.SESSION_OVER;
import static io.hyperactor.channel.Ledger.Kind.UNKNOWN;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// The judge is judged: a good ledger passes, and each way to spoil it is noticed.
final class LedgerCheckerTest {
    private static final long LINK = 9;
    private static final LedgerChecker.Expectation STRICT =
            new LedgerChecker.Expectation(3, 100, true, false);

    private final List<Ledger.Entry> entries = new ArrayList<>();

    private LedgerCheckerTest add(Ledger.Kind kind, long id) {
        entries.add(new Ledger.Entry(kind, id, LINK, kind == SENT ? 20 : 0));
        return this;
    }

    /// Of five frames two are delivered, one is refused, one in doubt and one never left.
    private LedgerCheckerTest good() {
        add(SENT, 1).add(SENT, 2).add(ENQUEUED, 1).add(ENQUEUED, 2).add(DELIVERED, 1);
        add(SENT, 3).add(DELIVERED, 2).add(REFUSED, 3).add(NOT_DELIVERED, 3);
        return add(SENT, 4).add(SENT, 5).add(ENQUEUED, 4).add(UNKNOWN, 4).add(NOT_DELIVERED, 5);
    }

    private List<String> wrongs() {
        return LedgerChecker.check(entries, STRICT);
    }

    private void assertWrong(String what) {
        assertThat(wrongs()).anyMatch(wrong -> wrong.contains(what));
    }

    private int at(Ledger.Kind kind, long id) {
        return entries.indexOf(new Ledger.Entry(kind, id, LINK, kind == SENT ? 20 : 0));
    }

    @Test
    void aGoodLedgerPasses() {
        assertThat(good().wrongs()).isEmpty();
    }

    @Test
    void anyEntryLeftOutIsNoticed() {
        int size = good().entries.size();
        for (int i = 0; i < size; i++) {
            Ledger.Entry left = entries.remove(i);
            boolean harmless = left.kind() == ENQUEUED && left.id() == 4; // that was in doubt
            assertThat(wrongs().isEmpty()).as("without %s", left).isEqualTo(harmless);
            entries.add(i, left);
        }
    }

    @Test
    void anyEntryTwiceIsNoticed() {
        int size = good().entries.size();
        for (int i = 0; i < size; i++) {
            Ledger.Entry twice = entries.get(i);
            entries.add(i + 1, twice);
            assertThat(wrongs().isEmpty()).as("twice %s", twice).isEqualTo(twice.kind() == REFUSED);
            entries.remove(i + 1);
        }
    }

    @Test
    void anOrderThatIsNotThatOfSendingIsNoticed() {
        good();
        Collections.swap(entries, at(ENQUEUED, 1), at(ENQUEUED, 2));
        assertWrong("S2");
    }

    @Test
    void anOutcomeThatIsNotTrueIsNoticed() {
        good();
        entries.set(at(NOT_DELIVERED, 5), new Ledger.Entry(DELIVERED, 5, LINK, 0));
        assertWrong("S3, S6");
        entries.set(at(DELIVERED, 2), new Ledger.Entry(NOT_DELIVERED, 2, LINK, 0));
        assertWrong("S5");
    }

    @Test
    void whatArrivesAfterItWasGivenUpIsNoticed() {
        good().add(ENQUEUED, 5);
        assertWrong("S5");
    }

    @Test
    void anAcknowledgementBeforeTheQueueIsNoticed() {
        good();
        Collections.swap(entries, at(ENQUEUED, 1), at(DELIVERED, 1));
        assertWrong("S3");
    }

    @Test
    void aGapInAQueueIsNoticed() {
        add(SENT, 1).add(SENT, 2).add(ENQUEUED, 2).add(UNKNOWN, 1).add(UNKNOWN, 2);
        assertWrong("behind a gap");
    }

    @Test
    void aWindowThatIsExceededIsNoticed() {
        add(SENT, 1).add(SENT, 2).add(SENT, 3).add(SENT, 4);
        assertWrong("S9 more frames");
    }

    @Test
    void aWindowOfBytesThatIsExceededIsNoticed() {
        add(SENT, 1);
        entries.add(new Ledger.Entry(SENT, 2, LINK, 81));
        assertWrong("S9 more bytes");
    }

    @Test
    void whatComesAfterTheEndOfItsSessionIsNoticed() {
        good().add(SENT, 6).add(SESSION_OVER, 0).add(ENQUEUED, 6).add(UNKNOWN, 6);
        assertWrong("S10");
    }

    @Test
    void aThiefIsNoticed() {
        good().add(FORGED, LINK);
        assertWrong("S8");
    }

    @Test
    void whoDiedOwesNoOutcomes() {
        add(SENT, 1).add(SENDER_DIED, 0);
        assertThat(wrongs()).isEmpty();
    }

    @Test
    void whereNothingBadHappenedNothingMayBeInDoubt() {
        add(SENT, 1).add(UNKNOWN, 1);
        assertThat(wrongs()).isEmpty();
        assertThat(LedgerChecker.check(entries, new LedgerChecker.Expectation(3, 100, true, true)))
                .hasSize(1);
    }
}

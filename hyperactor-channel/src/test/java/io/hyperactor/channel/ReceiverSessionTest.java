package io.hyperactor.channel;

import static io.hyperactor.channel.ReceiverSession.Verdict.DUPLICATE;
import static io.hyperactor.channel.ReceiverSession.Verdict.GAP;
import static io.hyperactor.channel.ReceiverSession.Verdict.NEXT;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ReceiverSessionTest {
    private final ReceiverSession session = new ReceiverSession(65_536, 16 << 20);

    private void accept(int frames, int length) {
        for (int i = 0; i < frames; i++) {
            assertThat(session.check(session.expected())).isEqualTo(NEXT);
            session.accepted(length);
        }
    }

    @Test
    void framesAreTakenOnceAndInOrder() {
        assertThat(session.check(1)).isEqualTo(NEXT);
        assertThat(session.check(1)).as("the receiver had no room").isEqualTo(NEXT);
        accept(1, 0);
        assertThat(session.check(1)).isEqualTo(DUPLICATE);
        assertThat(session.check(3)).isEqualTo(GAP);
        assertThat(session.check(0)).isEqualTo(GAP);
        assertThat(session.check(-1)).isEqualTo(GAP);
        assertThat(session.check(Long.MAX_VALUE)).isEqualTo(GAP);
        assertThat(session.expected()).isEqualTo(2);
    }

    @Test
    void anAcknowledgementIsDueAfterAThousandFrames() {
        accept(999, 0);
        assertThat(session.due()).isFalse();
        accept(1, 0);
        assertThat(session.due()).isTrue();
        assertThat(session.take()).isEqualTo(1000);
        assertThat(session.due()).isFalse();
        assertThat(session.owes()).isFalse();
        accept(999, 0);
        assertThat(session.due()).isFalse();
        accept(1, 0);
        assertThat(session.due()).isTrue();
    }

    @Test
    void anAcknowledgementIsDueAfterAMebibyte() {
        accept(1, (1 << 20) - 1);
        assertThat(session.due()).isFalse();
        accept(1, 1);
        assertThat(session.due()).isTrue();
        session.take();
        accept(1, 10);
        assertThat(session.due()).isFalse();
    }

    @Test
    void fewerFramesAreOwedAndTakenOnce() {
        assertThat(session.owes()).isFalse();
        accept(3, 5);
        assertThat(session.owes()).isTrue();
        assertThat(session.take()).isEqualTo(3);
        assertThat(session.owes()).isFalse();
        assertThat(session.take()).isEqualTo(3);
    }

    @Test
    void whoAsksIsAnsweredEvenWithNothingNew() {
        accept(1, 0);
        session.take();
        session.ask();
        assertThat(session.owes()).isTrue();
        assertThat(session.due()).isTrue();
        assertThat(session.take()).isEqualTo(1);
        assertThat(session.owes()).isFalse();
    }

    @Test
    void aSmallWindowIsAcknowledgedByTheQuarter() {
        ReceiverSession small = new ReceiverSession(40, 400);
        for (int i = 0; i < 9; i++) {
            small.accepted(1);
            assertThat(small.due()).isFalse();
        }
        small.accepted(1);
        assertThat(small.due()).isTrue();
        small.take();
        small.accepted(100);
        assertThat(small.due()).isTrue();
        assertThat(new ReceiverSession(-5, 0).due()).as("nonsense from a peer").isFalse();
    }
}

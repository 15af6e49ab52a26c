package io.hyperactor;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperactor.Mailbox.Node;
import io.hyperactor.Mailbox.Push;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

final class MailboxTest {
    private static final int ANY = Integer.MAX_VALUE;

    private static Node node(Object message) {
        return new Node(message, Origin.NOWHERE);
    }

    private static Push push(Mailbox mailbox, Object message) {
        return mailbox.push(node(message), ANY);
    }

    /// Messages to push together; the newest of them.
    private static Node together(Object... messages) {
        Node newest = null;
        for (Object message : messages) {
            Node next = node(message);
            next.follow(newest);
            newest = next;
        }
        return newest;
    }

    private static List<Object> pollAll(Mailbox mailbox) {
        List<Object> all = new ArrayList<>();
        for (Node n = mailbox.poll(); n != null; n = mailbox.poll()) {
            all.add(n.message);
        }
        return all;
    }

    private static List<Object> chain(Node first) {
        List<Object> all = new ArrayList<>();
        for (Node n = first; n != null; n = Mailbox.after(n)) {
            all.add(n.message);
        }
        return all;
    }

    @Test
    void onlyThePushOntoAnIdleMailboxAsksToSchedule() {
        Mailbox mailbox = new Mailbox(false);
        assertThat(mailbox.isIdle()).isTrue();
        assertThat(push(mailbox, "a")).isEqualTo(Push.WAS_IDLE);
        assertThat(push(mailbox, "b")).isEqualTo(Push.QUEUED);
        assertThat(mailbox.isIdle()).isFalse();
    }

    @Test
    void aMailboxThatStartsScheduledAsksNobody() {
        Mailbox mailbox = new Mailbox(true);
        assertThat(mailbox.isIdle()).isFalse();
        assertThat(mailbox.poll()).isNull();
        assertThat(push(mailbox, "a")).isEqualTo(Push.QUEUED);
    }

    @Test
    void messagesComeOutInTheOrderTheyWentIn() {
        Mailbox mailbox = new Mailbox(true);
        push(mailbox, 1);
        push(mailbox, 2);
        assertThat(mailbox.poll().message).isEqualTo(1);
        push(mailbox, 3);
        assertThat(pollAll(mailbox)).containsExactly(2, 3);
        push(mailbox, 4);
        assertThat(pollAll(mailbox)).containsExactly(4);
    }

    @Test
    void itGoesIdleOnlyWhenEmpty() {
        Mailbox mailbox = new Mailbox(true);
        push(mailbox, "a");
        assertThat(mailbox.park()).isFalse();
        assertThat(pollAll(mailbox)).containsExactly("a");
        assertThat(mailbox.park()).isTrue();
        assertThat(mailbox.isIdle()).isTrue();
        assertThat(push(mailbox, "b")).isEqualTo(Push.WAS_IDLE);
        assertThat(pollAll(mailbox)).containsExactly("b");
    }

    @Test
    void oneAloneWakesAnIdleMailbox() {
        Mailbox mailbox = new Mailbox(false);
        assertThat(mailbox.wake()).isTrue();
        assertThat(mailbox.wake()).isFalse();
        assertThat(push(mailbox, "a")).isEqualTo(Push.QUEUED);
        assertThat(pollAll(mailbox)).containsExactly("a");
    }

    @Test
    void theBoundCountsWhatWaitsAndWhatTheConsumerTook() {
        Mailbox mailbox = new Mailbox(true);
        for (int i = 0; i < 3; i++) {
            assertThat(mailbox.push(node(i), 3)).isEqualTo(Push.QUEUED);
        }
        assertThat(mailbox.push(node("over"), 3)).isEqualTo(Push.FULL);
        assertThat(mailbox.isFull(3)).isTrue();
        assertThat(mailbox.poll().message).isEqualTo(0); // two are now the consumer's, and count
        assertThat(mailbox.depth()).isEqualTo(2);
        assertThat(mailbox.push(node(3), 3)).isEqualTo(Push.QUEUED);
        assertThat(mailbox.push(node("over"), 3)).isEqualTo(Push.FULL);
        assertThat(pollAll(mailbox)).containsExactly(1, 2, 3);
        assertThat(mailbox.depth()).isZero();
        assertThat(mailbox.isFull(3)).isFalse();
    }

    @Test
    void aRefusedNodeCanBePushedAgain() {
        Mailbox mailbox = new Mailbox(true);
        mailbox.push(node("a"), 1);
        Node refused = node("b");
        assertThat(mailbox.push(refused, 1)).isEqualTo(Push.FULL);
        assertThat(mailbox.poll().message).isEqualTo("a");
        assertThat(mailbox.push(refused, 1)).isEqualTo(Push.QUEUED);
        assertThat(pollAll(mailbox)).containsExactly("b");
    }

    @Test
    void aClosedMailboxRefusesMessagesAndKeepsThoseItHas() {
        Mailbox mailbox = new Mailbox(true);
        push(mailbox, 1);
        push(mailbox, 2);
        assertThat(mailbox.poll().message).isEqualTo(1);
        push(mailbox, 3);
        mailbox.close();
        assertThat(push(mailbox, 4)).isEqualTo(Push.CLOSED);
        mailbox.close();
        assertThat(pollAll(mailbox)).containsExactly(2, 3);
        assertThat(push(mailbox, 5)).isEqualTo(Push.CLOSED);
        assertThat(mailbox.depth()).isZero();
    }

    @Test
    void aClosedMailboxGoesIdleAndIsWokenButStaysClosed() {
        Mailbox mailbox = new Mailbox(true);
        mailbox.close();
        assertThat(mailbox.park()).isFalse();
        assertThat(mailbox.parkClosed()).isTrue();
        assertThat(mailbox.isIdle()).isTrue();
        assertThat(push(mailbox, "a")).isEqualTo(Push.CLOSED);
        assertThat(mailbox.wake()).isTrue();
        assertThat(mailbox.wake()).isFalse();
        assertThat(push(mailbox, "b")).isEqualTo(Push.CLOSED);
        assertThat(mailbox.poll()).isNull();
    }

    @Test
    void aFenceHandsOutWhatTheConsumerHadNotTaken() {
        Mailbox mailbox = new Mailbox(true);
        push(mailbox, 1);
        push(mailbox, 2);
        assertThat(mailbox.poll().message).isEqualTo(1);
        push(mailbox, 3);
        push(mailbox, 4);
        assertThat(chain(mailbox.fence())).containsExactly(4, 3);
        assertThat(push(mailbox, 5)).isEqualTo(Push.CLOSED);
        assertThat(pollAll(mailbox)).containsExactly(2);
        assertThat(push(mailbox, 6)).isEqualTo(Push.CLOSED);
    }

    @Test
    void aFenceAroundAnIdleMailboxHandsOutNothingAndWakesNobody() {
        Mailbox mailbox = new Mailbox(false);
        assertThat(mailbox.fence()).isNull();
        assertThat(mailbox.wake()).isFalse();
        assertThat(push(mailbox, "a")).isEqualTo(Push.CLOSED);
    }

    @Test
    void aFenceAroundMessagesOfAnIdleStartHandsThemOut() {
        Mailbox mailbox = new Mailbox(false);
        push(mailbox, "a");
        push(mailbox, "b");
        assertThat(chain(mailbox.fence())).containsExactly("b", "a");
    }

    @Test
    void whatIsPushedTogetherComesOutInOrderAndAsksToScheduleOnce() {
        Mailbox mailbox = new Mailbox(false);
        assertThat(mailbox.pushAll(together(1, 2, 3))).isEqualTo(Push.WAS_IDLE);
        assertThat(mailbox.pushAll(together(4, 5))).isEqualTo(Push.QUEUED);
        push(mailbox, 6);
        assertThat(mailbox.depth()).isEqualTo(6);
        assertThat(mailbox.isFull(6)).isTrue();
        assertThat(mailbox.isFull(7)).isFalse();
        assertThat(mailbox.poll().message).isEqualTo(1);
        assertThat(mailbox.pushAll(together(7))).isEqualTo(Push.QUEUED);
        assertThat(mailbox.depth()).isEqualTo(6);
        assertThat(pollAll(mailbox)).containsExactly(2, 3, 4, 5, 6, 7);
        assertThat(mailbox.park()).isTrue();
    }

    @Test
    void whatAClosedMailboxRefusesTogetherStaysTogether() {
        Mailbox mailbox = new Mailbox(true);
        mailbox.close();
        Node newest = together(1, 2, 3);
        assertThat(mailbox.pushAll(newest)).isEqualTo(Push.CLOSED);
        assertThat(chain(Mailbox.oldestFirst(newest))).containsExactly(1, 2, 3);
    }
}

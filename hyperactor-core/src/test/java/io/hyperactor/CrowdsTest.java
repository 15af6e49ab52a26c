package io.hyperactor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyperactor.wire.ActorId;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.ProcId;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

final class CrowdsTest {
    private static final ActorId PLACE =
            new ProcId(new ChannelAddress.Local(1), "to").actor("a", 0);
    private static final ProcId ONE = new ProcId(new ChannelAddress.Local(2), "one");
    private static final ProcId TWO = new ProcId(new ChannelAddress.Local(2), "two");

    /// Notes who is told what.
    private static final class Words implements MailboxSender {
        final List<String> words = new ArrayList<>();
        final List<Object> about = new ArrayList<>();
        Runnable whenTold = () -> {};

        @Override
        public boolean offer(Envelope envelope) {
            Hold hold = (Hold) InstanceCell.decode(envelope, Hold.TYPE);
            words.add(envelope.proc().name() + (hold.on() ? " waits" : " goes on"));
            about.add(hold.place());
            whenTold.run();
            return true;
        }

        @Override
        public CompletableFuture<Void> flush() {
            return CompletableFuture.completedFuture(null);
        }
    }

    private final Hands hands = new Hands(Long.MAX_VALUE - 5); // it may wrap
    private final Crowds crowds = new Crowds(hands);
    private final Words home = new Words();
    private boolean roomy;
    private final Crowds.Place place = () -> roomy;

    private static Envelope from(ProcId proc) {
        return from(proc, PLACE);
    }

    private static Envelope from(ProcId proc, ActorId to) {
        return new ObjectEnvelope(
                Origin.NOWHERE,
                Address.of(proc.actor("sender", 0)),
                Address.of(to),
                7,
                0,
                0,
                false,
                "text",
                Protocols.of(String.class),
                null);
    }

    private void enters(ProcId proc) {
        crowds.entered(place, from(proc), false, Home.of(home));
    }

    private void look() {
        hands.due.remove().run();
    }

    @Test
    void whoSendsIsToldOnceAndWhenThereIsRoomAgain() {
        enters(ONE);
        enters(ONE);
        enters(TWO);
        assertThat(home.words).containsExactly("one waits", "two waits");
        look();
        assertThat(home.words).hasSize(2);
        roomy = true;
        look();
        assertThat(home.words.subList(2, 4))
                .containsExactlyInAnyOrder("one goes on", "two goes on");
        assertThat(hands.due).isEmpty();
        roomy = false;
        enters(ONE);
        assertThat(home.words.getLast()).isEqualTo("one waits");
    }

    /// A link from one host to another is such a place.
    @Test
    void whoSendsToTwoProcsBehindOnePlaceIsToldOfBoth() {
        ActorId other = new ProcId(new ChannelAddress.Local(1), "other").actor("a", 0);
        for (ActorId to : List.of(PLACE, other, PLACE.proc().actor("b", 0), other)) {
            crowds.entered(place, from(ONE, to), true, Home.of(home));
        }
        assertThat(home.about).containsExactly(PLACE.proc(), other.proc());
        roomy = true;
        look();
        assertThat(home.words)
                .containsExactly("one waits", "one waits", "one goes on", "one goes on");
        assertThat(home.about.subList(2, 4)).containsExactlyInAnyOrder(PLACE.proc(), other.proc());
    }

    @Test
    void whoIsToldToGoOnBeforeHeIsToldToWaitIsToldAgain() {
        home.whenTold =
                () -> {
                    home.whenTold = () -> {};
                    roomy = true;
                    look(); // another thread's
                };
        enters(ONE);
        assertThat(home.words).containsExactly("one waits", "one goes on", "one goes on");
    }

    @Test
    void whoIsToldToWaitBeforeHeIsToldToGoOnIsToldAgain() {
        enters(ONE);
        enters(TWO);
        roomy = true;
        home.whenTold =
                () -> { // one of them goes on; the other sends more before he hears that he may
                    home.whenTold = () -> {};
                    roomy = false;
                    enters(home.words.getLast().startsWith("one") ? TWO : ONE);
                };
        look();
        String other = home.words.get(2).startsWith("one") ? "two" : "one";
        assertThat(home.words.subList(3, home.words.size()))
                .containsExactly(other + " waits", other + " goes on", other + " waits");
    }

    /// A hold ends by itself, and what nobody sends meanwhile tells nobody.
    @Test
    void aPlaceThatStaysCrowdedSaysSoAgainBeforeAHoldEnds() {
        enters(ONE);
        for (int i = 0; i < 5; i++) {
            long before = home.words.size();
            hands.pass(Holds.LASTS_NANOS / 2 - 1);
            look();
            assertThat(home.words).hasSize((int) before);
            hands.pass(1);
            look();
            assertThat(home.words).hasSize((int) before + 1);
            assertThat(home.words.getLast()).isEqualTo("one waits");
        }
    }

    @Test
    void whoEntersAfterALookCouldNotBeSetSetsTheNext() {
        hands.faulty = true;
        assertThatThrownBy(() -> crowds.entered(place, from(ONE), false, Home.of(home)))
                .isInstanceOf(OutOfMemoryError.class);
        hands.faulty = false;
        crowds.entered(place, from(TWO), false, Home.of(home));
        roomy = true;
        look();
        assertThat(home.words).contains("two waits", "one goes on", "two goes on");
    }

    @Test
    void itGoesOnThoughAWordCannotBeSaid() {
        MailboxSender broken =
                new MailboxSender() {
                    @Override
                    public boolean offer(Envelope envelope) {
                        throw new IllegalStateException("as it should");
                    }

                    @Override
                    public CompletableFuture<Void> flush() {
                        return CompletableFuture.completedFuture(null);
                    }
                };
        enters(ONE);
        assertThatThrownBy(() -> crowds.entered(() -> false, from(TWO), false, Home.of(broken)))
                .isInstanceOf(IllegalStateException.class);
        hands.pass(Holds.LASTS_NANOS / 2);
        assertThatThrownBy(this::look).isInstanceOf(IllegalStateException.class);
        assertThat(hands.due).hasSize(1);
    }
}

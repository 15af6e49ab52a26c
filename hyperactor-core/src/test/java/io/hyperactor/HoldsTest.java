package io.hyperactor;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperactor.wire.ActorId;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.ProcId;

import org.junit.jupiter.api.Test;

import java.util.concurrent.atomic.AtomicLong;

final class HoldsTest {
    private static final ProcId PROC = new ProcId(new ChannelAddress.Local(1), "p");
    private static final ActorId ACTOR = PROC.actor("a", 0);
    private static final ActorId OTHER = PROC.actor("b", 0);

    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 5); // it may wrap
    private final Holds holds = new Holds(clock::get);

    private static Envelope to(ActorId destination) {
        return ObjectEnvelope.news(
                Address.of(OTHER),
                Address.of(destination),
                7,
                0,
                "text",
                Protocols.of(String.class));
    }

    @Test
    void oneActorIsHeldUntilItIsReleased() {
        assertThat(holds.isEmpty()).isTrue();
        holds.apply(new Hold(ACTOR, false, true));
        assertThat(holds.holds(to(ACTOR))).isTrue();
        assertThat(holds.holds(to(OTHER))).isFalse();
        holds.apply(new Hold(ACTOR, false, false));
        assertThat(holds.holds(to(ACTOR))).isFalse();
        assertThat(holds.isEmpty()).isTrue();
    }

    @Test
    void aWholeProcIsHeldByAnyOfItsActors() {
        holds.apply(new Hold(ACTOR, true, true));
        assertThat(holds.holds(to(OTHER))).isTrue();
        holds.apply(new Hold(OTHER, true, false));
        assertThat(holds.holds(to(ACTOR))).isFalse();
    }

    @Test
    void aHoldEndsByItself() {
        holds.apply(new Hold(ACTOR, false, true));
        clock.addAndGet(Holds.LASTS_NANOS - 1);
        assertThat(holds.holds(to(ACTOR))).isTrue();
        clock.incrementAndGet();
        assertThat(holds.holds(to(ACTOR))).isFalse();
        assertThat(holds.isEmpty()).isTrue();
    }

    @Test
    void ofAProcThatHoldsVeryManyAllIsHeldAndOthersKeepTheirPlaces() {
        for (int i = 0; i < Holds.OF_A_PROC_MAX; i++) {
            holds.apply(new Hold(PROC.actor("a" + i, 0), false, true));
        }
        assertThat(holds.holds(to(OTHER))).isFalse();
        holds.apply(new Hold(PROC.actor("a0", 0), false, true)); // once more
        assertThat(holds.holds(to(OTHER))).isFalse();

        holds.apply(new Hold(PROC.actor("more", 0), false, true));
        assertThat(holds.holds(to(OTHER))).isTrue();
        clock.addAndGet(Holds.LASTS_NANOS);
        assertThat(holds.holds(to(OTHER))).isFalse();
        holds.apply(new Hold(ACTOR, false, true));
        assertThat(holds.holds(to(ACTOR))).isTrue();
        assertThat(holds.holds(to(OTHER))).isFalse();
    }

    @Test
    void whoIsOneProcTooManyIsNotHeldUntilOthersAreOver() {
        for (int i = 0; i < Holds.PROCS_MAX; i++) {
            ProcId proc = new ProcId(new ChannelAddress.Local(9), "p" + i);
            holds.apply(new Hold(proc.actor("a", 0), true, true));
        }
        holds.apply(new Hold(ACTOR, false, true));
        assertThat(holds.holds(to(ACTOR))).isFalse();

        clock.addAndGet(Holds.LASTS_NANOS);
        holds.apply(new Hold(ACTOR, false, true));
        assertThat(holds.holds(to(ACTOR))).isTrue();
    }

    @Test
    void nobodySpeaksForOthers() {
        ActorId elsewhere = new ProcId(new ChannelAddress.Local(2), "p").actor("a", 0);
        assertThat(new Hold(ACTOR, false, true).isOf(ACTOR)).isTrue();
        assertThat(new Hold(ACTOR, false, true).isOf(OTHER)).isFalse();
        assertThat(new Hold(ACTOR, true, true).isOf(OTHER)).isTrue();
        assertThat(new Hold(ACTOR, true, true).isOf(elsewhere)).isFalse();
    }
}

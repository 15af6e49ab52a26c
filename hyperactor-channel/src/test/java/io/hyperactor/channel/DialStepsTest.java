package io.hyperactor.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.hyperactor.channel.DialLife.Effect;
import io.hyperactor.channel.DialLife.Event;
import io.hyperactor.wire.ChannelAddress;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/// Steps for which there is no memory.
final class DialStepsTest {
    private static final DialLife.Limits LIMITS =
            new DialLife.Limits(
                    new ChannelAddress.Local(1),
                    SimWorld.MILLI,
                    SimWorld.SECOND,
                    30 * SimWorld.SECOND,
                    30 * SimWorld.SECOND,
                    SimWorld.SECOND,
                    5 * SimWorld.SECOND);

    private final Channels channels = new Channels(ChannelConfig.standard());
    private final Owner owner = new Owner();
    private final DialSteps steps = new DialSteps(owner, channels.context(), LIMITS);

    @AfterEach
    void stop() {
        channels.close();
    }

    private static final class Owner implements DialSteps.Owner {
        private final List<Class<?>> carriedOut = new ArrayList<>();
        private boolean hasMemory = true;
        private boolean hasTimers = true;
        private int takesAgain;

        @Override
        public DialLife.Account account() {
            if (!hasMemory) {
                throw new OutOfMemoryError("planned");
            }
            return new DialLife.Account(0, 1, 0, 0, 0, 0);
        }

        @Override
        public void carryOut(Effect effect) {
            if (!hasTimers && effect instanceof Effect.WakeAt) {
                throw new OutOfMemoryError("planned");
            }
            carriedOut.add(effect.getClass());
        }

        @Override
        public void takeAgain() {
            takesAgain++;
        }
    }

    private void takeInVain() {
        assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(steps::take);
        assertThat(steps.areUnderWay()).isFalse();
    }

    @Test
    void anEventWithoutMemoryForItsStepIsTakenAgain() {
        owner.hasMemory = false;
        takeInVain();
        takeInVain();
        assertThat(owner.takesAgain).isEqualTo(2);
        owner.hasMemory = true;
        steps.take();
        assertThat(owner.carriedOut).containsExactly(Effect.Connect.class, Effect.WakeAt.class);
        steps.add(new Event.Connected());
        owner.hasMemory = false;
        takeInVain();
        owner.hasMemory = true;
        steps.take();
        assertThat(owner.carriedOut).contains(Effect.SayHello.class);
    }

    @Test
    void anAlarmWithoutMemoryIsSetLaterAndNotAtOnce() {
        owner.hasTimers = false;
        takeInVain();
        takeInVain();
        assertThat(owner.takesAgain).isEqualTo(2);
        owner.hasTimers = true;
        owner.carriedOut.clear();
        steps.take();
        assertThat(owner.carriedOut).containsExactly(Effect.WakeAt.class);
        steps.take();
        assertThat(owner.carriedOut).hasSize(1);
    }
}

package io.hyperactor;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperactor.wire.Transport;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.concurrent.atomic.AtomicBoolean;

/// More comes back than the way home has room for at a time.
final class NarrowWayHomeTest extends OnePair {
    @ParameterizedTest
    @EnumSource(names = {"LOCAL", "UNIX"})
    void moreThanTheWayHomeHoldsAtOnce(Transport transport) {
        narrow(transport);
        long abandoned = Counters.abandoned();
        pair.here.count(attested(pair.there.proc.id(), "nobody"), 0, 3000);
        Waiting.until(() -> pair.here.returnedCount() + Counters.abandoned() - abandoned >= 3000);
        assertThat(pair.here.returnedNumbers()).hasSize(3000).isSorted();
    }

    @ParameterizedTest
    @EnumSource(names = {"LOCAL", "UNIX"})
    void theQueueOfAFailedActorThoughTheWayHomeIsNarrow(Transport transport) {
        narrow(transport);
        long abandoned = Counters.abandoned();
        Counting actor = new Counting();
        ActorHandle<Work> handle = held(actor);
        pair.here.client.send(handle.ref(), new Work.Do("fail"));
        pair.here.count(handle.ref(), 0, 3000);
        Waiting.get(pair.here.proc.flush());
        actor.release.countDown();
        Waiting.until(() -> pair.here.returnedCount() + Counters.abandoned() - abandoned >= 3000);
        assertThat(pair.here.returnedNumbers()).hasSize(3000).isSorted();
    }

    @ParameterizedTest
    @EnumSource(names = {"LOCAL", "UNIX"})
    void whatComesWhileAProcClosesGoesBackThoughTheWayHomeIsNarrow(Transport transport) {
        narrow(transport);
        AtomicBoolean late = new AtomicBoolean(true);
        pair.there.proc.closes(() -> { // its actors have ended, and it is still served
            if (late.getAndSet(false)) {
                pair.here.count(attested(pair.there.proc.id(), "nobody"), 0, 1000);
                Waiting.get(pair.here.proc.flush());
            }
        });
        pair.there.close();
        Waiting.until(() -> pair.here.returnedCount() >= 1000);
        assertThat(pair.here.returnedNumbers()).hasSize(1000).isSorted();
    }
}

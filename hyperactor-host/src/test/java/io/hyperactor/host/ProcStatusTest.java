package io.hyperactor.host;

import static io.hyperactor.host.ProcStatus.Stage.FAILED;
import static io.hyperactor.host.ProcStatus.Stage.KILLED;
import static io.hyperactor.host.ProcStatus.Stage.READY;
import static io.hyperactor.host.ProcStatus.Stage.RUNNING;
import static io.hyperactor.host.ProcStatus.Stage.STARTING;
import static io.hyperactor.host.ProcStatus.Stage.STOPPED;
import static io.hyperactor.host.ProcStatus.Stage.STOPPING;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperactor.host.ProcStatus.Stage;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.ProcId;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;

class ProcStatusTest {
    private static final Instant AT = Instant.EPOCH;
    private static final ChannelAddress HERE = new ChannelAddress.Unix("/here");
    private static final ProcExit EXIT = new ProcExit.Exited(3);

    /// One of each stage.
    private static final List<ProcStatus> ALL =
            List.of(
                    new ProcStatus.Starting(),
                    new ProcStatus.Running(AT),
                    new ProcStatus.Ready(AT, HERE),
                    new ProcStatus.Stopping(AT),
                    new ProcStatus.Stopped(EXIT),
                    new ProcStatus.Killed(EXIT),
                    new ProcStatus.Failed(EXIT));

    /// Written down once more, by hand: all 49.
    private static final Map<Stage, Set<Stage>> TABLE =
            Map.of(
                    STARTING, Set.of(RUNNING, READY, STOPPING, STOPPED, KILLED, FAILED),
                    RUNNING, Set.of(READY, STOPPING, STOPPED, KILLED, FAILED),
                    READY, Set.of(STOPPING, STOPPED, KILLED, FAILED),
                    STOPPING, Set.of(STOPPED, KILLED, FAILED),
                    STOPPED, Set.of(),
                    KILLED, Set.of(),
                    FAILED, Set.of());

    private final LongAdder refused = new LongAdder();
    private final ToldStatus status = new ToldStatus(new ProcId(HERE, "p"), refused);

    @Test
    void theStepsAreThoseOfTheTable() {
        assertThat(ALL).extracting(ProcStatus::stage).containsExactly(Stage.values());
        for (ProcStatus from : ALL) {
            for (ProcStatus to : ALL) {
                assertThat(from.mayBecome(to))
                        .as("%s -> %s", from, to)
                        .isEqualTo(TABLE.getOrDefault(from.stage(), Set.of()).contains(to.stage()));
            }
        }
    }

    @Test
    void theEndingsAreThoseThatNothingFollows() {
        assertThat(ALL)
                .filteredOn(ProcStatus::isExit)
                .extracting(ProcStatus::stage)
                .containsExactly(STOPPED, KILLED, FAILED);
    }

    @Test
    void aStepThatIsNoneIsCountedAndNobodyIsToldOfIt() {
        List<ProcStatus> told = new ArrayList<>();
        var _ = status.told().observe(told::add);
        told.clear(); // it begins with what is

        status.become(new ProcStatus.Killed(EXIT));
        status.become(new ProcStatus.Running(AT));
        status.become(new ProcStatus.Stopped(EXIT));

        assertThat(told).containsExactly(new ProcStatus.Killed(EXIT));
        assertThat(status.told().value()).isEqualTo(new ProcStatus.Killed(EXIT));
        assertThat(refused.sum()).isEqualTo(2);
    }

    @Test
    void whatItIsAlreadyIsNoStep() {
        status.become(new ProcStatus.Starting());

        assertThat(refused.sum()).isZero();
    }
}

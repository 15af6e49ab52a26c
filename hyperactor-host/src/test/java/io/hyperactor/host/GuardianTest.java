package io.hyperactor.host;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

class GuardianTest {
    private static final class FakeProcess implements Guardian.Running {
        final List<String> groupsAtStart;
        final List<String> lines = new ArrayList<>();
        boolean full;
        boolean killed;

        FakeProcess(List<String> command) {
            assertThat(command.get(4)).isEqualTo("/cg");
            assertThat(command.get(5)).isEqualTo("HYPERACTOR_HOST_MARK=a-b-c.1.");
            groupsAtStart = List.copyOf(command.subList(6, command.size()));
        }

        @Override
        public boolean tell(byte[] line) {
            if (!full) {
                lines.add(new String(line, StandardCharsets.US_ASCII));
            }
            return !full;
        }

        @Override
        public void kill() {
            killed = true;
        }
    }

    private final List<FakeProcess> processes = new ArrayList<>();
    private long now = Long.MAX_VALUE - 1000; // a clock may run over
    private boolean startFails;
    private final Guardian guardian =
            new Guardian(
                    4711,
                    this::start,
                    () -> Optional.of(Path.of("/cg")),
                    Optional.of("a-b-c.1."),
                    () -> now);

    private Guardian.Running start(List<String> command) throws IOException {
        if (startFails) {
            throw new IOException("EAGAIN");
        }
        assertThat(command.subList(0, 2)).containsExactly("/bin/sh", "-c");
        assertThat(command.get(2)).startsWith(": hyperactor guardian of 4711;");
        processes.add(new FakeProcess(command));
        return processes.getLast();
    }

    @Test
    void thereIsNoProcessBeforeTheFirstChild() {
        guardian.startIfDue();

        assertThat(processes).isEmpty();
        assertThat(guardian.nanosToWait()).isNegative();
        assertThat(guardian.isRunning()).isFalse();
    }

    @Test
    void itStartsWithTheFirstGroupAndIsToldOfTheOthers() {
        guardian.started(10);
        guardian.started(11);
        guardian.ending(10);
        guardian.ending(10);

        assertThat(processes).hasSize(1);
        assertThat(processes.getFirst().groupsAtStart).containsExactly("10");
        assertThat(processes.getFirst().lines).containsExactly("+ 11\n", "- 10\n");
    }

    @Test
    void aLostOneIsReplacedAfterAPauseByOneThatKnowsWhatIsLeft() {
        guardian.started(10);
        guardian.started(11);
        guardian.ending(10);
        guardian.lost();
        guardian.started(12);

        assertThat(processes).hasSize(1);
        assertThat(guardian.nanosToWait()).isEqualTo(Guardian.PAUSE_MIN_NANOS);

        now += Guardian.PAUSE_MIN_NANOS;
        guardian.startIfDue();

        assertThat(processes).hasSize(2);
        assertThat(processes.getLast().groupsAtStart).containsExactly("11", "12");
    }

    @Test
    void thePauseGrowsToABoundAndShrinksAfterALongLife() {
        guardian.started(10);
        long expected = Guardian.PAUSE_MIN_NANOS;
        for (int i = 0; i < 20; i++) {
            guardian.lost();
            assertThat(guardian.nanosToWait()).isEqualTo(expected);
            now += expected;
            guardian.startIfDue();
            expected = Math.min(2 * expected, Guardian.PAUSE_MAX_NANOS);
        }
        assertThat(expected).isEqualTo(Guardian.PAUSE_MAX_NANOS);

        now += Guardian.HEALTHY_NANOS;
        guardian.lost();

        assertThat(guardian.nanosToWait()).isEqualTo(Guardian.PAUSE_MIN_NANOS);
    }

    @Test
    void oneThatCannotBeStartedIsTriedAgain() {
        startFails = true;
        guardian.started(10);
        startFails = false;
        guardian.startIfDue();
        assertThat(processes).isEmpty();

        now += guardian.nanosToWait();
        guardian.startIfDue();

        assertThat(processes).hasSize(1);
    }

    @Test
    void oneThatTakesNoLineIsKilledOnceAndToldNothingMore() {
        guardian.started(10);
        FakeProcess stuck = processes.getFirst();
        stuck.full = true;
        guardian.started(11);
        assertThat(stuck.killed).isTrue();

        stuck.full = false;
        stuck.killed = false;
        guardian.ending(10);

        assertThat(stuck.lines).isEmpty();
        assertThat(stuck.killed).isFalse();
        guardian.lost();
        now += Guardian.PAUSE_MIN_NANOS;
        guardian.startIfDue();
        assertThat(processes.getLast().groupsAtStart).containsExactly("11");
    }

    @Test
    void aClosedOneIsKilledAndNotReplaced() {
        guardian.started(10);
        guardian.ending(10);
        guardian.close();

        assertThat(processes.getFirst().killed).isTrue();
        guardian.lost();
        now += Guardian.PAUSE_MAX_NANOS;
        guardian.startIfDue();
        assertThat(processes).hasSize(1);
        assertThat(guardian.isRunning()).isFalse();
    }
}

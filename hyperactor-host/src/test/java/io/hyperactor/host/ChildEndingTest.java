package io.hyperactor.host;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// What the kernel writes, byte by byte: `si_signo`, `si_errno`, `si_code`, a hole, `si_pid`,
/// `si_uid`, `si_status`.
class ChildEndingTest {
    private static final int CHLD = 17;
    private static final int PID = 4711;

    private static MemorySegment ending(int code, int pid, int status) {
        MemorySegment ending = ChildEnding.allocate(Arena.ofAuto());
        ByteBuffer bytes = ending.asByteBuffer().order(ByteOrder.nativeOrder());
        bytes.putInt(CHLD).putInt(0).putInt(code).putInt(0).putInt(pid).putInt(1000).putInt(status);
        return ending;
    }

    @ParameterizedTest
    @CsvSource({"0", "1", "137", "255"})
    void aStatusIsAStatus(int status) {
        assertThat(ChildEnding.exit(ending(1, PID, status))).isEqualTo(new ProcExit.Exited(status));
    }

    @ParameterizedTest
    @CsvSource({"2, false", "3, true"})
    void aSignalTellsWhetherACoreWasDumped(int code, boolean dumped) {
        assertThat(ChildEnding.exit(ending(code, PID, 6)))
                .isEqualTo(new ProcExit.Signalled(6, dumped));
    }

    @Test
    void anEndingOfAnotherKindIsNotMadeUp() {
        assertThat(ChildEnding.exit(ending(4, PID, 5)))
                .isEqualTo(new ProcExit.Lost("the kernel reported an ending of unknown kind 4"));
    }

    @Test
    void nothingIsThereOfAChildThatLives() {
        assertThat(ChildEnding.isPresent(ChildEnding.allocate(Arena.ofAuto()))).isFalse();
        assertThat(ChildEnding.isPresent(ending(1, PID, 0))).isTrue();
    }
}

package io.hyperactor.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

import java.io.IOException;

class ProcLimitsTest {
    private static final String OWN =
            """
            Limit                     Soft Limit           Hard Limit           Units
            Max file size             unlimited            unlimited            bytes
            Max core file size        0                    1024                 bytes
            Max processes             96364                96364                processes
            Max open files            1024                 20000                files
            """;

    @Test
    void whatMakesNoSenseIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ProcLimits.NONE.withOpenFiles(15))
                .withMessage("a limit openFiles of 15 is below 16");
        assertThatIllegalArgumentException().isThrownBy(() -> ProcLimits.NONE.withProcesses(0));
        assertThatIllegalArgumentException().isThrownBy(() -> ProcLimits.NONE.withCoreBytes(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> ProcLimits.NONE.withFileBytes(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> ProcLimits.NONE.withMemoryBytes(9));
        assertThatIllegalArgumentException().isThrownBy(() -> ProcLimits.NONE.withTasks(0));
        assertThatIllegalArgumentException().isThrownBy(() -> ProcLimits.NONE.withCpuPercent(0));
        assertThatIllegalArgumentException().isThrownBy(() -> ProcLimits.NONE.withHeapBytes(9));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ProcLimits.NONE.withNiceness(20))
                .withMessage("a niceness of 20 is not from 0 to 19");
        assertThatIllegalArgumentException().isThrownBy(() -> ProcLimits.NONE.withNiceness(-1));
    }

    @Test
    void aLimitIsGivenInTheUnitOfTheShellRoundedUp() throws IOException {
        LimitSettings settings =
                LimitSettings.of(ProcLimits.NONE.withFileBytes(513).withCoreBytes(1024), OWN);

        assertThat(settings.script()).contains("ulimit -f 2 ||", "ulimit -c 2 ||");
        assertThat(settings.applied())
                .extracting(AppliedLimit::toString)
                .containsExactly("core bytes 1024 (rlimit)", "file bytes 513 (rlimit)");
    }

    @Test
    void aLimitAboveThatOfTheHostIsRefused() throws IOException {
        assertThatExceptionOfType(LimitRefusedException.class)
                .isThrownBy(() -> LimitSettings.of(ProcLimits.NONE.withOpenFiles(20001), OWN))
                .withMessage(
                        "a limit of 20001 open files is above the 20000 of this process itself");
        assertThatExceptionOfType(LimitRefusedException.class)
                .isThrownBy(() -> LimitSettings.of(ProcLimits.NONE.withCoreBytes(1025), OWN));

        assertThat(LimitSettings.of(ProcLimits.NONE.withOpenFiles(20000), OWN).applied())
                .hasSize(1);
        assertThat(LimitSettings.of(ProcLimits.NONE.withFileBytes(Long.MAX_VALUE), OWN).applied())
                .hasSize(1);
    }

    @Test
    void withoutLimitsThereIsNothingToSet() throws IOException {
        assertThat(LimitSettings.of(ProcLimits.NONE).script()).isEmpty();
        assertThat(LimitSettings.of(ProcLimits.NONE).applied()).isEmpty();
    }
}

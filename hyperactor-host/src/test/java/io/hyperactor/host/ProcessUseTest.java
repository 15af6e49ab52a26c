package io.hyperactor.host;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;

class ProcessUseTest {
    @Test
    void aNameThatLooksLikeFieldsDoesNotShiftThem() {
        String stat = "7 (a) R 1 (b) S 1 7 7 0 -1 4194560 9 0 0 0 120 30 0 0 20 0 12 0 99 1 2";
        assertThat(ProcessUse.cpuMillis(stat)).isEqualTo(1500);
    }

    @Test
    void memoryIsReadInBytesAndIsNothingForAnEndingProcess() {
        assertThat(ProcessUse.rssBytes(List.of("Name:\tx", "VmRSS:\t    2048 kB")))
                .isEqualTo(2048 * 1024);
        assertThat(ProcessUse.rssBytes(List.of("Name:\tx"))).isZero();
    }

    @Test
    void thisProcessUsesMemoryAndTime() {
        ProcessUse use = ProcessUse.of(ProcessHandle.current().pid());
        assertThat(use.rssBytes()).isPositive();
        assertThat(use.cpuMillis()).isPositive();
        assertThat(ProcessUse.of(0)).isEqualTo(new ProcessUse(0, 0));
    }
}

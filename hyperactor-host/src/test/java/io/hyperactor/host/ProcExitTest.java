package io.hyperactor.host;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProcExitTest {
    @Test
    void eachEndingReadsAsOneLine() {
        assertThat(new ProcExit.Exited(3)).hasToString("exited with status 3");
        assertThat(new ProcExit.Signalled(9, false)).hasToString("killed by signal 9 (SIGKILL)");
        assertThat(new ProcExit.Signalled(11, true))
                .hasToString("killed by signal 11 (SIGSEGV), core dumped");
        assertThat(new ProcExit.Ambiguous(143))
                .hasToString("exited with status 143 or killed by signal 15 (SIGTERM)");
        assertThat(new ProcExit.Lost("why")).hasToString("lost: why");
    }

    @Test
    void everyNumberHasAName() {
        assertThat(ProcExit.signalName(6)).isEqualTo("SIGABRT");
        assertThat(ProcExit.signalName(34)).isEqualTo("SIGRTMIN+0");
        assertThat(ProcExit.signalName(64)).isEqualTo("SIGRTMIN+30");
        assertThat(ProcExit.signalName(99)).isEqualTo("signal 99");
    }
}

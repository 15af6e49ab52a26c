package io.hyperactor.host;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

import java.io.IOException;

@EnabledOnOs(OS.LINUX)
class ProcessIdentityTest {
    @Test
    void whoRunsIsNotDead() throws IOException {
        ProcessIdentity self = ProcessIdentity.self();

        assertThat(self.pid()).isEqualTo(ProcessHandle.current().pid());
        assertThat(self.isDead()).isFalse();
    }

    @Test
    void anEarlierProcessWithTheSameIdIsDead() throws IOException {
        ProcessIdentity self = ProcessIdentity.self();

        assertThat(new ProcessIdentity(self.pid(), 1, self.pidNamespace()).isDead()).isTrue();
    }

    @Test
    void aProcessThatHasEndedIsDead() throws IOException, InterruptedException {
        Process ended = new ProcessBuilder("true").start();
        ended.waitFor();

        long here = ProcessIdentity.self().pidNamespace();

        assertThat(new ProcessIdentity(ended.pid(), 1, here).isDead()).isTrue();
    }

    @Test
    void ofAProcessInAnotherNamespaceNothingIsKnown() throws IOException {
        ProcessIdentity self = ProcessIdentity.self();

        assertThat(new ProcessIdentity(self.pid(), 1, self.pidNamespace() + 1).isDead()).isFalse();
    }

    @Test
    void theStartIsFoundWhateverTheProcessIsCalled() {
        String stat =
                "7 (a) b (c) S 1 7 7 0 -1 4194560 0 0 0 0 0 0 0 0 20 0 1 0 123456 0 0 184467\n";

        assertThat(ProcessIdentity.startTicks(stat)).isEqualTo(123456);
    }
}

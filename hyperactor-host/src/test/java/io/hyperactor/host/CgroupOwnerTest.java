package io.hyperactor.host;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

import java.io.IOException;

@EnabledOnOs(OS.LINUX)
class CgroupOwnerTest {
    @Test
    void theNameOfAGroupTellsItsOwner() throws IOException {
        CgroupOwner self = CgroupOwner.self(3);

        assertThat(CgroupOwner.parse(self.groupName())).contains(self);
        assertThat(self.pid()).isEqualTo(ProcessHandle.current().pid());
        assertThat(self.groupName()).matches("hyperactor-\\d+-\\d+-\\d+-3");
    }

    @Test
    void otherNamesTellNothing() {
        assertThat(CgroupOwner.parse("hyperactor-1-2-3")).isEmpty();
        assertThat(CgroupOwner.parse("hyperactor-1-2-3-x")).isEmpty();
        assertThat(CgroupOwner.parse("x-hyperactor-1-2-3-4")).isEmpty();
        assertThat(CgroupOwner.parse("hyperactor-9999999999999999999-2-3-4")).isEmpty();
    }

    @Test
    void whoRunsIsNotDead() throws IOException {
        assertThat(CgroupOwner.self(1).isDead()).isFalse();
    }

    @Test
    void anEarlierProcessWithTheSameIdIsDead() throws IOException {
        CgroupOwner self = CgroupOwner.self(1);

        assertThat(new CgroupOwner(self.pid(), 1, self.pidNamespace(), 1).isDead()).isTrue();
    }

    @Test
    void aProcessThatHasEndedIsDead() throws IOException, InterruptedException {
        Process ended = new ProcessBuilder("true").start();
        ended.waitFor();

        var owner = new CgroupOwner(ended.pid(), 1, CgroupOwner.self(1).pidNamespace(), 1);

        assertThat(owner.isDead()).isTrue();
    }

    @Test
    void ofAProcessInAnotherNamespaceNothingIsKnown() throws IOException {
        CgroupOwner self = CgroupOwner.self(1);

        assertThat(new CgroupOwner(self.pid(), 1, self.pidNamespace() + 1, 1).isDead()).isFalse();
    }

    @Test
    void theStartIsFoundWhateverTheProcessIsCalled() {
        String stat =
                "7 (a) b (c) S 1 7 7 0 -1 4194560 0 0 0 0 0 0 0 0 20 0 1 0 123456 0 0 184467\n";

        assertThat(CgroupOwner.startTicks(stat)).isEqualTo(123456);
    }
}

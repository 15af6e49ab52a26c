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
        assertThat(self.process()).isEqualTo(ProcessIdentity.self());
        assertThat(self.groupName()).matches("hyperactor-\\d+-\\d+-\\d+-3");
    }

    @Test
    void otherNamesTellNothing() {
        assertThat(CgroupOwner.parse("hyperactor-1-2-3")).isEmpty();
        assertThat(CgroupOwner.parse("hyperactor-1-2-3-x")).isEmpty();
        assertThat(CgroupOwner.parse("x-hyperactor-1-2-3-4")).isEmpty();
        assertThat(CgroupOwner.parse("hyperactor-9999999999999999999-2-3-4")).isEmpty();
    }
}

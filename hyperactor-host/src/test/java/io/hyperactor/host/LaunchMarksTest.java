package io.hyperactor.host;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

import java.io.IOException;

class LaunchMarksTest {
    private static final String HOST =
            SocketMark.of(new ProcessIdentity(4711, 1234567, 4026531836L));

    @Test
    void eachLaunchOfEachLauncherHasItsOwn() {
        var marks = new LaunchMarks(HOST);
        var others = new LaunchMarks(HOST);
        String first = marks.next().orElseThrow();

        assertThat(first).startsWith(marks.launcher().orElseThrow()).startsWith(HOST);
        assertThat(marks.next().orElseThrow()).isNotEqualTo(first);
        assertThat(others.next().orElseThrow()).doesNotStartWith(marks.launcher().orElseThrow());
    }

    @Test
    void whereNobodyKnowsWhoTheHostIsThereAreNone() {
        var marks = new LaunchMarks("");

        assertThat(marks.next()).isEmpty();
        assertThat(marks.launcher()).isEmpty();
    }

    private static String mark(ProcessIdentity host) {
        return new LaunchMarks(SocketMark.of(host)).next().orElseThrow();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void onlyTheHostSaysWhetherItsMarksAreOfTheDead() throws IOException {
        ProcessIdentity self = ProcessIdentity.self();
        var before = new ProcessIdentity(self.pid(), self.startTicks() - 1, self.pidNamespace());
        var elsewhere = new ProcessIdentity(self.pid(), self.startTicks() - 1, 1);

        assertThat(LaunchMarks.isOfTheDead(new LaunchMarks().next().orElseThrow())).isFalse();
        assertThat(LaunchMarks.isOfTheDead(mark(before))).isTrue();
        assertThat(LaunchMarks.isOfTheDead(mark(elsewhere))).isFalse();
        assertThat(LaunchMarks.isOfTheDead(mark(before).replaceFirst("[.].", ".x"))).isFalse();
        assertThat(LaunchMarks.isOfTheDead(SocketMark.of(before) + "1.1")).isFalse();
        assertThat(LaunchMarks.isOfTheDead("made up")).isFalse();
    }
}

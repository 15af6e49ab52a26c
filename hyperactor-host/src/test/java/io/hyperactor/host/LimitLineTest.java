package io.hyperactor.host;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;

class LimitLineTest {
    private static final String CANNOT = "hyperactor: cannot limit open files to 9";

    private static Optional<String> find(int status, String... lines) {
        var end = new ProcExit.Exited(status);
        return LimitLine.find(new ExitReport(end, Optional.empty(), List.of(lines)))
                .map(LimitRefusedException::getMessage);
    }

    @Test
    void theCauseIsWhatTheShellSaysBefore() {
        String what = "cannot limit open files to 9";
        String denied = "ulimit: error setting limit (Operation not permitted)";
        String noShell = "Cannot set LC_CTYPE to default locale";
        assertThat(find(125, "hyperactor: 1: " + denied, CANNOT)).contains(what + ": " + denied);
        assertThat(find(125, noShell, "hyperactor: line 1: " + denied, CANNOT))
                .contains(what + ": " + denied);
        assertThat(find(125, CANNOT)).contains(what);
    }

    @Test
    void noMoreOfItIsQuotedThanOfOtherLastWords() {
        String endless = "x".repeat(60_000);
        assertThat(find(125, "hyperactor: 1: " + endless, CANNOT + endless).orElseThrow())
                .startsWith("cannot limit open files to 9x")
                .hasSizeLessThan(1000);
    }

    @Test
    void whateverElseAProgramSaysIsNoLimit() {
        assertThat(find(125)).isEmpty();
        assertThat(find(125, CANNOT, "and then it ran")).isEmpty();
        assertThat(find(1, CANNOT)).isEmpty();
    }
}

package io.hyperactor.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

import java.time.Instant;
import java.util.List;
import java.util.Map;

@EnabledOnOs({OS.LINUX, OS.MAC})
class PortableLauncherTest extends ProcLauncherContract {
    @Override
    ProcLauncher open(OutputListener output) {
        return new PortableLauncher(output);
    }

    @Override
    int controlDescriptor() {
        return 0;
    }

    @Test
    void aStatusThatCouldBeASignalIsAmbiguous() {
        assertThat(exitOf(launch(shell("exit 137")))).isEqualTo(new ProcExit.Ambiguous(137));
        assertThat(exitOf(launch(shell("kill -9 $$")))).isEqualTo(new ProcExit.Ambiguous(137));
    }

    @Test
    void itIsTakenWhereTheEnvironmentSaysSo() {
        var asked = Map.of(ProcLauncher.VARIABLE, "portable");
        try (ProcLauncher taken = ProcLauncher.forThisPlatform(OutputListener.NONE, asked)) {
            assertThat(taken).isInstanceOf(PortableLauncher.class);
        }
    }

    @Test
    void aSignalItCannotSendIsRefused() {
        LaunchedProcess process = launch(spec("sleep", "1000"));

        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> process.signalGroup(Signals.STOP))
                .withMessage("this launcher cannot send SIGSTOP");
    }

    @Test
    void aGrandchildThatHoldsTheOutputOpenDoesNotHoldUpTheExit() {
        LaunchedProcess process = launch(shell("sleep 1000 & echo pid $!; exit 3"));
        long grandchild = Long.parseLong(output.await(process, "pid "));

        assertThat(exitOf(process)).isEqualTo(new ProcExit.Exited(3));
        ProcessHandle.of(grandchild).ifPresent(ProcessHandle::destroyForcibly);
    }

    @Test
    void aProcessThatCannotBeWatchedIsKilled() {
        OutputListener failing =
                new OutputListener() {
                    @Override
                    public Terms terms(String name) {
                        throw new OutOfMemoryError("planned");
                    }

                    @Override
                    public void line(
                            Instant time, String name, long pid, Stream stream, String line) {}
                };
        try (ProcLauncher poor = open(failing)) {
            assertThatIOException().isThrownBy(() -> poor.launch(spec("sleep", "4711")));
            await().atMost(PATIENCE).until(() -> runningWith("4711").isEmpty());
        }
    }

    private static List<ProcessHandle> runningWith(String argument) {
        return ProcessHandle.current()
                .descendants()
                .filter(process ->
                        List.of(process.info().arguments().orElse(new String[0]))
                                .contains(argument))
                .toList();
    }
}

package io.hyperactor.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// What every launcher does on a Unix system, tried with real processes.
abstract class ProcLauncherContract extends RealProcesses {
    /// The descriptor of the control pipe.
    abstract int controlDescriptor();

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 127, 128, 255})
    void aStatusIsToldAsItWasGiven(int status) {
        assertThat(exitOf(launch(shell("exit " + status)))).isEqualTo(new ProcExit.Exited(status));
    }

    @Test
    void aProcessHasItsNameIdAndTimeOfStart() {
        LaunchSpec spec = spec("sleep", "1000");
        LaunchedProcess process = launch(spec);

        assertThat(process.name()).isEqualTo(spec.name());
        assertThat(OsProcess.isRunning(process.pid())).isTrue();
        assertThat(process.startedAt()).isBeforeOrEqualTo(Instant.now());
        assertThat(process.exit()).isNotDone();
    }

    @Test
    void bothStreamsAreHeardAndTheirLastLinesKept() {
        LaunchedProcess process = launch(shell("echo out; echo err >&2; printf unfinished"));

        exitOf(process);

        assertThat(process.lastLines()).containsExactlyInAnyOrder("out", "err", "unfinished");
        output.await(process, "out");
        output.await(process, "err");
        output.await(process, "unfinished");
    }

    @Test
    void outputWithoutLineEndsNeitherBlocksTheChildNorFillsMemory() {
        LaunchedProcess process =
                launch(
                        shell(
                                "head -c 30000000 /dev/zero | tr '\\0' x;"
                                        + " head -c 30000000 /dev/zero | tr '\\0' x >&2;"
                                        + " echo; echo end"));

        assertThat(exitOf(process)).isEqualTo(new ProcExit.Exited(0));

        List<String> lines = process.lastLines();
        assertThat(lines).hasSize(3).contains("end");
        assertThat(lines).anyMatch(line -> line.endsWith("x [29934464 more bytes]"));
        assertThat(lines.stream().mapToInt(String::length).sum()).isLessThan(200_000);
    }

    @Test
    void manyShortLinesNeitherBlockTheChildNorFillMemory() {
        LaunchedProcess process = launch(shell("yes | head -n 5000000; echo end"));

        assertThat(exitOf(process)).isEqualTo(new ProcExit.Exited(0));
        assertThat(process.lastLines()).hasSize(256).endsWith("y", "end");
    }

    @Test
    void terminalEscapesOfAChildArrivePrintable() {
        LaunchedProcess process = launch(shell("printf 'a\\033[2Kb\\rc\\n'"));

        exitOf(process);

        assertThat(process.lastLines()).containsExactly("a\\x1b[2Kb\\x0dc");
    }

    @Test
    void theFirstLineComesThroughTheControlPipeAndIsSeenNowhereElse() {
        LaunchedProcess process =
                launch(
                        shell(
                                "read t <&%d; echo \"token $t\"; cat <&%<d; exit 7"
                                        .formatted(controlDescriptor())));

        assertThat(output.await(process, "token ")).isEqualTo(TOKEN);
        String proc = "/proc/" + process.pid();
        assertThat(OsProcess.read(proc + "/cmdline")).contains("read t").doesNotContain(TOKEN);
        assertThat(OsProcess.read(proc + "/environ"))
                .contains(ControlPipe.VARIABLE + "=" + controlDescriptor())
                .doesNotContain(TOKEN);
        assertThat(process.exit()).isNotDone();

        process.closeControl();
        process.closeControl();
        assertThat(exitOf(process)).isEqualTo(new ProcExit.Exited(7));
        assertThat(output.of(process)).containsExactly("token " + TOKEN);
    }

    @Test
    void moreLinesFollowTheFirstOneDownTheControlPipe() {
        LaunchedProcess process = launch(shell("cat <&%d; exit 7".formatted(controlDescriptor())));

        assertThat(process.tell("zwei")).isTrue();
        assertThat(process.tell("dr\u00e9i")).isTrue();

        output.await(process, "dr\u00e9i");
        process.closeControl();
        assertThat(exitOf(process)).isEqualTo(new ProcExit.Exited(7));
        assertThat(output.of(process)).containsExactly(TOKEN, "zwei", "dr\u00e9i");
        assertThat(process.tell("vier")).isFalse();
    }

    @Test
    void tellingAChildThatDoesNotReadEndsInANoAndNeverBlocks() {
        LaunchedProcess process = launch(spec("sleep", "1000"));
        String longest = "x".repeat(ControlLine.MAX_BYTES - 1);

        int told = 0;
        while (told < 100 && process.tell(longest)) {
            told++;
        }

        assertThat(told).isBetween(1, 99);
        process.closeControl(); // nor does this
        assertThat(process.tell("more")).isFalse();
    }

    @Test
    void whatNoControlPipeTakesAsOneLineIsRefused() {
        LaunchedProcess process = launch(spec("sleep", "1000"));

        assertThatIllegalArgumentException().isThrownBy(() -> process.tell("a\nb"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> process.tell("x".repeat(ControlLine.MAX_BYTES)))
                .withMessage("a line of 4097 bytes for a control pipe, which takes 4096");
    }

    @Test
    void aRenamedProcessPrintsUnderItsNewName() {
        LaunchedProcess process =
                launch(
                        shell(
                                "echo before; read t <&%d; read go <&%<d; echo after"
                                        .formatted(controlDescriptor())));
        String first = process.name();
        output.await(process, "before");

        process.rename("renamed");

        assertThat(process.tell("go")).isTrue();
        output.await(process, "after");
        assertThat(process.name()).isEqualTo("renamed");
        assertThat(process).asString().startsWith("renamed (pid ");
        assertThat(output.named(first)).containsExactly("before");
        assertThat(output.named("renamed")).containsExactly("after");
    }

    @Test
    void theEnvironmentIsTheGivenOneAndNothingElse() {
        LaunchedProcess process = launch(spec("/usr/bin/env"));

        exitOf(process);

        assertThat(process.lastLines())
                .filteredOn(line -> !line.startsWith(LaunchMarks.VARIABLE + "="))
                .containsExactlyInAnyOrder(
                        "PATH=/usr/bin:/bin", ControlPipe.VARIABLE + "=" + controlDescriptor());
    }

    @Test
    void aProcessStartsInTheGivenDirectory(@TempDir Path directory) throws IOException {
        Files.writeString(directory.resolve("tool"), "#!/bin/sh\npwd\n");
        assertThat(directory.resolve("tool").toFile().setExecutable(true)).isTrue();
        LaunchedProcess process =
                launch(
                        new LaunchSpec(
                                "w", List.of("./tool"), Map.of(), Optional.of(directory), ""));

        assertThat(exitOf(process)).isEqualTo(new ProcExit.Exited(0));
        assertThat(process.lastLines()).containsExactly(directory.toRealPath().toString());
    }

    @Test
    void aMissingProgramIsAnErrorInOneLine() {
        assertThatIOException()
                .isThrownBy(() -> launcher.launch(spec("/no/such/program")))
                .withMessageMatching(
                        "cannot launch worker-\\d+ \\(/no/such/program\\):"
                                + " ENOENT \\(no such file or directory\\)");
        assertThatIOException()
                .isThrownBy(() -> launcher.launch(spec("no-such-program")))
                .withMessageMatching(".*\\(no-such-program\\): ENOENT .*");
    }

    @Test
    void aProgramThatMayNotBeExecutedIsAnotherError(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "x");

        assertThatIOException()
                .isThrownBy(() -> launcher.launch(spec(file.toString())))
                .withMessageContaining(": EACCES (permission denied)");
        assertThatIOException()
                .isThrownBy(() -> launcher.launch(spec(directory.toString())))
                .withMessageContaining(": EACCES (permission denied)");
    }

    @Test
    void aMissingDirectoryIsNamed() {
        var spec =
                new LaunchSpec(
                        "w", List.of("true"), Map.of(), Optional.of(Path.of("/no/such")), "");

        assertThatIOException()
                .isThrownBy(() -> launcher.launch(spec))
                .withMessage(
                        "cannot launch w (true): directory /no/such:"
                                + " ENOENT (no such file or directory)");
    }

    @Test
    void limitsHoldForTheProgramAndAreTold() {
        ProcLimits limits =
                ProcLimits.NONE
                        .withOpenFiles(123)
                        .withProcesses(4567)
                        .withCoreBytes(0)
                        .withFileBytes(5120)
                        .withNiceness(7);

        LaunchedProcess process =
                launch(limited(limits, "cat", "/proc/self/limits", "/proc/self/stat"));

        assertThat(exitOf(process)).isEqualTo(new ProcExit.Exited(0));
        assertThat(process.lastLines())
                .anyMatch(line -> line.matches("Max open files +123 +123 .*"))
                .anyMatch(line -> line.matches("Max processes +4567 +4567 .*"))
                .anyMatch(line -> line.matches("Max core file size +0 +0 .*"))
                .anyMatch(line -> line.matches("Max file size +5120 +5120 .*"));
        assertThat(process.lastLines().getLast().split(" ", -1)[18]).as("nice").isEqualTo("7");
        assertThat(process.limits())
                .extracting(AppliedLimit::toString)
                .containsExactlyInAnyOrder(
                        "open files 123 (rlimit)",
                        "processes 4567 (rlimit)",
                        "core bytes 0 (rlimit)",
                        "file bytes 5120 (rlimit)",
                        "niceness 7 (nice)");
        assertThat(launch(spec("true")).limits()).isEmpty();
    }

    @Test
    void aLimitThatCannotHoldIsATypedRefusal() {
        LaunchSpec spec = limited(ProcLimits.NONE.withOpenFiles(Long.MAX_VALUE), "true");

        assertThatExceptionOfType(LimitRefusedException.class)
                .isThrownBy(() -> launcher.launch(spec))
                .withMessageMatching(
                        "cannot launch worker-\\d+ \\(true\\): a limit of \\d+ open files is above"
                                + " the \\d+ of this process itself");
    }

    @Test
    void aLimitOfMemoryIsToldWhetherItHoldsOrNot() {
        LaunchedProcess process =
                launch(limited(ProcLimits.NONE.withMemoryBytes(1L << 30), "true"));

        assertThat(exitOf(process)).isEqualTo(new ProcExit.Exited(0));
        assertThat(process.limits())
                .extracting(AppliedLimit::toString)
                .first()
                .asString()
                .matches("memory bytes 1073741824 \\((cgroup|rlimit|not active)\\)");
    }

    @Test
    void termAndKillReachTheGrandchildrenToo() {
        for (int signal : List.of(Signals.TERM, Signals.KILL)) {
            LaunchedProcess process = launch(shell("sleep 1000 & echo pid $!; wait"));
            long grandchild = Long.parseLong(output.await(process, "pid "));

            process.signalGroup(signal);

            exitOf(process);
            awaitGone(grandchild);
        }
    }

    @Test
    void aSignalAfterTheEndDoesNothing() {
        LaunchedProcess process = launch(spec("true"));
        exitOf(process);

        process.signalGroup(Signals.KILL);
        process.signalGroup(Signals.TERM);
        process.closeControl();

        assertThat(exitOf(process)).isEqualTo(new ProcExit.Exited(0));
    }

    @Test
    void whatDependsOnAnExitMayBlockWithoutHoldingUpOthers() {
        var blocked = new CountDownLatch(1);
        var release = new CountDownLatch(1);
        LaunchedProcess first =
                launch(shell("read t <&%d; read go <&%<d".formatted(controlDescriptor())));
        CompletableFuture<Void> callback =
                first.exit()
                        .thenRun(() -> {
                            blocked.countDown();
                            awaitLatch(release);
                        });
        first.closeControl(); // not before, or what depends on the exit would run here
        awaitLatch(blocked);

        assertThat(exitOf(launch(shell("exit 5")))).isEqualTo(new ProcExit.Exited(5));
        assertThat(callback).isNotDone();

        release.countDown();
        assertThat(callback).succeedsWithin(PATIENCE);
    }

    @Test
    void nobodyCanCompleteAnExitForOthers() {
        LaunchedProcess process =
                launch(shell("read a <&%d; cat <&%<d".formatted(controlDescriptor())));
        process.exit().cancel(true);
        process.exit().complete(new ProcExit.Lost("made up"));

        assertThat(process.exit()).isNotDone();
        process.closeControl();
        assertThat(exitOf(process)).isEqualTo(new ProcExit.Exited(0));
    }

    @Test
    void anInterruptIsKeptForLaterAndNoProcessIsLostByIt() {
        Thread.currentThread().interrupt();
        LaunchedProcess process = launch(shell("exit 4"));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(exitOf(process)).isEqualTo(new ProcExit.Exited(4));
    }

    @Test
    void aProcessLaunchedByAVirtualThreadOutlivesIt() throws InterruptedException {
        var launched = new CompletableFuture<LaunchedProcess>();
        String script = "read t <&%d; cat <&%<d; exit 6".formatted(controlDescriptor());
        Thread.ofVirtual().start(() -> launched.complete(launch(shell(script)))).join();
        LaunchedProcess process = launched.join();

        assertThat(OsProcess.isRunning(process.pid())).isTrue();
        process.closeControl();
        assertThat(exitOf(process)).isEqualTo(new ProcExit.Exited(6));
    }

    @Test
    void twoHundredAtOnceAllAnswerAndLeaveNothing() throws Exception {
        exitOf(launch(spec("true"))); // what is opened once is open now
        List<String> before = OsProcess.launcherDescriptors();
        var launched = new ArrayList<CompletableFuture<LaunchedProcess>>();
        for (int i = 0; i < 200; i++) {
            var process = new CompletableFuture<LaunchedProcess>();
            launched.add(process);
            Thread.ofVirtual().start(() -> process.complete(launch(spec("true"))));
        }

        for (CompletableFuture<LaunchedProcess> process : launched) {
            assertThat(process).succeedsWithin(PATIENCE);
            assertThat(exitOf(process.join())).isEqualTo(new ProcExit.Exited(0));
        }
        assertNothingIsLeft(before);
    }

    @Test
    void closingKillsWhatRunsAndTellsItsExit() throws Exception {
        List<String> before = OsProcess.launcherDescriptors();
        ProcLauncher other = open(output);
        LaunchedProcess process = other.launch(shell("trap '' TERM; echo ready; exec sleep 1000"));
        LaunchedProcess stopped = other.launch(shell("kill -STOP $$"));
        output.await(process, "ready");

        other.close();
        other.close();

        assertThat(exitOf(process))
                .isIn(new ProcExit.Signalled(9, false), new ProcExit.Ambiguous(137));
        exitOf(stopped);
        assertNothingIsLeft(before);
        assertThatIOException()
                .isThrownBy(() -> other.launch(spec("true")))
                .withMessageContaining("the launcher is closed");
    }

    private static void assertNothingIsLeft(List<String> before) {
        await("descriptors")
                .atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(OsProcess.launcherDescriptors()).isSubsetOf(before));
        await("children").atMost(PATIENCE).until(() -> OsProcess.children().isEmpty());
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            if (!latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("waited in vain");
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}

package io.hyperactor.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;

class CrashFilesTest {
    private static final String REPORT =
            """
            # A fatal error has been detected by the Java Runtime Environment:
            #
            #  SIGSEGV (0xb) at pc=0x1, pid=7, tid=8
            """;

    @TempDir Path directory;

    @Test
    void aProcessThatDidNotCrashHasNoReport() throws IOException {
        var files = new CrashFiles(directory);
        assertThat(files.read(7)).isEmpty();

        Path elsewhere = Files.writeString(directory.resolve("elsewhere"), REPORT);
        Files.createSymbolicLink(files.of(7), elsewhere);
        assertThat(files.read(7)).isEmpty();
    }

    @Test
    void aReportIsReadAndStaysUntilItsIdIsUsedAgain() throws IOException {
        var files = new CrashFiles(directory);
        Files.writeString(files.of(7), REPORT);

        assertThat(files.read(7).orElseThrow())
                .isEqualTo(
                        new CrashSummary(
                                "SIGSEGV (0xb) at pc=0x1",
                                Optional.empty(),
                                Optional.empty(),
                                Optional.of(files.of(7))));
        assertThat(files.of(7)).exists();

        files.forget(7);
        assertThat(files.read(7)).isEmpty();
    }

    @Test
    void onlyTheNewestReportsAreKept() throws IOException {
        var files = new CrashFiles(directory);
        int all = CrashFiles.KEPT_MAX + 5;
        for (int pid = 1; pid <= all; pid++) {
            Files.writeString(files.of(pid), REPORT);
            Files.setLastModifiedTime(files.of(pid), FileTime.fromMillis(pid * 1000L));
        }
        Path other = Files.createFile(directory.resolve("host.sock"));

        assertThat(files.read(all)).isPresent();

        assertThat(directory.toFile().list()).hasSize(CrashFiles.KEPT_MAX + 1);
        assertThat(files.of(5)).doesNotExist();
        assertThat(files.of(6)).exists();
        assertThat(other).exists();
    }

    @Test
    void aReportWhoseTimeCannotBeToldCostsNoOtherItsSummary() throws IOException {
        var files = new CrashFiles(directory);
        Files.writeString(files.of(7), REPORT);
        Files.createSymbolicLink(files.of(8), directory.resolve("vanished"));

        assertThat(files.read(7)).isPresent();
    }

    @Test
    void aJvmThatCrashesLeavesItsReportThere() throws IOException {
        Path odd = Files.createDirectory(directory.resolve("100%p x"));
        var files = new CrashFiles(odd);
        var output = new RecordedOutput();
        try (ProcLauncher launcher = ProcLauncher.forThisPlatform(output)) {
            List<String> command =
                    JavaCommand.of(LauncherPrograms.Child.class)
                            .withFlags(files.flag(), "-XX:-CreateCoredumpOnCrash")
                            .command();
            LaunchedProcess jvm =
                    launcher.launch(
                            new LaunchSpec("jvm", command, Map.of(), Optional.empty(), "token"));
            output.await(jvm, "token ");
            assumeThat(jvm.containment()).isNotEqualTo(Containment.PROCESS); // can send no SEGV

            jvm.signalGroup(11);

            ProcExit exit = ProcLauncherContract.exitOf(jvm);
            assertThat(exit).isEqualTo(new ProcExit.Exited(1));
            assertThat(Diagnosis.of(exit, jvm.pid(), jvm.lastLines(), files.read(jvm.pid())))
                    .hasValueSatisfying(diagnosis ->
                            assertThat(diagnosis)
                                    .asString()
                                    .startsWith("JVM crashed: SIGSEGV (0xb) at pc=")
                                    .contains("(sent by kill)")
                                    .endsWith("; see " + files.of(jvm.pid())));
        }
    }
}

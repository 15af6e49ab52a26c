package io.hyperactor.host;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// With reports of a JVM 25, cut.
class DiagnosisTest {
    private static final Path FILE = Path.of("/run/hs_err-26466.log");
    private static final ProcExit ABORTED = new ProcExit.Signalled(6, false);

    private static final List<String> SEGV =
            """
            #
            # A fatal error has been detected by the Java Runtime Environment:
            #
            #  SIGSEGV (0xb) at pc=0x00007f1b81e364ad, pid=26466, tid=26467
            #
            # JRE version: OpenJDK Runtime Environment Temurin-25.0.3+9 (25.0.3+9) (build 25.0.3+9-LTS)
            # Java VM: OpenJDK 64-Bit Server VM Temurin-25.0.3+9 (25.0.3+9-LTS, mixed mode)
            # Problematic frame:
            # V  [libjvm.so+0x12364ad]  Unsafe_PutInt+0xad
            #
            # CreateCoredumpOnCrash turned off, no core file dumped
            #

            ---------------  T H R E A D  ---------------

            Current thread (0x00007f1b7c02a9a0):  JavaThread "main"             [_thread_in_vm, id=26467]
            """
                    .lines()
                    .toList();

    private static final List<String> OUT_OF_MEMORY =
            """
            #
            # A fatal error has been detected by the Java Runtime Environment:
            #
            #  Internal Error (debug.cpp:289), pid=26495, tid=26496
            #  fatal error: OutOfMemory encountered: Java heap space
            #
            # JRE version: OpenJDK Runtime Environment Temurin-25.0.3+9 (25.0.3+9) (build 25.0.3+9-LTS)
            """
                    .lines()
                    .toList();

    private static final List<String> NATIVE_MEMORY =
            """
            #
            # There is insufficient memory for the Java Runtime Environment to continue.
            # Native memory allocation (mmap) failed to map 4096 bytes. Error detail: committing
            # Possible reasons:
            #   The system is out of physical RAM or swap space
            """
                    .lines()
                    .toList();

    private static final long PID = 26_466;

    private static Optional<CrashSummary> parse(List<String> lines) {
        return CrashSummary.parse(lines, FILE);
    }

    @Test
    void aCrashIsSummedUpWithItsCodeAndThread() {
        Optional<Diagnosis> diagnosis = Diagnosis.of(ABORTED, PID, List.of(), parse(SEGV));

        assertThat(diagnosis)
                .contains(
                        new Diagnosis.JvmCrash(
                                "SIGSEGV (0xb) at pc=0x00007f1b81e364ad in"
                                        + " V  [libjvm.so+0x12364ad]  Unsafe_PutInt+0xad,"
                                        + " thread \"main\"",
                                Optional.of(FILE)));
        assertThat(diagnosis.orElseThrow())
                .asString()
                .startsWith("JVM crashed: SIGSEGV")
                .endsWith("; see /run/hs_err-26466.log");
    }

    @Test
    void aCrashWithStatusOneIsACrash() {
        assertThat(Diagnosis.of(new ProcExit.Exited(1), PID, List.of(), parse(SEGV)))
                .containsInstanceOf(Diagnosis.JvmCrash.class);
    }

    @Test
    void withoutAFileTheOutputIsLookedAt() {
        assertThat(Diagnosis.of(ABORTED, PID, SEGV.subList(0, 9), Optional.empty()))
                .contains(
                        new Diagnosis.JvmCrash(
                                "SIGSEGV (0xb) at pc=0x00007f1b81e364ad in"
                                        + " V  [libjvm.so+0x12364ad]  Unsafe_PutInt+0xad",
                                Optional.empty()));
    }

    @Test
    void whatAnotherProcessPrintedThereSaysNothing() {
        assertThat(Diagnosis.of(ABORTED, 7, SEGV.subList(0, 9), Optional.empty())).isEmpty();
    }

    @Test
    void aThreadThatIsNotOfTheJvmHasNoName() {
        var lines = List.of(SEGV.get(1), "#  SIGBUS", "Current thread is native thread");

        assertThat(parse(lines).orElseThrow()).hasToString("SIGBUS, thread \"native thread\"");
    }

    @Test
    void noMemoryIsToldFromACrash() {
        assertThat(Diagnosis.of(ABORTED, PID, List.of(), parse(OUT_OF_MEMORY)))
                .contains(
                        new Diagnosis.OutOfMemory(
                                Diagnosis.OutOfMemory.Source.JVM, "Java heap space"));
        assertThat(Diagnosis.of(new ProcExit.Exited(1), PID, List.of(), parse(NATIVE_MEMORY)))
                .contains(
                        new Diagnosis.OutOfMemory(
                                Diagnosis.OutOfMemory.Source.JVM,
                                "There is insufficient memory for the Java Runtime Environment to"
                                        + " continue.; Native memory allocation (mmap) failed to"
                                        + " map 4096 bytes. Error detail: committing"));
    }

    @Test
    void theWordOfTheJvmAndItsStatusTogetherMeanNoMemory() {
        var lines =
                List.of("a", "Terminating due to java.lang.OutOfMemoryError: Java heap space", "b");

        assertThat(Diagnosis.of(new ProcExit.Exited(3), PID, lines, Optional.empty()))
                .contains(
                        new Diagnosis.OutOfMemory(
                                Diagnosis.OutOfMemory.Source.JVM, "Java heap space"))
                .get()
                .hasToString("out of memory: Java heap space");
        assertThat(Diagnosis.of(new ProcExit.Exited(4), PID, lines, Optional.empty())).isEmpty();
        assertThat(Diagnosis.of(new ProcExit.Exited(3), PID, List.of("a"), Optional.empty()))
                .isEmpty();
        assertThat(
                        Diagnosis.of(
                                new ProcExit.Exited(3),
                                PID,
                                List.of("java.lang.OutOfMemoryError"),
                                Optional.empty()))
                .contains(
                        new Diagnosis.OutOfMemory(
                                Diagnosis.OutOfMemory.Source.JVM, "unknown kind"));
    }

    @Test
    void aProcessThatSucceededDidNotCrashWhateverItPrints() {
        assertThat(Diagnosis.of(new ProcExit.Exited(0), PID, SEGV, Optional.empty())).isEmpty();
        assertThat(Diagnosis.of(ABORTED, PID, List.of("hello"), Optional.empty())).isEmpty();
    }

    @Test
    void aSummaryIsPrintableAndBounded() {
        var lines = List.of(SEGV.get(1), "#  \u001b[2K" + "x".repeat(10_000));

        assertThat(parse(lines).orElseThrow().toString())
                .startsWith("\\x1b[2Kxxx")
                .hasSizeLessThan(400);
    }
}

package io.hyperactor.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hyperactor.ActorRef;
import io.hyperactor.ProcAgentMessage;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/// The secret of a proc is nowhere to be seen: not as it is written, nor the bytes that it stands
/// for.
@SystemTest
class SecretIT {
    private static final String TRACE = "-Dhyperactor.log.level=trace";

    private final List<byte[]> seen = new ArrayList<>();
    @RegisterExtension private final Here here = new Here();

    @Test
    void itIsNotShownByAProcOrWhatThatHasStarted() throws Exception {
        try (HostProcess host = HostLaunch.ofWorkers().with(TRACE).start()) {
            OsProcess proc = host.spawn(here.client(), "p");
            ActorRef<Task> worker = host.spawnWorker(here.client(), "p", "w");
            long sleeper = here.client().ask(worker, Task.StartSleeper::new, Patience.LIMIT);
            await("sleeper")
                    .atMost(Patience.LIMIT)
                    .until(() -> OsProcess.of(sleeper).commandLine().startsWith("sleep"));
            lookAtProcesses();
            lookAtReplies(host);
            proc.signal("QUIT"); // so that it prints its threads
            assertNotSeen(askForSecret(host), host);
        }
    }

    @Test
    void itIsNotShownByAProcThatWasASpareNorByTheReportOfItsCrash() throws Exception {
        HostLaunch launch =
                HostLaunch.ofJvms(1)
                        .with(TRACE)
                        .ofProcsWith(TRACE)
                        .ofProcsWith("-XX:-CreateCoredumpOnCrash");
        try (HostProcess host = launch.start()) {
            await("spare")
                    .atMost(Patience.LIMIT)
                    .until(() -> Observer.running().stream().anyMatch(SecretIT::isSpare));
            OsProcess proc = host.spawn(here.client(), "p");
            lookAtProcesses();
            lookAtReplies(host);
            String secret = askForSecret(host);
            proc.signal("SEGV");
            lookAt(awaitCrashReport(proc));
            proc.awaitGone();
            assertNotSeen(secret, host);
        }
    }

    private static boolean isSpare(OsProcess process) {
        return process.environment().contains("HYPERACTOR_HOST_ROLE=spare\0");
    }

    /// All of them, guardians too.
    private void lookAtProcesses() {
        assertThat(Observer.running())
                .hasSizeGreaterThan(2)
                .allSatisfy(process -> {
                    lookAt(process.commandLine());
                    lookAt(process.environment());
                });
    }

    private void lookAtReplies(HostProcess host) throws InterruptedException {
        lookAt(host.list(here.client()).toString());
        lookAt(
                here.client()
                        .ask(host.procAgent("p"), ProcAgentMessage.GetReport::new, Patience.LIMIT)
                        .toString());
        lookAt(host.request(here.client(), "p").join().toString()); // which is refused
    }

    private static Path awaitCrashReport(OsProcess process) {
        Path report =
                Leftovers.directory()
                        .resolve("hyperactor/crashes/hs_err-" + process.pid() + ".log");
        await("report of the crash")
                .pollInterval(Duration.ofMillis(20))
                .atMost(Patience.LIMIT)
                .until(() -> Files.exists(report) && !process.isAlive());
        return report;
    }

    private void lookAt(String text) {
        seen.add(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private void lookAt(Path file) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            assertThat(bytes).isNotEmpty();
            seen.add(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String askForSecret(HostProcess host) throws Exception {
        host.program().say(HostProgram.SECRET_OF + "p");
        String secret = host.program().awaitLine(HostProgram.SECRET);
        assertThat(secret).matches("[0-9a-f]{32}");
        return secret;
    }

    /// What the host has logged and printed is looked at, too, but for the answer.
    private void assertNotSeen(String secret, HostProcess host) throws Exception {
        host.stop();
        for (String line : host.program().output(0)) {
            if (!line.equals(HostProgram.SECRET + secret)) {
                lookAt(line);
            }
        }
        String raw = new String(HexFormat.of().parseHex(secret), StandardCharsets.ISO_8859_1);
        assertThat(seen)
                .hasSizeGreaterThan(10)
                .extracting(bytes -> new String(bytes, StandardCharsets.ISO_8859_1))
                .noneMatch(text -> text.contains(secret) || text.contains(raw));
    }
}

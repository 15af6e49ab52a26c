package io.hyperactor.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;
import static org.awaitility.Awaitility.await;

import io.hyperactor.ProcAgentMessage;
import io.hyperactor.host.ProcEvent.Change;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.Transport;

import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// What a flight recording tells of the procs of a host: with real children.
@Timeout(120)
class JfrRecorderTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String PREFIX = "io.hyperactor.Proc";

    private final List<Change> changes = new CopyOnWriteArrayList<>();
    private final Recording recording = new Recording();
    private Host<ProcAgentMessage> host;

    @TempDir private Path folder;

    @BeforeEach
    void serve() {
        host =
                Host.serve(
                        ChannelAddress.any(Transport.UNIX),
                        ProcessProcManager.running(ProcMain.class));
        var _ = host.observe(event -> changes.add(event.change()));
        for (String kind : List.of("Spawn", "Ready", "Exit", "Restart", "Suspected", "Recovered")) {
            recording.enable(PREFIX + kind);
        }
        recording.start();
    }

    @AfterEach
    void close() {
        host.close();
        recording.close();
    }

    private List<RecordedEvent> events(String kind) throws IOException {
        Path file = folder.resolve(kind + ".jfr");
        recording.dump(file);
        return RecordingFile.readAllEvents(file).stream()
                .filter(event -> event.getEventType().getName().equals(PREFIX + kind))
                .sorted(Comparator.comparing(RecordedEvent::getStartTime))
                .toList();
    }

    private void awaitChange(Class<? extends Change> kind, int times) {
        await().atMost(PATIENCE)
                .until(() -> changes.stream().filter(kind::isInstance).count() >= times);
    }

    @Test
    void aRestartLeavesItsWholeStory() throws Exception {
        var quick =
                RestartPolicy.PERMANENT.withPauses(Duration.ofMillis(10), Duration.ofMillis(50));
        ProcSpec spec = ProcSpec.java(ProcMain.class).withRestart(quick);
        long pid = host.spawn("p", spec).pid().orElseThrow();
        assertThat(ProcessHandle.of(pid).orElseThrow().destroyForcibly()).isTrue();
        awaitChange(Change.Ready.class, 2);

        RecordedEvent spawn = events("Spawn").getFirst();
        assertThat(spawn.getString("name")).isEqualTo("p");
        assertThat(spawn.getLong("pid")).isEqualTo(pid);
        assertThat(spawn.getString("outcome")).isEqualTo("ready");
        assertThat(spawn.getDuration()).isPositive();
        assertThat(events("Ready")).hasSize(2);
        assertThat(events("Ready").getFirst().getDuration("after"))
                .isPositive()
                .isLessThanOrEqualTo(spawn.getDuration().plusMillis(1));

        assertThat(events("Exit"))
                .singleElement()
                .satisfies(exit -> {
                    assertThat(exit.getLong("pid")).isEqualTo(pid);
                    assertThat(exit.getString("exit")).contains("killed by signal 9 (SIGKILL)");
                    assertThat(exit.getDuration("uptime")).isPositive();
                });
        assertThat(events("Restart"))
                .singleElement()
                .satisfies(restart -> {
                    assertThat(restart.getInt("restart")).isEqualTo(1);
                    assertThat(restart.getDuration("pause"))
                            .isBetween(Duration.ofMillis(8), Duration.ofMillis(10));
                });
    }

    @Test
    void aSpawnThatFailsSaysWhy() throws Exception {
        ProcSpec spec = ProcSpec.command(List.of("/bin/sh", "-c", "exit 5"));
        assertThatThrownBy(() -> host.spawn("p", spec)).isInstanceOf(HostException.class);
        assertThat(events("Spawn"))
                .singleElement()
                .satisfies(spawn ->
                        assertThat(spawn.getString("outcome")).contains("exited with status 5"));
    }

    @Test
    void silenceAndItsEndAreRecorded() throws Exception {
        var recorder = new JfrRecorder();
        recorder.record(event(new Change.Suspected(Duration.ofSeconds(6))));
        recorder.record(event(new Change.Recovered()));
        recorder.record(event(new Change.Condemned(Duration.ofSeconds(9))));
        assertThat(events("Suspected"))
                .extracting(
                        event -> event.getDuration("silence").toSeconds(),
                        event -> event.getBoolean("killed"))
                .containsExactly(tuple(6L, false), tuple(9L, true));
        assertThat(events("Recovered")).hasSize(1);
    }

    private static ProcEvent event(Change change) {
        return ProcEventsOf.p(change);
    }
}

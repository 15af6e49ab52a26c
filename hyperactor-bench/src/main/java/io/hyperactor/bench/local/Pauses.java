package io.hyperactor.bench.local;

import io.hyperactor.bench.Figure;
import io.hyperactor.bench.Round;

import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Watches how long the garbage collector stops everything.
final class Pauses implements AutoCloseable {
    private static final String EVENT = "jdk.GCPhasePause";
    private static final double PERCENT = 100;
    private static final long NONE_NANOS = 1000;

    private final Recording recording = new Recording();
    private final long start = System.nanoTime();

    Pauses() {
        recording.enable(EVENT);
        recording.start();
    }

    /// Adds the longest pause, and which part of the time since the start all of them took.
    Round in(Round round) throws IOException {
        long time = System.nanoTime() - start;
        recording.stop();
        long longest = NONE_NANOS; // a ratio to no time at all would be no number
        long all = 0;
        for (RecordedEvent event : events()) {
            long nanos = event.getDuration().toNanos();
            longest = Math.max(longest, nanos);
            all += nanos;
        }
        return round.with(Figure.MAX, (double) longest).with(Figure.SHARE, PERCENT * all / time);
    }

    private Iterable<RecordedEvent> events() throws IOException {
        Path file = Files.createTempFile("hyperactor-bench-", ".jfr");
        try {
            recording.dump(file);
            return RecordingFile.readAllEvents(file).stream()
                    .filter(event -> event.getEventType().getName().equals(EVENT))
                    .toList();
        } finally {
            Files.delete(file);
        }
    }

    @Override
    public void close() {
        recording.close();
    }
}

package io.hyperactor.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/// What an observer throws, an [Error] too, is its own affair.
class ObserversTest {
    @Test
    void aWatchGoesOnAfterAnObserverHasFailed() {
        Watch<Integer> watch = new Watch<>(0);
        List<Integer> seen = new ArrayList<>();
        var _ =
                watch.observe(value -> {
                    if (value > 0) {
                        throw new AssertionError("as it may");
                    }
                });
        var _ = watch.observe(seen::add);
        watch.set(1);
        watch.set(2);
        assertThat(seen).containsExactly(0, 1, 2);
    }

    @Test
    void eventsGoOnAfterAnObserverHasFailed() {
        ProcEvents events = new ProcEvents();
        List<ProcEvent> seen = new CopyOnWriteArrayList<>();
        var _ =
                events.observe(_ -> {
                    throw new AssertionError("as it may");
                });
        var _ = events.observe(seen::add);
        ProcEvent event = ProcEventsOf.p(new ProcEvent.Change.Started());
        events.publish(event);
        await().until(() -> seen.size() == 1);
        events.publish(event);
        await().until(() -> seen.size() == 2);
    }

    @Test
    void eventsGoOnWhenThereWasNoMemoryForTheirThread() {
        AtomicInteger refusals = new AtomicInteger(3);
        ProcEvents events =
                new ProcEvents(task -> {
                    if (refusals.getAndDecrement() > 0) {
                        throw new OutOfMemoryError("unable to create a thread");
                    }
                    Thread.ofVirtual().start(task);
                });
        List<ProcEvent> seen = new CopyOnWriteArrayList<>();
        var _ = events.observe(seen::add);
        ProcEvent event = ProcEventsOf.p(new ProcEvent.Change.Started());
        events.publish(event);
        await().until(() -> seen.size() == 1);
        events.publish(event);
        await().until(() -> seen.size() == 2);
    }

    @Test
    void eventsGoOnAfterAnyFailureToStartTheirThread() {
        AtomicInteger refusals = new AtomicInteger(1);
        ProcEvents events =
                new ProcEvents(task -> {
                    if (refusals.getAndDecrement() > 0) {
                        throw new InternalError("as it may");
                    }
                    Thread.ofVirtual().start(task);
                });
        List<ProcEvent> seen = new CopyOnWriteArrayList<>();
        var _ = events.observe(seen::add);
        ProcEvent event = ProcEventsOf.p(new ProcEvent.Change.Started());
        events.publish(event);
        events.publish(event);
        await().until(() -> seen.size() == 2);
    }
}

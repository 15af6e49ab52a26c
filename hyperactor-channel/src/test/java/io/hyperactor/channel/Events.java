package io.hyperactor.channel;

import org.awaitility.Awaitility;

import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Remembers events.
final class Events implements ChannelEvents {
    private final ConcurrentLinkedQueue<ChannelEvent> events = new ConcurrentLinkedQueue<>();

    @Override
    public void happened(ChannelEvent event) {
        events.add(event);
    }

    <E extends ChannelEvent> List<E> of(Class<E> kind) {
        return events.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    <E extends ChannelEvent> E await(Class<E> kind) {
        return await(kind, 1).getFirst();
    }

    <E extends ChannelEvent> List<E> await(Class<E> kind, int count) {
        Awaitility.await().atMost(Recorder.PATIENCE).until(() -> of(kind).size() >= count);
        return of(kind);
    }
}

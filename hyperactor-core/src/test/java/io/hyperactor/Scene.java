package io.hyperactor;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/// A proc and a client in it, with all that they heard.
final class Scene implements AutoCloseable {
    final Proc proc;
    final Client client;

    /// The ends of root actors.
    final List<SupervisionEvent> events = new CopyOnWriteArrayList<>();

    private final List<Undeliverable> returned = new ArrayList<>();

    Scene() {
        this(Proc.local("scene"));
    }

    Scene(Proc proc) {
        this.proc = proc;
        client = proc.client("client");
        client.onUndeliverable(this::cameBack);
        proc.supervise(events::add);
    }

    /// Spawns a root actor that does only this.
    ActorHandle<Work> spawn(String name, Actor<Work> behaviour) {
        return proc.spawn(name, type(name, behaviour));
    }

    static ActorType<Work> type(String name, Actor<Work> behaviour) {
        return typeOf(name, () -> behaviour);
    }

    static ActorType<Work> typeOf(String name, Supplier<Actor<Work>> factory) {
        return ActorType.of(name, Work.class, factory);
    }

    /// Sends the numbers from `first` to before `end`.
    void count(ActorRef<Work> to, long first, long end) {
        for (long i = first; i < end; i++) {
            client.send(to, new Work.Item(i));
        }
    }

    long ask(ActorRef<Work> to, long value) throws InterruptedException {
        return client.ask(
                to, (OncePortRef<Long> reply) -> new Work.Question(value, reply), Waiting.PATIENCE);
    }

    synchronized void cameBack(Undeliverable undeliverable) {
        returned.add(undeliverable);
    }

    /// What came back to the client so far, requests excepted.
    synchronized List<Undeliverable> returned() {
        return List.copyOf(returned);
    }

    synchronized int returnedCount() {
        return returned.size();
    }

    /// The numbers that came back, in that order.
    List<Long> returnedNumbers() {
        return returned().stream()
                .map(u -> ((Work.Item) u.message().orElseThrow()).value())
                .toList();
    }

    /// Waits until that many have come back and gives their reasons.
    List<DeliveryFailure.Reason> reasons(int count) {
        Waiting.until(() -> returnedCount() >= count);
        return returned().stream().map(u -> u.failure().reason()).toList();
    }

    @Override
    public void close() {
        proc.close();
    }
}

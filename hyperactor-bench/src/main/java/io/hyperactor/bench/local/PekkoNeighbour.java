package io.hyperactor.bench.local;

import io.hyperactor.bench.PekkoSystem;
import io.hyperactor.bench.Round;
import io.hyperactor.bench.Worker;
import io.hyperactor.bench.Workload;

import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/// [Neighbour] with Pekko.
public final class PekkoNeighbour implements Workload {
    private final PekkoSystem system = new PekkoSystem("");
    private final ActorRef<Item> neighbour;
    private final ActorRef<Item> blocker;
    private volatile Trips waits = new Trips();
    private volatile Countdown handled = new Countdown(1);

    private PekkoNeighbour() throws Exception {
        neighbour =
                system.spawn(
                        "neighbour",
                        Behaviors.receive(Item.class).onAnyMessage(this::waited).build());
        blocker =
                system.spawn(
                        "blocker",
                        Behaviors.receive(Item.class).onAnyMessage(_ -> block()).build());
    }

    /// Takes no arguments.
    public static void main(String[] arguments) {
        Worker.run(PekkoNeighbour::new);
    }

    private Behavior<Item> block() throws InterruptedException {
        neighbour.tell(new Item(System.nanoTime()));
        Thread.sleep(Neighbour.BLOCKED_MILLIS);
        handled.one();
        return Behaviors.same();
    }

    private Behavior<Item> waited(Item sent) {
        waits.add(System.nanoTime() - sent.number());
        handled.one();
        return Behaviors.same();
    }

    @Override
    public Round round(int operations) throws Exception {
        waits = new Trips();
        for (int i = 0; i < operations; i++) {
            Countdown done = new Countdown(2);
            handled = done;
            blocker.tell(new Item(i));
            done.await();
        }
        return waits.latencies();
    }

    @Override
    public void close() {
        system.close();
    }
}

package io.hyperactor.bench.local;

import io.hyperactor.bench.PekkoSystem;
import io.hyperactor.bench.Round;
import io.hyperactor.bench.Worker;
import io.hyperactor.bench.Workload;

import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

import java.util.ArrayList;
import java.util.List;

/// [Neighbour] with Pekko.
public final class PekkoNeighbour implements Workload {
    private final PekkoSystem system = new PekkoSystem("");
    private final ActorRef<Item> neighbour;
    private final List<ActorRef<Item>> blockers = new ArrayList<>();
    private final boolean computes;
    private volatile Trips waits = new Trips();
    private volatile Countdown handled = new Countdown(1);

    private PekkoNeighbour(boolean computes, int count) throws Exception {
        this.computes = computes;
        neighbour =
                system.spawn(
                        "neighbour",
                        Behaviors.receive(Item.class).onAnyMessage(this::waited).build());
        for (int i = 0; i < count; i++) {
            blockers.add(
                    system.spawn(
                            "blocker-" + i,
                            Behaviors.receive(Item.class).onAnyMessage(this::block).build()));
        }
    }

    /// Measures until the input ends.
    ///
    /// @param arguments `sleeps` or `computes`, and how many do at the same time
    public static void main(String[] arguments) {
        Worker.run(() ->
                new PekkoNeighbour(
                        arguments[0].equals("computes"), Integer.parseInt(arguments[1])));
    }

    private Behavior<Item> block(Item message) throws InterruptedException {
        if (message.number() == 0) { // none comes after it
            neighbour.tell(new Item(System.nanoTime()));
        }
        Neighbour.holdUp(computes);
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
            Countdown done = new Countdown(blockers.size() + 1);
            handled = done;
            for (int each = 1; each <= blockers.size(); each++) {
                blockers.get(each - 1).tell(new Item(blockers.size() - each));
            }
            done.await();
        }
        return waits.latencies();
    }

    @Override
    public void close() {
        system.close();
    }
}

package io.hyperactor.bench.local;

import io.hyperactor.bench.PekkoSystem;
import io.hyperactor.bench.Round;
import io.hyperactor.bench.Worker;
import io.hyperactor.bench.Workload;

import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

import java.util.concurrent.locks.LockSupport;

/// [Fairness] with Pekko.
public final class PekkoFairness implements Workload {
    private final PekkoSystem system = new PekkoSystem("");
    private final ActorRef<Item> probe;
    private volatile Trips waits = new Trips();
    private volatile Countdown handled = new Countdown(1);
    private volatile boolean busy;
    private final int steps;
    private int rounds;

    private PekkoFairness(int micros) throws Exception {
        steps = micros * Fairness.STEPS;
        probe =
                system.spawn(
                        "probe", Behaviors.receive(Item.class).onAnyMessage(this::waited).build());
    }

    /// Measures until the input ends.
    ///
    /// @param arguments about how many microseconds a message takes
    public static void main(String[] arguments) {
        Worker.run(() -> new PekkoFairness(Integer.parseInt(arguments[0])));
    }

    private Behavior<Item> waited(Item sent) {
        waits.add(System.nanoTime() - sent.number());
        handled.one();
        return Behaviors.same();
    }

    private Behavior<Item> work(ActorContext<Item> context, Item message) {
        Item next = new Item(Fairness.work(message.number(), steps));
        if (busy) {
            context.getSelf().tell(next);
        }
        return Behaviors.same();
    }

    @Override
    public Round round(int operations) throws Exception {
        busy = true;
        Behavior<Item> behavior = Behaviors.receive(this::work);
        PekkoCrowd<Item> crowd = PekkoCrowd.of(system, "busy-" + rounds++, Fairness.BUSY, behavior);
        crowd.refs().forEach(actor -> actor.tell(new Item(1)));
        waits = new Trips();
        Countdown all = new Countdown(operations);
        handled = all;
        for (int i = 0; i < operations; i++) {
            probe.tell(new Item(System.nanoTime()));
            LockSupport.parkNanos(Fairness.PAUSE_NANOS);
        }
        busy = false; // else who starves would starve for ever
        all.await();
        crowd.end();
        return waits.latencies();
    }

    @Override
    public void close() {
        system.close();
    }
}

package io.hyperactor.bench.local;

import io.hyperactor.bench.Figure;
import io.hyperactor.bench.PekkoSystem;
import io.hyperactor.bench.Round;
import io.hyperactor.bench.Worker;
import io.hyperactor.bench.Workload;

import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

import java.util.concurrent.atomic.AtomicLong;

/// [Turns] with Pekko.
public final class PekkoTurns implements Workload {
    private final PekkoSystem system = new PekkoSystem("");
    private final AtomicLong slowest = new AtomicLong(); // written only when it grows
    private final int steps;
    private volatile Countdown left = new Countdown(1);
    private volatile boolean busy;
    private int rounds;

    private PekkoTurns(int micros) {
        steps = micros * Fairness.STEPS;
    }

    /// Measures until the input ends.
    ///
    /// @param arguments about how many microseconds a message takes
    public static void main(String[] arguments) {
        Worker.run(() -> new PekkoTurns(Integer.parseInt(arguments[0])));
    }

    private Behavior<Item> work(ActorContext<Item> context, Item sent) {
        long waited = System.nanoTime() - sent.number();
        if (waited > slowest.get()) {
            long _ = slowest.accumulateAndGet(waited, Math::max);
        }
        Fairness.compute(sent.number(), steps);
        left.one();
        if (busy) {
            context.getSelf().tell(new Item(System.nanoTime()));
        }
        return Behaviors.same();
    }

    @Override
    public Round round(int operations) throws Exception {
        Countdown all = new Countdown(operations);
        left = all;
        busy = true;
        slowest.set(0);
        Behavior<Item> behavior = Behaviors.receive(this::work);
        PekkoCrowd<Item> crowd = PekkoCrowd.of(system, "busy-" + rounds++, Fairness.BUSY, behavior);
        crowd.refs().forEach(actor -> actor.tell(new Item(System.nanoTime())));
        all.await();
        busy = false;
        crowd.end();
        return Round.of(Figure.MAX, (double) slowest.get());
    }

    @Override
    public void close() {
        system.close();
    }
}

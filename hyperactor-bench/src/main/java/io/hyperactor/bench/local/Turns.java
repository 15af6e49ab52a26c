package io.hyperactor.bench.local;

import io.hyperactor.Actor;
import io.hyperactor.ActorHandle;
import io.hyperactor.ActorType;
import io.hyperactor.Client;
import io.hyperactor.Context;
import io.hyperactor.Proc;
import io.hyperactor.bench.Figure;
import io.hyperactor.bench.Round;
import io.hyperactor.bench.Worker;
import io.hyperactor.bench.Workload;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Some actors always have work, which they send to themselves: the longest that one of them waits
/// for the others before it goes on. An operation is a message.
public final class Turns implements Workload {
    private final Proc proc = Proc.local("bench");
    private final Client client = proc.client("starter");
    private final int steps;
    private volatile Countdown left = new Countdown(1);
    private volatile boolean busy;
    private int rounds;

    private Turns(int micros) {
        steps = micros * Fairness.STEPS;
    }

    /// Measures until the input ends.
    ///
    /// @param arguments about how many microseconds a message takes
    public static void main(String[] arguments) {
        Worker.run(() -> new Turns(Integer.parseInt(arguments[0])));
    }

    @Override
    public Round round(int operations) throws Exception {
        Countdown all = new Countdown(operations);
        left = all;
        busy = true;
        Queue<Busy> behaviours = new ConcurrentLinkedQueue<>();
        ActorType<Item> type =
                ActorType.of(
                        "busy",
                        Item.class,
                        () -> {
                            Busy behaviour = new Busy();
                            behaviours.add(behaviour);
                            return behaviour;
                        });
        List<ActorHandle<Item>> crowd = Crowd.of(proc, "busy-" + rounds++, Fairness.BUSY, type);
        crowd.forEach(actor -> client.send(actor.ref(), new Item(System.nanoTime())));
        all.await();
        busy = false;
        Crowd.end(crowd);
        long slowest = behaviours.stream().mapToLong(each -> each.slowest).max().orElseThrow();
        return Round.of(Figure.MAX, (double) slowest);
    }

    @Override
    public void close() {
        proc.close();
    }

    private final class Busy implements Actor<Item> {
        private long slowest; // read when the actor has ended

        @Override
        public void receive(Context<Item> cx, Item sent) {
            slowest = Math.max(slowest, System.nanoTime() - sent.number());
            Fairness.compute(sent.number(), steps);
            left.one();
            if (busy) {
                cx.send(cx.self(), new Item(System.nanoTime()));
            }
        }
    }
}

package io.hyperactor.bench.local;

import io.hyperactor.Actor;
import io.hyperactor.ActorHandle;
import io.hyperactor.ActorRef;
import io.hyperactor.ActorType;
import io.hyperactor.Client;
import io.hyperactor.Context;
import io.hyperactor.Proc;
import io.hyperactor.bench.Round;
import io.hyperactor.bench.Worker;
import io.hyperactor.bench.Workload;

import java.util.List;
import java.util.concurrent.locks.LockSupport;

/// Some actors always have work, which they send to themselves. How long a message to another one
/// waits, each millisecond one.
public final class Fairness implements Workload {
    static final int BUSY = 100;
    static final long PAUSE_NANOS = 1_000_000;
    static final int STEPS = 500; // about a microsecond

    private final Proc proc = Proc.local("bench");
    private final Client client = proc.client("starter");
    private final ActorRef<Item> probe;
    private volatile Trips waits = new Trips();
    private volatile Countdown handled = new Countdown(1);
    private volatile boolean busy;
    private final int steps;
    private int rounds;

    private Fairness(int micros) {
        steps = micros * STEPS;
        probe = proc.spawn("probe", ActorType.of("probe", Item.class, Probe::new)).ref();
    }

    /// Measures until the input ends.
    ///
    /// @param arguments about how many microseconds a message takes
    public static void main(String[] arguments) {
        Worker.run(() -> new Fairness(Integer.parseInt(arguments[0])));
    }

    /// A little computation.
    static long work(long seed, int steps) {
        long value = seed;
        for (int i = 0; i < steps; i++) {
            value = value * 6_364_136_223_846_793_005L + 1_442_695_040_888_963_407L;
        }
        return value;
    }

    /// The same for who does not need the result, which may not be left out even so.
    static void compute(long seed, int steps) {
        if (work(seed, steps) == 0) {
            throw new IllegalStateException("one of 2^64");
        }
    }

    @Override
    public Round round(int operations) throws Exception {
        busy = true;
        List<ActorHandle<Item>> crowd =
                Crowd.of(
                        proc,
                        "busy-" + rounds++,
                        BUSY,
                        ActorType.of("busy", Item.class, Busy::new));
        crowd.forEach(actor -> client.send(actor.ref(), new Item(1)));
        waits = new Trips();
        Countdown all = new Countdown(operations);
        handled = all;
        for (int i = 0; i < operations; i++) {
            client.send(probe, new Item(System.nanoTime()));
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        busy = false; // else who starves would starve for ever
        all.await();
        Crowd.end(crowd);
        return waits.latencies();
    }

    @Override
    public void close() {
        proc.close();
    }

    private final class Busy implements Actor<Item> {
        @Override
        public void receive(Context<Item> cx, Item message) {
            Item next = new Item(work(message.number(), steps));
            if (busy) {
                cx.send(cx.self(), next);
            }
        }
    }

    private final class Probe implements Actor<Item> {
        @Override
        public void receive(Context<Item> cx, Item sent) {
            waits.add(System.nanoTime() - sent.number());
            handled.one();
        }
    }
}

package io.hyperactor.bench.local;

import io.hyperactor.Actor;
import io.hyperactor.ActorRef;
import io.hyperactor.ActorType;
import io.hyperactor.Client;
import io.hyperactor.Context;
import io.hyperactor.Proc;
import io.hyperactor.bench.Round;
import io.hyperactor.bench.Worker;
import io.hyperactor.bench.Workload;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// An actor sends to another one and then blocks, or computes: how long it takes until the other
/// one handles the message, which may have been meant to run right after it on the same thread.
/// There may be several that block at the same time, of which the last sends.
public final class Neighbour implements Workload {
    private static final long BLOCKED_MILLIS = 10;

    private final Proc proc = Proc.local("bench");
    private final Client client = proc.client("starter");
    private final List<ActorRef<Item>> blockers = new ArrayList<>();
    private final boolean computes;
    private volatile Trips waits = new Trips();
    private volatile Countdown handled = new Countdown(1);

    private Neighbour(boolean computes, int count) {
        this.computes = computes;
        ActorRef<Item> neighbour =
                proc.spawn("neighbour", ActorType.of("neighbour", Item.class, Waiting::new)).ref();
        ActorType<Item> type = ActorType.of("blocker", Item.class, () -> new Blocker(neighbour));
        for (int i = 0; i < count; i++) {
            blockers.add(proc.spawn("blocker-" + i, type).ref());
        }
    }

    /// Measures until the input ends.
    ///
    /// @param arguments `sleeps` or `computes`, and how many do at the same time
    public static void main(String[] arguments) {
        Worker.run(() ->
                new Neighbour(arguments[0].equals("computes"), Integer.parseInt(arguments[1])));
    }

    /// Takes a while without the thread's being free.
    static void holdUp(boolean computes) throws InterruptedException {
        if (!computes) {
            Thread.sleep(BLOCKED_MILLIS);
            return;
        }
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(BLOCKED_MILLIS);
        while (System.nanoTime() - end < 0) {
            Thread.onSpinWait();
        }
    }

    @Override
    public Round round(int operations) throws Exception {
        waits = new Trips();
        for (int i = 0; i < operations; i++) {
            Countdown done = new Countdown(blockers.size() + 1);
            handled = done;
            for (int each = 1; each <= blockers.size(); each++) {
                client.send(blockers.get(each - 1), new Item(blockers.size() - each));
            }
            done.await();
        }
        return waits.latencies();
    }

    @Override
    public void close() {
        proc.close();
    }

    private final class Blocker implements Actor<Item> {
        private final ActorRef<Item> neighbour;

        Blocker(ActorRef<Item> neighbour) {
            this.neighbour = neighbour;
        }

        @Override
        public void receive(Context<Item> cx, Item message) throws InterruptedException {
            if (message.number() == 0) { // none comes after it
                cx.send(neighbour, new Item(System.nanoTime()));
            }
            holdUp(computes);
            handled.one();
        }
    }

    private final class Waiting implements Actor<Item> {
        @Override
        public void receive(Context<Item> cx, Item sent) {
            waits.add(System.nanoTime() - sent.number());
            handled.one();
        }
    }
}

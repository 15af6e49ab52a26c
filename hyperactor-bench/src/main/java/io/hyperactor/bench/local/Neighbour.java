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

/// An actor sends to another one and then blocks: how long it takes until the other one handles the
/// message, which may have been meant to run right after it on the same thread.
public final class Neighbour implements Workload {
    static final long BLOCKED_MILLIS = 10;

    private final Proc proc = Proc.local("bench");
    private final Client client = proc.client("starter");
    private final ActorRef<Item> blocker;
    private volatile Trips waits = new Trips();
    private volatile Countdown handled = new Countdown(1);

    private Neighbour() {
        ActorRef<Item> neighbour =
                proc.spawn("neighbour", ActorType.of("neighbour", Item.class, Waiting::new)).ref();
        ActorType<Item> type = ActorType.of("blocker", Item.class, () -> new Blocker(neighbour));
        blocker = proc.spawn("blocker", type).ref();
    }

    /// Takes no arguments.
    public static void main(String[] arguments) {
        Worker.run(Neighbour::new);
    }

    @Override
    public Round round(int operations) throws Exception {
        waits = new Trips();
        for (int i = 0; i < operations; i++) {
            Countdown done = new Countdown(2);
            handled = done;
            client.send(blocker, new Item(i));
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
            cx.send(neighbour, new Item(System.nanoTime()));
            Thread.sleep(BLOCKED_MILLIS);
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

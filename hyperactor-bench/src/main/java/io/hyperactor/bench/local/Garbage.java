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

import org.jspecify.annotations.Nullable;

import java.util.List;

/// Messages go to many actors in turn, and each keeps its last one: what the garbage collector has
/// to do for that. An operation is a message handled.
public final class Garbage implements Workload {
    static final int ACTORS = 200_000;

    private final Proc proc = Proc.local("bench");
    private final Client client = proc.client("sender");
    private final List<ActorRef<Item>> keepers;
    private volatile Countdown handled = new Countdown(1);
    private volatile long last;

    private Garbage() {
        ActorType<Item> type = ActorType.of("keeper", Item.class, Keeper::new);
        keepers = Crowd.refs(Crowd.of(proc, "keeper", ACTORS, type));
    }

    /// Takes no arguments.
    public static void main(String[] arguments) {
        Worker.run(Garbage::new);
    }

    @Override
    public Round round(int operations) throws Exception {
        int each = Math.max(1, operations / ACTORS);
        Countdown all = new Countdown(ACTORS);
        handled = all;
        last = each - 1L;
        try (Pauses pauses = new Pauses()) {
            long start = System.nanoTime();
            for (int i = 0; i < each; i++) {
                for (ActorRef<Item> keeper : keepers) {
                    client.send(keeper, new Item(i));
                }
            }
            all.await();
            return pauses.in(Round.rate((long) each * ACTORS, System.nanoTime() - start));
        }
    }

    @Override
    public void close() {
        proc.close();
    }

    private final class Keeper implements Actor<Item> {
        private @Nullable Item kept;

        @Override
        public void receive(Context<Item> cx, Item message) {
            kept = message;
            if (kept.number() == last) {
                handled.one();
            }
        }
    }
}

package io.hyperactor.bench.local;

import io.hyperactor.bench.PekkoSystem;
import io.hyperactor.bench.Round;
import io.hyperactor.bench.Worker;
import io.hyperactor.bench.Workload;

import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.jspecify.annotations.Nullable;

import java.util.List;

/// [Garbage] with Pekko.
public final class PekkoGarbage implements Workload {
    private final PekkoSystem system = new PekkoSystem("");
    private final List<ActorRef<Item>> keepers;
    private volatile Countdown handled = new Countdown(1);
    private volatile long last;

    private PekkoGarbage() throws Exception {
        Behavior<Item> keeper = Behaviors.setup(Keeper::new);
        keepers = PekkoCrowd.of(system, "keeper", Garbage.ACTORS, keeper).refs();
    }

    /// Takes no arguments.
    public static void main(String[] arguments) {
        Worker.run(PekkoGarbage::new);
    }

    @Override
    public Round round(int operations) throws Exception {
        int each = Math.max(1, operations / Garbage.ACTORS);
        Countdown all = new Countdown(Garbage.ACTORS);
        handled = all;
        last = each - 1L;
        try (Pauses pauses = new Pauses()) {
            long start = System.nanoTime();
            for (int i = 0; i < each; i++) {
                for (ActorRef<Item> keeper : keepers) {
                    keeper.tell(new Item(i));
                }
            }
            all.await();
            return pauses.in(Round.rate((long) each * Garbage.ACTORS, System.nanoTime() - start));
        }
    }

    @Override
    public void close() {
        system.close();
    }

    private final class Keeper extends AbstractBehavior<Item> {
        private @Nullable Item kept;

        Keeper(ActorContext<Item> context) {
            super(context);
        }

        @Override
        public Receive<Item> createReceive() {
            return newReceiveBuilder().onAnyMessage(this::keep).build();
        }

        private Behavior<Item> keep(Item message) {
            kept = message;
            if (kept.number() == last) {
                handled.one();
            }
            return this;
        }
    }
}

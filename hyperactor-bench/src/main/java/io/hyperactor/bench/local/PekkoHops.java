package io.hyperactor.bench.local;

import io.hyperactor.bench.PekkoSystem;
import io.hyperactor.bench.Round;
import io.hyperactor.bench.Worker;
import io.hyperactor.bench.Workload;
import io.hyperactor.bench.local.Hops.Hop;

import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

import java.util.List;

/// [Hops] with Pekko.
public final class PekkoHops implements Workload {
    private final PekkoSystem system = new PekkoSystem("");
    private final int tokens;
    private List<ActorRef<Hop>> hoppers = List.of();
    private volatile Countdown done = new Countdown(1);

    private PekkoHops(int actors, int tokens) throws Exception {
        this.tokens = tokens;
        Behavior<Hop> hopper = Behaviors.setup(Hopper::new);
        hoppers = PekkoCrowd.of(system, "hopper", actors, hopper).refs();
    }

    /// Measures until the input ends.
    ///
    /// @param arguments how many actors; how many tokens
    public static void main(String[] arguments) {
        Worker.run(() ->
                new PekkoHops(Integer.parseInt(arguments[0]), Integer.parseInt(arguments[1])));
    }

    @Override
    public Round round(int operations) throws Exception {
        int each = Math.max(1, operations / tokens);
        Countdown all = new Countdown(tokens);
        done = all;
        long start = System.nanoTime();
        for (int i = 0; i < tokens; i++) {
            hoppers.get(0).tell(new Hop(each, i));
        }
        all.await();
        return Round.rate((long) each * tokens, System.nanoTime() - start);
    }

    @Override
    public void close() {
        system.close();
    }

    private final class Hopper extends AbstractBehavior<Hop> {
        Hopper(ActorContext<Hop> context) {
            super(context);
        }

        @Override
        public Receive<Hop> createReceive() {
            return newReceiveBuilder().onAnyMessage(this::hop).build();
        }

        private Behavior<Hop> hop(Hop hop) {
            if (hop.left() == 0) {
                done.one();
            } else {
                Hop next = hop.next();
                hoppers.get(next.place(hoppers.size())).tell(next);
            }
            return this;
        }
    }
}

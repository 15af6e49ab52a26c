package io.hyperactor.bench.local;

import io.hyperactor.bench.Cost;
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

/// [Tell] with Pekko.
public final class PekkoTell implements Workload {
    private final PekkoSystem system = new PekkoSystem("");
    private final int senders;
    private int rounds;

    private PekkoTell(int senders) {
        this.senders = senders;
    }

    /// Measures until the input ends.
    ///
    /// @param arguments how many threads
    public static void main(String[] arguments) {
        Worker.run(() -> new PekkoTell(Integer.parseInt(arguments[0])));
    }

    @Override
    public Round round(int operations) throws Exception {
        int each = operations / senders;
        Countdown done = new Countdown(1);
        ActorRef<Item> counter =
                system.spawn("counter-" + rounds++, Counter.expecting(each * senders, done));
        Cost cost = Cost.fromNow();
        long start = System.nanoTime();
        Senders.run(senders, i -> () -> send(counter, each));
        done.await();
        long sent = (long) each * senders;
        return cost.of(sent, Round.rate(sent, System.nanoTime() - start));
    }

    private static void send(ActorRef<Item> to, int count) {
        for (int i = 0; i < count; i++) {
            to.tell(new Item(i));
        }
    }

    @Override
    public void close() {
        system.close();
    }

    private static final class Counter extends AbstractBehavior<Item> {
        private final Countdown done;
        private int left;

        private Counter(ActorContext<Item> context, int expected, Countdown done) {
            super(context);
            this.left = expected;
            this.done = done;
        }

        static Behavior<Item> expecting(int expected, Countdown done) {
            return Behaviors.setup(context -> new Counter(context, expected, done));
        }

        @Override
        public Receive<Item> createReceive() {
            return newReceiveBuilder().onAnyMessage(this::count).build();
        }

        private Behavior<Item> count(Item message) {
            if (--left == 0) {
                done.all();
                return Behaviors.stopped();
            }
            return this;
        }
    }
}

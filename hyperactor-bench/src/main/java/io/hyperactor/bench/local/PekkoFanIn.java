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

import java.util.List;

/// [FanIn] with Pekko, whose mailboxes have no bound.
public final class PekkoFanIn implements Workload {
    private record Talk(ActorRef<Item> to, int count) {}

    private final PekkoSystem system = new PekkoSystem("");
    private final List<ActorRef<Talk>> talkers;
    private int rounds;

    private PekkoFanIn(int senders) throws Exception {
        Behavior<Talk> talker = Behaviors.setup(Talker::new);
        talkers = PekkoCrowd.of(system, "talker", senders, talker).refs();
    }

    /// Measures until the input ends.
    ///
    /// @param arguments how many senders
    public static void main(String[] arguments) {
        Worker.run(() -> new PekkoFanIn(Integer.parseInt(arguments[0])));
    }

    @Override
    public Round round(int operations) throws Exception {
        int each = Math.max(1, operations / talkers.size());
        long all = (long) each * talkers.size();
        Countdown done = new Countdown(1);
        Behavior<Item> behavior = Behaviors.setup(context -> new Sink(context, all, done));
        ActorRef<Item> sink = system.spawn("sink-" + rounds++, behavior);
        long start = System.nanoTime();
        for (ActorRef<Talk> talker : talkers) {
            talker.tell(new Talk(sink, each));
        }
        done.await();
        return Round.rate(all, System.nanoTime() - start);
    }

    @Override
    public void close() {
        system.close();
    }

    private static final class Talker extends AbstractBehavior<Talk> {
        Talker(ActorContext<Talk> context) {
            super(context);
        }

        @Override
        public Receive<Talk> createReceive() {
            return newReceiveBuilder().onAnyMessage(this::talk).build();
        }

        private Behavior<Talk> talk(Talk talk) {
            for (int i = 0; i < talk.count(); i++) {
                talk.to().tell(new Item(i));
            }
            return this;
        }
    }

    private static final class Sink extends AbstractBehavior<Item> {
        private final Countdown done;
        private long left;

        Sink(ActorContext<Item> context, long expected, Countdown done) {
            super(context);
            this.left = expected;
            this.done = done;
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

package io.hyperactor.bench.local;

import io.hyperactor.bench.PekkoSystem;

import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// Many actors of Pekko's, each with a name and its first message handled. A parent creates them:
/// that is the way Pekko has.
final class PekkoPopulation implements AutoCloseable {
    private sealed interface Order {
        record Create(int count, Countdown done) implements Order {}

        record End() implements Order {}
    }

    private final PekkoSystem system = new PekkoSystem("");
    private @Nullable ActorRef<Order> parent;
    private Countdown ended = new Countdown(1);
    private int rounds;

    /// Returns when all are there and idle. Those of an earlier call stay, too.
    void create(int count) throws Exception {
        Countdown done = new Countdown(count);
        ended = new Countdown(1);
        Behavior<Order> behavior = Behaviors.setup(context -> new Parent(context, ended));
        ActorRef<Order> created = system.spawn("parent-" + rounds++, behavior);
        parent = created;
        created.tell(new Order.Create(count, done));
        done.await();
    }

    /// Returns when all of the last ones have ended.
    void end() throws Exception {
        if (parent != null) {
            parent.tell(new Order.End());
            ended.await();
            parent = null;
        }
    }

    @Override
    public void close() {
        system.close();
    }

    private static final class Parent extends AbstractBehavior<Order> {
        private final List<ActorRef<Item>> children = new ArrayList<>();
        private final Countdown ended;

        Parent(ActorContext<Order> context, Countdown ended) {
            super(context);
            this.ended = ended;
        }

        @Override
        public Receive<Order> createReceive() {
            return newReceiveBuilder()
                    .onMessage(Order.Create.class, this::create)
                    .onMessage(Order.End.class, _ -> Behaviors.stopped())
                    .onSignal(PostStop.class, _ -> stopped())
                    .build();
        }

        private Behavior<Order> create(Order.Create order) {
            Behavior<Item> idler = Behaviors.setup(context -> new Idler(context, order.done()));
            for (int i = 0; i < order.count(); i++) {
                ActorRef<Item> child = getContext().spawn(idler, "idler-" + i);
                child.tell(new Item(i));
                children.add(child);
            }
            return this;
        }

        /// Children have ended before.
        private Behavior<Order> stopped() {
            ended.all();
            return this;
        }
    }

    private static final class Idler extends AbstractBehavior<Item> {
        private final Countdown done;
        private long handled;

        Idler(ActorContext<Item> context, Countdown done) {
            super(context);
            this.done = done;
        }

        @Override
        public Receive<Item> createReceive() {
            return newReceiveBuilder().onAnyMessage(this::count).build();
        }

        private Behavior<Item> count(Item message) {
            if (++handled == 1) {
                done.one();
            }
            return this;
        }
    }
}

package io.hyperactor.bench.local;

import io.hyperactor.bench.Figure;
import io.hyperactor.bench.PekkoSystem;
import io.hyperactor.bench.Round;
import io.hyperactor.bench.Worker;
import io.hyperactor.bench.Workload;

import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.jspecify.annotations.Nullable;

import java.util.List;

/// [Storm] with Pekko.
public final class PekkoStorm implements Workload {
    private sealed interface Game {
        record Meet(ActorRef<Game> partner) implements Game {}

        record Ball() implements Game {}
    }

    private static final String VIRTUAL = "bench-virtual-thread-dispatcher";
    private static final String CONFIGURATION =
            """
            %s {
              type = Dispatcher
              executor = "virtual-thread-executor"
              throughput = 1
            }
            """
                    .formatted(VIRTUAL);

    private final PekkoSystem system = new PekkoSystem(CONFIGURATION);
    private final DispatcherSelector dispatcher;
    private List<ActorRef<Item>> sleepers = List.of();
    private volatile Countdown storm = new Countdown(1);
    private volatile boolean playing;
    private int rounds;

    private PekkoStorm(DispatcherSelector dispatcher) {
        this.dispatcher = dispatcher;
    }

    /// Measures until the input ends.
    ///
    /// @param arguments what the handlers run on: `blocking` for Pekko's dispatcher for what
    ///   blocks, `virtual` for one with a virtual thread for each turn, else its usual one
    public static void main(String[] arguments) {
        Worker.run(() -> new PekkoStorm(dispatcher(arguments[0])));
    }

    private static DispatcherSelector dispatcher(String name) {
        return switch (name) {
            case "blocking" -> DispatcherSelector.blocking();
            case "virtual" -> DispatcherSelector.fromConfig(VIRTUAL);
            default -> DispatcherSelector.defaultDispatcher();
        };
    }

    @Override
    public Round round(int operations) throws Exception {
        if (sleepers.size() < operations) {
            Behavior<Item> sleeper =
                    Behaviors.receive(Item.class).onAnyMessage(_ -> sleep()).build();
            sleepers =
                    PekkoCrowd.of(system, "sleeper-" + rounds, operations, sleeper, dispatcher)
                            .refs();
        }
        Countdown all = new Countdown(operations);
        Countdown over = new Countdown(1);
        Trips trips = new Trips();
        storm = all;
        playing = true;
        ActorRef<Game> white = player("white", trips, over);
        ActorRef<Game> black = player("black", new Trips(), over);
        rounds++;
        white.tell(new Game.Meet(black));
        black.tell(new Game.Meet(white));
        white.tell(new Game.Ball());
        long start = System.nanoTime();
        for (int i = 0; i < operations; i++) {
            sleepers.get(i).tell(new Item(i));
        }
        all.await();
        long nanos = System.nanoTime() - start;
        playing = false;
        over.await();
        return trips.latencies().with(Figure.DONE, (double) nanos);
    }

    private ActorRef<Game> player(String name, Trips trips, Countdown over) throws Exception {
        return system.spawn(
                name + "-" + rounds,
                Behaviors.<Game>setup(context -> new Player(context, trips, over)));
    }

    private Behavior<Item> sleep() throws InterruptedException {
        Thread.sleep(Storm.BLOCKED_MILLIS);
        storm.one();
        return Behaviors.same();
    }

    @Override
    public void close() {
        system.close();
    }

    private final class Player extends AbstractBehavior<Game> {
        private final Trips trips;
        private final Countdown over;
        private @Nullable ActorRef<Game> partner;
        private long sentAt;

        Player(ActorContext<Game> context, Trips trips, Countdown over) {
            super(context);
            this.trips = trips;
            this.over = over;
        }

        @Override
        public Receive<Game> createReceive() {
            return newReceiveBuilder().onAnyMessage(this::receive).build();
        }

        private Behavior<Game> receive(Game message) {
            switch (message) {
                case Game.Meet(var other) -> partner = other;
                case Game.Ball ball -> play(ball);
            }
            return this;
        }

        private void play(Game.Ball ball) {
            long now = System.nanoTime();
            if (sentAt != 0) {
                trips.add(now - sentAt);
            }
            sentAt = now;
            if (playing && partner != null) {
                partner.tell(ball);
            } else {
                over.all();
            }
        }
    }
}

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

/// [PingPong] with Pekko.
public final class PekkoPingPong implements Workload {
    private sealed interface Game {
        record Meet(ActorRef<Game> partner) implements Game {}

        record Ball(int left) implements Game {}
    }

    private final PekkoSystem system = new PekkoSystem("");
    private int rounds;

    private PekkoPingPong() {}

    /// Takes no arguments.
    public static void main(String[] arguments) {
        Worker.run(PekkoPingPong::new);
    }

    @Override
    public Round round(int operations) throws Exception {
        Countdown done = new Countdown(1);
        Behavior<Game> player = Behaviors.setup(context -> new Player(context, done));
        ActorRef<Game> white = system.spawn("white-" + rounds, player);
        ActorRef<Game> black = system.spawn("black-" + rounds++, player);
        white.tell(new Game.Meet(black));
        black.tell(new Game.Meet(white));
        long start = System.nanoTime();
        white.tell(new Game.Ball(2 * operations));
        done.await();
        return Round.each(operations, System.nanoTime() - start);
    }

    @Override
    public void close() {
        system.close();
    }

    private static final class Player extends AbstractBehavior<Game> {
        private final Countdown done;
        private @Nullable ActorRef<Game> partner;

        Player(ActorContext<Game> context, Countdown done) {
            super(context);
            this.done = done;
        }

        @Override
        public Receive<Game> createReceive() {
            return newReceiveBuilder().onAnyMessage(this::play).build();
        }

        private Behavior<Game> play(Game message) {
            switch (message) {
                case Game.Meet(var other) -> partner = other;
                case Game.Ball(int left) when left == 0 -> done.all();
                case Game.Ball(int left) -> {
                    if (partner != null) {
                        partner.tell(new Game.Ball(left - 1));
                    }
                }
            }
            return this;
        }
    }
}

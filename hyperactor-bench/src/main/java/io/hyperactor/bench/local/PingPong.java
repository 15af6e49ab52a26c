package io.hyperactor.bench.local;

import io.hyperactor.Actor;
import io.hyperactor.ActorHandle;
import io.hyperactor.ActorRef;
import io.hyperactor.ActorType;
import io.hyperactor.Client;
import io.hyperactor.Context;
import io.hyperactor.Proc;
import io.hyperactor.bench.Round;
import io.hyperactor.bench.Worker;
import io.hyperactor.bench.Workload;

import org.jspecify.annotations.Nullable;

/// Two actors send each other one message to and fro; an operation is a round trip.
public final class PingPong implements Workload {
    /// What players say.
    public sealed interface Game {
        /// Names the partner; sent first.
        record Meet(ActorRef<Game> partner) implements Game {}

        /// To be sent back with one less, unless there is nothing left.
        record Ball(int left) implements Game {}
    }

    private final Proc proc = Proc.local("bench");
    private final Client client = proc.client("referee");
    private int rounds;

    private PingPong() {}

    /// Takes no arguments.
    public static void main(String[] arguments) {
        Worker.run(PingPong::new);
    }

    @Override
    public Round round(int operations) throws Exception {
        Countdown done = new Countdown(1);
        ActorType<Game> type = ActorType.of("player", Game.class, () -> new Player(done));
        ActorHandle<Game> white = proc.spawn("white-" + rounds, type);
        ActorHandle<Game> black = proc.spawn("black-" + rounds++, type);
        client.send(white.ref(), new Game.Meet(black.ref()));
        client.send(black.ref(), new Game.Meet(white.ref()));
        long start = System.nanoTime();
        client.send(white.ref(), new Game.Ball(2 * operations));
        done.await();
        long nanos = System.nanoTime() - start;
        white.stop("round over");
        black.stop("round over");
        return Round.each(operations, nanos);
    }

    @Override
    public void close() {
        proc.close();
    }

    private static final class Player implements Actor<Game> {
        private final Countdown done;
        private @Nullable ActorRef<Game> partner;

        Player(Countdown done) {
            this.done = done;
        }

        @Override
        public void receive(Context<Game> cx, Game message) {
            switch (message) {
                case Game.Meet(var other) -> partner = other;
                case Game.Ball(int left) when left == 0 -> done.all();
                case Game.Ball(int left) -> {
                    if (partner != null) {
                        cx.send(partner, new Game.Ball(left - 1));
                    }
                }
            }
        }
    }
}

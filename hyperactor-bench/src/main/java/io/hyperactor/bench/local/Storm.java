package io.hyperactor.bench.local;

import io.hyperactor.Actor;
import io.hyperactor.ActorHandle;
import io.hyperactor.ActorRef;
import io.hyperactor.ActorType;
import io.hyperactor.Client;
import io.hyperactor.Context;
import io.hyperactor.Proc;
import io.hyperactor.bench.Figure;
import io.hyperactor.bench.Round;
import io.hyperactor.bench.Worker;
import io.hyperactor.bench.Workload;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// Many handlers block at the same time, each for a moment; beside them two other actors play
/// ping-pong, and their round trips are measured. An operation is a handler that blocks.
public final class Storm implements Workload {
    static final long BLOCKED_MILLIS = 50;

    /// What players say.
    public sealed interface Game {
        /// Names the partner.
        record Meet(ActorRef<Game> partner) implements Game {}

        /// To be sent back.
        record Ball() implements Game {}
    }

    private final Proc proc = Proc.local("bench");
    private final Client client = proc.client("starter");
    private final boolean blocking;
    private final List<ActorRef<Item>> sleepers = new ArrayList<>();
    private volatile Countdown storm = new Countdown(1);
    private volatile boolean playing;
    private int rounds;

    private Storm(boolean blocking) {
        this.blocking = blocking;
    }

    /// Measures until the input ends.
    ///
    /// @param arguments `blocking` if the type of the handlers says that they block
    public static void main(String[] arguments) {
        Worker.run(() -> new Storm(arguments[0].equals("blocking")));
    }

    private void gather(int count) {
        ActorType<Item> type = ActorType.of("sleeper", Item.class, Sleeper::new);
        while (sleepers.size() < count) {
            sleepers.add(
                    proc.spawn("sleeper-" + sleepers.size(), blocking ? type.blocking() : type)
                            .ref());
        }
    }

    @Override
    public Round round(int operations) throws Exception {
        gather(operations);
        Countdown all = new Countdown(operations);
        Countdown over = new Countdown(1);
        Trips trips = new Trips();
        storm = all;
        playing = true;
        ActorHandle<Game> white = player("white", trips, over);
        ActorHandle<Game> black = player("black", new Trips(), over);
        client.send(white.ref(), new Game.Meet(black.ref()));
        client.send(black.ref(), new Game.Meet(white.ref()));
        client.send(white.ref(), new Game.Ball());
        long start = System.nanoTime();
        for (int i = 0; i < operations; i++) {
            client.send(sleepers.get(i), new Item(i));
        }
        all.await();
        long nanos = System.nanoTime() - start;
        playing = false;
        over.await();
        white.stop("round over");
        black.stop("round over");
        rounds++;
        return trips.latencies().with(Figure.DONE, (double) nanos);
    }

    private ActorHandle<Game> player(String name, Trips trips, Countdown over) {
        ActorType<Game> type = ActorType.of("player", Game.class, () -> new Player(trips, over));
        return proc.spawn(name + "-" + rounds, type);
    }

    @Override
    public void close() {
        proc.close();
    }

    private final class Sleeper implements Actor<Item> {
        @Override
        public void receive(Context<Item> cx, Item message) throws InterruptedException {
            Thread.sleep(BLOCKED_MILLIS);
            storm.one();
        }
    }

    private final class Player implements Actor<Game> {
        private final Trips trips;
        private final Countdown over;
        private @Nullable ActorRef<Game> partner;
        private long sentAt;

        Player(Trips trips, Countdown over) {
            this.trips = trips;
            this.over = over;
        }

        @Override
        public void receive(Context<Game> cx, Game message) {
            switch (message) {
                case Game.Meet(var other) -> partner = other;
                case Game.Ball ball -> play(cx, ball);
            }
        }

        private void play(Context<Game> cx, Game.Ball ball) {
            long now = System.nanoTime();
            if (sentAt != 0) {
                trips.add(now - sentAt);
            }
            sentAt = now;
            if (playing && partner != null) {
                cx.send(partner, ball);
            } else {
                over.all();
            }
        }
    }
}

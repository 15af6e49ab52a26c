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

import java.util.List;

/// Tokens go from any of many actors to any other one; an operation is a hop. Memory that is far
/// away costs most here.
public final class Hops implements Workload {
    /// A token.
    ///
    /// @param left how many hops it has before it
    /// @param seed of the numbers that say where it goes
    public record Hop(int left, int seed) {
        /// The token at its next actor.
        Hop next() {
            return new Hop(left - 1, seed * 1_103_515_245 + 12_345);
        }

        /// One of `count` actors.
        int place(int count) {
            return (seed >>> 8) % count;
        }
    }

    private final Proc proc = Proc.local("bench");
    private final Client client = proc.client("thrower");
    private final int tokens;
    private List<ActorRef<Hop>> hoppers = List.of();
    private volatile Countdown done = new Countdown(1);

    private Hops(int actors, int tokens) {
        this.tokens = tokens;
        ActorType<Hop> type = ActorType.of("hopper", Hop.class, Hopper::new);
        hoppers = Crowd.refs(Crowd.of(proc, "hopper", actors, type));
    }

    /// Measures until the input ends.
    ///
    /// @param arguments how many actors; how many tokens
    public static void main(String[] arguments) {
        Worker.run(() -> new Hops(Integer.parseInt(arguments[0]), Integer.parseInt(arguments[1])));
    }

    @Override
    public Round round(int operations) throws Exception {
        int each = Math.max(1, operations / tokens);
        Countdown all = new Countdown(tokens);
        done = all;
        long start = System.nanoTime();
        for (int i = 0; i < tokens; i++) {
            client.send(hoppers.get(0), new Hop(each, i));
        }
        all.await();
        return Round.rate((long) each * tokens, System.nanoTime() - start);
    }

    @Override
    public void close() {
        proc.close();
    }

    private final class Hopper implements Actor<Hop> {
        @Override
        public void receive(Context<Hop> cx, Hop hop) {
            if (hop.left() == 0) {
                done.one();
            } else {
                Hop next = hop.next();
                cx.send(hoppers.get(next.place(hoppers.size())), next);
            }
        }
    }
}

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

import java.util.List;

/// One actor sends to many, one after the other, again and again; an operation is a message
/// handled.
public final class FanOut implements Workload {
    private final Proc proc = Proc.local("bench");
    private final Client client = proc.client("starter");
    private final List<ActorRef<Item>> targets;
    private volatile Countdown done = new Countdown(1);
    private volatile long last;
    private int rounds;

    private FanOut(int receivers) {
        ActorType<Item> type = ActorType.of("target", Item.class, Target::new);
        targets = Crowd.refs(Crowd.of(proc, "target", receivers, type));
    }

    /// Measures until the input ends.
    ///
    /// @param arguments how many receivers
    public static void main(String[] arguments) {
        Worker.run(() -> new FanOut(Integer.parseInt(arguments[0])));
    }

    @Override
    public Round round(int operations) throws Exception {
        int each = Math.max(1, operations / targets.size());
        Countdown all = new Countdown(targets.size());
        done = all;
        last = each - 1L;
        ActorType<Item> type = ActorType.of("talker", Item.class, Talker::new);
        ActorHandle<Item> talker = proc.spawn("talker-" + rounds++, type);
        long start = System.nanoTime();
        client.send(talker.ref(), new Item(each));
        all.await();
        long nanos = System.nanoTime() - start;
        talker.stop("round over");
        return Round.rate((long) each * targets.size(), nanos);
    }

    @Override
    public void close() {
        proc.close();
    }

    private final class Talker implements Actor<Item> {
        @Override
        public void receive(Context<Item> cx, Item each) {
            for (long i = 0; i < each.number(); i++) {
                for (ActorRef<Item> target : targets) {
                    cx.send(target, new Item(i));
                }
            }
        }
    }

    private final class Target implements Actor<Item> {
        @Override
        public void receive(Context<Item> cx, Item item) {
            if (item.number() == last) {
                done.one();
            }
        }
    }
}

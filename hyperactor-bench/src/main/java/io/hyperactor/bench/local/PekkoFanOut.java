package io.hyperactor.bench.local;

import io.hyperactor.bench.PekkoSystem;
import io.hyperactor.bench.Round;
import io.hyperactor.bench.Worker;
import io.hyperactor.bench.Workload;

import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

import java.util.List;

/// [FanOut] with Pekko.
public final class PekkoFanOut implements Workload {
    private final PekkoSystem system = new PekkoSystem("");
    private final List<ActorRef<Item>> targets;
    private volatile Countdown done = new Countdown(1);
    private volatile long last;
    private int rounds;

    private PekkoFanOut(int receivers) throws Exception {
        Behavior<Item> target =
                Behaviors.setup(
                        _ -> Behaviors.receive(Item.class).onAnyMessage(this::count).build());
        targets = PekkoCrowd.of(system, "target", receivers, target).refs();
    }

    /// Measures until the input ends.
    ///
    /// @param arguments how many receivers
    public static void main(String[] arguments) {
        Worker.run(() -> new PekkoFanOut(Integer.parseInt(arguments[0])));
    }

    private Behavior<Item> count(Item item) {
        if (item.number() == last) {
            done.one();
        }
        return Behaviors.same();
    }

    private Behavior<Item> talk(Item each) {
        for (long i = 0; i < each.number(); i++) {
            for (ActorRef<Item> target : targets) {
                target.tell(new Item(i));
            }
        }
        return Behaviors.stopped();
    }

    @Override
    public Round round(int operations) throws Exception {
        int each = Math.max(1, operations / targets.size());
        Countdown all = new Countdown(targets.size());
        done = all;
        last = each - 1L;
        Behavior<Item> behavior = Behaviors.receive(Item.class).onAnyMessage(this::talk).build();
        ActorRef<Item> talker = system.spawn("talker-" + rounds++, behavior);
        long start = System.nanoTime();
        talker.tell(new Item(each));
        all.await();
        return Round.rate((long) each * targets.size(), System.nanoTime() - start);
    }

    @Override
    public void close() {
        system.close();
    }
}

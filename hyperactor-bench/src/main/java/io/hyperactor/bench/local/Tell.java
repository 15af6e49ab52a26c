package io.hyperactor.bench.local;

import io.hyperactor.Actor;
import io.hyperactor.ActorHandle;
import io.hyperactor.ActorRef;
import io.hyperactor.ActorType;
import io.hyperactor.Client;
import io.hyperactor.Context;
import io.hyperactor.Proc;
import io.hyperactor.bench.Cost;
import io.hyperactor.bench.Round;
import io.hyperactor.bench.Worker;
import io.hyperactor.bench.Workload;

import java.util.List;
import java.util.stream.IntStream;

/// Some threads tell one actor, as fast as it goes; an operation is a message handled.
public final class Tell implements Workload {
    private final Proc proc = Proc.local("bench");
    private final List<Client> senders;
    private int rounds;

    private Tell(int senders) {
        this.senders =
                IntStream.range(0, senders).mapToObj(i -> proc.client("sender-" + i)).toList();
    }

    /// Measures until the input ends.
    ///
    /// @param arguments how many threads
    public static void main(String[] arguments) {
        Worker.run(() -> new Tell(Integer.parseInt(arguments[0])));
    }

    @Override
    public Round round(int operations) throws Exception {
        int each = operations / senders.size();
        Countdown done = new Countdown(1);
        ActorHandle<Item> counter =
                proc.spawn("counter-" + rounds++, type(each * senders.size(), done));
        Cost cost = Cost.fromNow();
        long start = System.nanoTime();
        Senders.run(senders.size(), i -> () -> send(senders.get(i), counter.ref(), each));
        done.await();
        long nanos = System.nanoTime() - start;
        long sent = (long) each * senders.size();
        Round round = cost.of(sent, Round.rate(sent, nanos));
        counter.stop("round over");
        counter.ended().join();
        return round;
    }

    private static void send(Client sender, ActorRef<Item> to, int count) {
        for (int i = 0; i < count; i++) {
            sender.send(to, new Item(i));
        }
    }

    private static ActorType<Item> type(int expected, Countdown done) {
        return ActorType.of("counter", Item.class, () -> new Counter(expected, done));
    }

    @Override
    public void close() {
        proc.close();
    }

    private static final class Counter implements Actor<Item> {
        private final Countdown done;
        private int left;

        Counter(int expected, Countdown done) {
            this.left = expected;
            this.done = done;
        }

        @Override
        public void receive(Context<Item> cx, Item message) {
            if (--left == 0) {
                done.all();
            }
        }
    }
}

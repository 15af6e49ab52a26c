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

/// Many actors send to one, all at the same time; an operation is a message handled. Ours has a
/// bounded mailbox, so senders wait for room.
public final class FanIn implements Workload {
    /// Tells an actor to send some items.
    public record Talk(ActorRef<Item> to, int count) {}

    private final Proc proc = Proc.local("bench");
    private final Client client = proc.client("starter");
    private final List<ActorRef<Talk>> talkers;
    private int rounds;

    private FanIn(int senders) {
        ActorType<Talk> type = ActorType.of("talker", Talk.class, Talker::new);
        talkers = Crowd.refs(Crowd.of(proc, "talker", senders, type));
    }

    /// Measures until the input ends.
    ///
    /// @param arguments how many senders
    public static void main(String[] arguments) {
        Worker.run(() -> new FanIn(Integer.parseInt(arguments[0])));
    }

    @Override
    public Round round(int operations) throws Exception {
        int each = Math.max(1, operations / talkers.size());
        long all = (long) each * talkers.size();
        Countdown done = new Countdown(1);
        ActorType<Item> type = ActorType.of("sink", Item.class, () -> new Sink(all, done));
        ActorHandle<Item> sink = proc.spawn("sink-" + rounds++, type);
        long start = System.nanoTime();
        for (ActorRef<Talk> talker : talkers) {
            client.send(talker, new Talk(sink.ref(), each));
        }
        done.await();
        long nanos = System.nanoTime() - start;
        sink.stop("round over");
        return Round.rate(all, nanos);
    }

    @Override
    public void close() {
        proc.close();
    }

    private static final class Talker implements Actor<Talk> {
        @Override
        public void receive(Context<Talk> cx, Talk talk) {
            for (int i = 0; i < talk.count(); i++) {
                cx.send(talk.to(), new Item(i));
            }
        }
    }

    private static final class Sink implements Actor<Item> {
        private final Countdown done;
        private long left;

        Sink(long expected, Countdown done) {
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

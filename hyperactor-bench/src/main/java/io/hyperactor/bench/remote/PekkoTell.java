package io.hyperactor.bench.remote;

import io.hyperactor.bench.Cost;
import io.hyperactor.bench.Round;
import io.hyperactor.bench.Worker;
import io.hyperactor.bench.Workload;

import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// [Tell] with Pekko. The sender is an actor, as it has to listen to the receiver's reports: it may
/// be 2500 messages ahead, fewer than Pekko's send queue of 3072 holds, or 16 MiB.
public final class PekkoTell implements Workload {
    private static final int AHEAD_MAX = 2500;
    private static final int AHEAD_BYTES = 16 << 20; // like the window of a channel
    private static final int REPORTS = 10; // while as many are sent as may be ahead

    private final Artery artery;
    private final int size;
    private final byte[] payload;
    private int rounds;

    private PekkoTell(int size) throws IOException {
        this.artery = new Artery(size);
        this.size = size;
        this.payload = Traffic.payload(size);
    }

    /// Measures until the input ends.
    ///
    /// @param arguments bytes in a message
    public static void main(String[] arguments) {
        Worker.run(() -> new PekkoTell(Integer.parseInt(arguments[0])));
    }

    @Override
    public Round round(int operations) throws Exception {
        CompletableFuture<Long> done = new CompletableFuture<>();
        Cost cost = Cost.fromNow();
        artery.system()
                .spawn(
                        "sender-" + rounds++,
                        Behaviors.<PekkoTraffic>setup(
                                cx -> new Teller(cx, artery.sink(), operations, payload, done)));
        long nanos = done.get(Sender.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        return cost.of(operations, Round.stream(operations, size, nanos));
    }

    @Override
    public void close() {
        artery.close();
    }

    /// Sends all messages of a round; its clock starts when the receiver expects them.
    private static final class Teller extends AbstractBehavior<PekkoTraffic> {
        private final ActorRef<PekkoTraffic> sink;
        private final int messages;
        private final byte[] payload;
        private final int aheadMax;
        private final CompletableFuture<Long> done;
        private long start;
        private long sent;

        Teller(
                ActorContext<PekkoTraffic> context,
                ActorRef<PekkoTraffic> sink,
                int messages,
                byte[] payload,
                CompletableFuture<Long> done) {
            super(context);
            this.sink = sink;
            this.messages = messages;
            this.payload = payload;
            this.done = done;
            this.aheadMax = Math.clamp(AHEAD_BYTES / payload.length, 2, AHEAD_MAX);
            int reportEvery = Math.max(1, aheadMax / REPORTS);
            sink.tell(new PekkoTraffic.Expect(messages, reportEvery, context.getSelf()));
        }

        @Override
        public Receive<PekkoTraffic> createReceive() {
            return newReceiveBuilder().onMessage(PekkoTraffic.Handled.class, this::send).build();
        }

        private Behavior<PekkoTraffic> send(PekkoTraffic.Handled handled) {
            if (handled.messages() == 0) {
                start = System.nanoTime();
            }
            if (handled.messages() == messages) {
                done.complete(System.nanoTime() - start);
                return Behaviors.stopped();
            }
            while (sent < messages && sent - handled.messages() < aheadMax) {
                sink.tell(new PekkoTraffic.Data(sent++, payload));
            }
            return this;
        }
    }
}

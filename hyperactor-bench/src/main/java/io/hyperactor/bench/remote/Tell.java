package io.hyperactor.bench.remote;

import io.hyperactor.ActorRef;
import io.hyperactor.Client;
import io.hyperactor.bench.Cost;
import io.hyperactor.bench.Round;
import io.hyperactor.bench.Worker;
import io.hyperactor.bench.Workload;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// One thread tells an actor in another process, as fast as it goes. An operation is a message; all
/// of them must have been handled, and a round in which one comes back fails at once.
public final class Tell implements Workload {
    private final Sender sender;
    private final int size;
    private final byte[] payload;

    private Tell(int size, String link) throws IOException {
        this.sender = Sender.over(link, size);
        this.size = size;
        this.payload = Traffic.payload(size);
    }

    /// Measures until the input ends.
    ///
    /// @param arguments bytes in a message; the [Link]
    public static void main(String[] arguments) {
        Worker.run(() -> new Tell(Integer.parseInt(arguments[0]), arguments[1]));
    }

    @Override
    public Round round(int operations) throws Exception {
        Client client = sender.client();
        ActorRef<Traffic> sink = sender.sink();
        Cost cost = Cost.fromNow();
        long start = System.nanoTime();
        CompletableFuture<Long> done =
                client.request(sink, port -> new Traffic.Expect(operations, port), Sender.PATIENCE);
        client.onUndeliverable(
                back -> done.completeExceptionally(new IllegalStateException(back.toString())));
        for (int i = 0; i < operations && !done.isDone(); i++) {
            client.send(sink, new Traffic.Data(i, payload));
        }
        done.get(Sender.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        return cost.of(operations, Round.stream(operations, size, System.nanoTime() - start));
    }

    @Override
    public void close() {
        sender.close();
    }
}

package io.hyperactor.bench.remote;

import io.hyperactor.bench.Round;
import io.hyperactor.bench.Worker;
import io.hyperactor.bench.Workload;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/// Asks an actor in another process with a number of requests under way all the time.
public final class Asks implements Workload {
    private final Sender sender;
    private final byte[] payload;
    private final int inFlight;

    private Asks(int size, int inFlight, String link) throws IOException {
        this.sender = Sender.over(link, size);
        this.payload = Traffic.payload(size);
        this.inFlight = inFlight;
    }

    /// Measures until the input ends.
    ///
    /// @param arguments bytes in a message; how many requests; the [Link]
    public static void main(String[] arguments) {
        Worker.run(() ->
                new Asks(
                        Integer.parseInt(arguments[0]),
                        Integer.parseInt(arguments[1]),
                        arguments[2]));
    }

    @Override
    public Round round(int operations) throws Exception {
        return InFlight.run(operations, inFlight, this::ask);
    }

    private CompletableFuture<Traffic.Reply> ask(long id) {
        return sender.client()
                .request(
                        sender.sink(),
                        port -> new Traffic.Request(id, payload, port),
                        Sender.PATIENCE);
    }

    @Override
    public void close() {
        sender.close();
    }
}

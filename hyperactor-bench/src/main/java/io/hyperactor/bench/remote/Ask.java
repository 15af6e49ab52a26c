package io.hyperactor.bench.remote;

import io.hyperactor.bench.Round;
import io.hyperactor.bench.Statistics;
import io.hyperactor.bench.Worker;
import io.hyperactor.bench.Workload;

import java.io.IOException;

/// A thread asks an actor in another process and waits for the answer, again and again.
public final class Ask implements Workload {
    private final Sender sender;
    private final byte[] payload;

    private Ask(int size, String link) throws IOException {
        this.sender = Sender.over(link, size);
        this.payload = Traffic.payload(size);
    }

    /// Measures until the input ends.
    ///
    /// @param arguments bytes in a message; the [Link]
    public static void main(String[] arguments) {
        Worker.run(() -> new Ask(Integer.parseInt(arguments[0]), arguments[1]));
    }

    @Override
    public Round round(int operations) throws Exception {
        long[] nanos = new long[operations];
        for (int i = 0; i < operations; i++) {
            long id = i;
            long start = System.nanoTime();
            sender.client()
                    .<Traffic, Traffic.Reply>ask(
                            sender.sink(),
                            port -> new Traffic.Request(id, payload, port),
                            Sender.PATIENCE);
            nanos[i] = System.nanoTime() - start;
        }
        return Statistics.latencies(nanos);
    }

    @Override
    public void close() {
        sender.close();
    }
}

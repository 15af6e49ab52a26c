package io.hyperactor.bench.remote;

import io.hyperactor.bench.Round;
import io.hyperactor.bench.Statistics;
import io.hyperactor.bench.Worker;
import io.hyperactor.bench.Workload;

import java.io.IOException;

/// [Ask] with Pekko.
public final class PekkoAsk implements Workload {
    private final Artery artery = new Artery();
    private final byte[] payload;

    private PekkoAsk(int size) throws IOException {
        this.payload = Traffic.payload(size);
    }

    /// Measures until the input ends.
    ///
    /// @param arguments bytes in a message
    public static void main(String[] arguments) {
        Worker.run(() -> new PekkoAsk(Integer.parseInt(arguments[0])));
    }

    @Override
    public Round round(int operations) throws Exception {
        long[] nanos = new long[operations];
        for (int i = 0; i < operations; i++) {
            long id = i;
            long start = System.nanoTime();
            artery.system()
                    .<PekkoTraffic, PekkoTraffic>ask(
                            artery.sink(),
                            replyTo -> new PekkoTraffic.Request(id, payload, replyTo))
                    .toCompletableFuture()
                    .join();
            nanos[i] = System.nanoTime() - start;
        }
        return Statistics.latencies(nanos);
    }

    @Override
    public void close() {
        artery.close();
    }
}

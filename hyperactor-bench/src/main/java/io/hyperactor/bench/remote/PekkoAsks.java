package io.hyperactor.bench.remote;

import io.hyperactor.bench.Round;
import io.hyperactor.bench.Worker;
import io.hyperactor.bench.Workload;

import java.io.IOException;
import java.util.concurrent.CompletionStage;

/// [Asks] with Pekko.
public final class PekkoAsks implements Workload {
    private final Artery artery = new Artery();
    private final byte[] payload;
    private final int inFlight;

    private PekkoAsks(int size, int inFlight) throws IOException {
        this.payload = Traffic.payload(size);
        this.inFlight = inFlight;
    }

    /// Measures until the input ends.
    ///
    /// @param arguments bytes in a message; how many requests
    public static void main(String[] arguments) {
        Worker.run(() ->
                new PekkoAsks(Integer.parseInt(arguments[0]), Integer.parseInt(arguments[1])));
    }

    @Override
    public Round round(int operations) throws Exception {
        return InFlight.run(operations, inFlight, this::ask);
    }

    private CompletionStage<PekkoTraffic> ask(long id) {
        return artery.system()
                .ask(artery.sink(), replyTo -> new PekkoTraffic.Request(id, payload, replyTo));
    }

    @Override
    public void close() {
        artery.close();
    }
}

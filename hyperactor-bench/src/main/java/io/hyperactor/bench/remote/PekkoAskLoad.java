package io.hyperactor.bench.remote;

import io.hyperactor.bench.Round;
import io.hyperactor.bench.Worker;
import io.hyperactor.bench.Workload;

/// [AskLoad] with Pekko, at a part of its own highest rate.
public final class PekkoAskLoad implements Workload {
    private final Artery artery = new Artery();
    private final OpenLoop loop;

    private PekkoAskLoad(int size, int percent) throws Exception {
        byte[] payload = Traffic.payload(size);
        loop =
                new OpenLoop(
                        percent,
                        id ->
                                artery.system()
                                        .<PekkoTraffic, PekkoTraffic>ask(
                                                artery.sink(),
                                                replyTo ->
                                                        new PekkoTraffic.Request(
                                                                id, payload, replyTo)));
    }

    /// Measures until the input ends.
    ///
    /// @param arguments bytes in a message; percent of the highest rate
    public static void main(String[] arguments) {
        Worker.run(() ->
                new PekkoAskLoad(Integer.parseInt(arguments[0]), Integer.parseInt(arguments[1])));
    }

    @Override
    public Round round(int operations) throws Exception {
        return loop.run(operations);
    }

    @Override
    public void close() {
        artery.close();
    }
}

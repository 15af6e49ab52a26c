package io.hyperactor.bench.remote;

import io.hyperactor.bench.Round;
import io.hyperactor.bench.Worker;
import io.hyperactor.bench.Workload;

/// [AskLoad] with Pekko; a part is one of its own highest rate.
public final class PekkoAskLoad implements Workload {
    private final Artery artery = new Artery();
    private final OpenLoop loop;

    private PekkoAskLoad(int size, OpenLoop.Load load) throws Exception {
        byte[] payload = Traffic.payload(size);
        loop =
                new OpenLoop(
                        load,
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
    /// @param arguments bytes in a message; the load, as [OpenLoop.Load] reads it
    public static void main(String[] arguments) {
        Worker.run(() ->
                new PekkoAskLoad(
                        Integer.parseInt(arguments[0]), OpenLoop.Load.parse(arguments[1])));
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

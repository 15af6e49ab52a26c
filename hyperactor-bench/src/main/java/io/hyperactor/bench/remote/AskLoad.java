package io.hyperactor.bench.remote;

import io.hyperactor.bench.Round;
import io.hyperactor.bench.Worker;
import io.hyperactor.bench.Workload;

/// Asks an actor in another process by the clock: at a part of the highest rate there is, or at a
/// rate that is given.
public final class AskLoad implements Workload {
    private final Sender sender;
    private final OpenLoop loop;

    private AskLoad(int size, OpenLoop.Load load) throws Exception {
        sender = Sender.over("unix", size);
        byte[] payload = Traffic.payload(size);
        loop =
                new OpenLoop(
                        load,
                        id ->
                                sender.client()
                                        .<Traffic, Traffic.Reply>request(
                                                sender.sink(),
                                                port -> new Traffic.Request(id, payload, port),
                                                Sender.PATIENCE));
    }

    /// Measures until the input ends.
    ///
    /// @param arguments bytes in a message; the load, as [OpenLoop.Load] reads it
    public static void main(String[] arguments) {
        Worker.run(() ->
                new AskLoad(Integer.parseInt(arguments[0]), OpenLoop.Load.parse(arguments[1])));
    }

    @Override
    public Round round(int operations) throws Exception {
        return loop.run(operations);
    }

    @Override
    public void close() {
        sender.close();
    }
}

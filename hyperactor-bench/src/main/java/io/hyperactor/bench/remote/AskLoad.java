package io.hyperactor.bench.remote;

import io.hyperactor.bench.Round;
import io.hyperactor.bench.Worker;
import io.hyperactor.bench.Workload;

/// Asks an actor in another process at a part of the highest rate there is.
public final class AskLoad implements Workload {
    private final Sender sender;
    private final OpenLoop loop;

    private AskLoad(int size, int percent) throws Exception {
        sender = Sender.over("unix", size);
        byte[] payload = Traffic.payload(size);
        loop =
                new OpenLoop(
                        percent,
                        id ->
                                sender.client()
                                        .<Traffic, Traffic.Reply>request(
                                                sender.sink(),
                                                port -> new Traffic.Request(id, payload, port),
                                                Sender.PATIENCE));
    }

    /// Measures until the input ends.
    ///
    /// @param arguments bytes in a message; percent of the highest rate
    public static void main(String[] arguments) {
        Worker.run(
                () -> new AskLoad(Integer.parseInt(arguments[0]), Integer.parseInt(arguments[1])));
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

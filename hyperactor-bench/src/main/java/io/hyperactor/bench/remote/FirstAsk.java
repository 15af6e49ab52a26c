package io.hyperactor.bench.remote;

import java.io.IOException;

/// The first thing that a process ever asks another one, with the connection that it takes.
public final class FirstAsk {
    private static final int SIZE = 64;

    private FirstAsk() {}

    /// From the call to the answer, in nanoseconds.
    public static long once() throws IOException, InterruptedException {
        try (Sender sender = Sender.over("unix", SIZE)) {
            byte[] payload = Traffic.payload(SIZE);
            long start = System.nanoTime();
            sender.client()
                    .<Traffic, Traffic.Reply>ask(
                            sender.sink(),
                            port -> new Traffic.Request(0, payload, port),
                            Sender.PATIENCE);
            return System.nanoTime() - start;
        }
    }
}

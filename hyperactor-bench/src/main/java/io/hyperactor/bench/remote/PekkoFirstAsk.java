package io.hyperactor.bench.remote;

import java.io.IOException;

/// [FirstAsk] with Pekko.
public final class PekkoFirstAsk {
    private static final int SIZE = 64;

    private PekkoFirstAsk() {}

    /// From the call to the answer, in nanoseconds.
    public static long once() throws IOException {
        try (Artery artery = new Artery()) {
            byte[] payload = Traffic.payload(SIZE);
            long start = System.nanoTime();
            artery.system()
                    .<PekkoTraffic, PekkoTraffic>ask(
                            artery.sink(), replyTo -> new PekkoTraffic.Request(0, payload, replyTo))
                    .toCompletableFuture()
                    .join();
            return System.nanoTime() - start;
        }
    }

    /// Starts an actor system that others can reach.
    public static void startSystem() {
        var _ = Artery.start();
    }
}

package io.hyperactor.bench.remote;

import io.hyperactor.bench.Peer;
import io.hyperactor.bench.Round;
import io.hyperactor.bench.Statistics;
import io.hyperactor.bench.Worker;
import io.hyperactor.bench.Workload;

import java.io.IOException;

/// [Ask] with gRPC: a unary call.
public final class GrpcAsk implements Workload {
    private final Peer peer;
    private final Grpc grpc;
    private final byte[] payload;

    private GrpcAsk(int size, Grpc.Style style) throws IOException {
        peer = Grpc.server(style);
        grpc = new Grpc(peer.address(), style);
        payload = new byte[size];
    }

    /// Measures until the input ends.
    ///
    /// @param arguments bytes in a message; the style
    public static void main(String[] arguments) {
        Worker.run(() ->
                new GrpcAsk(Integer.parseInt(arguments[0]), Grpc.Style.valueOf(arguments[1])));
    }

    @Override
    public Round round(int operations) {
        long[] nanos = new long[operations];
        for (int i = 0; i < operations; i++) {
            long start = System.nanoTime();
            var _ = grpc.ask(payload);
            nanos[i] = System.nanoTime() - start;
        }
        return Statistics.latencies(nanos);
    }

    @Override
    public void close() {
        grpc.close();
        peer.close();
    }
}

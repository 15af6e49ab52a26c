package io.hyperactor.bench.remote;

import io.hyperactor.bench.Peer;
import io.hyperactor.bench.Round;
import io.hyperactor.bench.Worker;
import io.hyperactor.bench.Workload;

import java.io.IOException;

/// [Asks] with gRPC: unary calls.
public final class GrpcAsks implements Workload {
    private final Peer peer;
    private final Grpc grpc;
    private final byte[] payload;
    private final int inFlight;

    private GrpcAsks(int size, int inFlight, Grpc.Style style) throws IOException {
        peer = Grpc.server(style);
        grpc = new Grpc(peer.address(), style);
        payload = new byte[size];
        this.inFlight = inFlight;
    }

    /// Measures until the input ends.
    ///
    /// @param arguments bytes in a message; how many requests; the style
    public static void main(String[] arguments) {
        Worker.run(() ->
                new GrpcAsks(
                        Integer.parseInt(arguments[0]),
                        Integer.parseInt(arguments[1]),
                        Grpc.Style.valueOf(arguments[2])));
    }

    @Override
    public Round round(int operations) throws Exception {
        return InFlight.run(operations, inFlight, _ -> grpc.request(payload));
    }

    @Override
    public void close() {
        grpc.close();
        peer.close();
    }
}

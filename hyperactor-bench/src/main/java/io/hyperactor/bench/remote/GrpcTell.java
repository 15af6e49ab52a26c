package io.hyperactor.bench.remote;

import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.hyperactor.bench.Cost;
import io.hyperactor.bench.Peer;
import io.hyperactor.bench.Round;
import io.hyperactor.bench.Worker;
import io.hyperactor.bench.Workload;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// [Tell] with gRPC: a stream for each round. The sender sends when gRPC says that it is ready.
public final class GrpcTell implements Workload {
    private static final long LOOK_AGAIN_MILLIS = 10;

    private final Peer peer;
    private final Grpc grpc;
    private final byte[] payload;

    private GrpcTell(int size, Grpc.Style style) throws IOException {
        peer = Grpc.server(style);
        grpc = new Grpc(peer.address(), style);
        payload = new byte[size];
    }

    /// Measures until the input ends.
    ///
    /// @param arguments bytes in a message; the style
    public static void main(String[] arguments) {
        Worker.run(() ->
                new GrpcTell(Integer.parseInt(arguments[0]), Grpc.Style.valueOf(arguments[1])));
    }

    @Override
    public Round round(int operations) throws Exception {
        Cost cost = Cost.fromNow();
        long start = System.nanoTime();
        Sending sending = new Sending();
        grpc.stream(sending);
        sending.send(operations, payload);
        sending.done.get(Sender.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        return cost.of(
                operations, Round.stream(operations, payload.length, System.nanoTime() - start));
    }

    @Override
    public void close() {
        grpc.close();
        peer.close();
    }

    private static final class Sending implements ClientResponseObserver<byte[], byte[]> {
        final CompletableFuture<Boolean> done = new CompletableFuture<>();
        private final Semaphore ready = new Semaphore(0);
        private @Nullable ClientCallStreamObserver<byte[]> out;

        @Override
        public void beforeStart(ClientCallStreamObserver<byte[]> call) {
            out = call;
            call.setOnReadyHandler(ready::release);
        }

        void send(int count, byte[] payload) throws InterruptedException {
            ClientCallStreamObserver<byte[]> to = out;
            if (to == null) {
                throw new IllegalStateException("not started");
            }
            for (int i = 0; i < count; i++) {
                while (!to.isReady() && !done.isDone()) {
                    var _ = ready.tryAcquire(LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS);
                }
                to.onNext(payload);
            }
            to.onNext(new byte[1]);
            to.onCompleted();
        }

        @Override
        public void onNext(byte[] value) {
            done.complete(true);
        }

        @Override
        public void onError(Throwable failure) {
            done.completeExceptionally(failure);
        }

        @Override
        public void onCompleted() {}
    }
}

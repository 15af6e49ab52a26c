package io.hyperactor.bench.process;

import io.hyperactor.bench.remote.Grpc;
import io.hyperactor.bench.remote.GrpcServer;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/// Processes that serve gRPC on a Unix socket. The end of one is noticed by a call that is under
/// way.
final class GrpcChildren implements Children {
    @Override
    public Child start() throws IOException {
        return new Started();
    }

    @Override
    public void close() {}

    private static final class Started extends PeerChild {
        private final Grpc grpc = new Grpc(address(), Grpc.Style.DEFAULTS);
        private CompletableFuture<byte[]> underWay = CompletableFuture.completedFuture(new byte[0]);

        Started() throws IOException {
            super(GrpcServer.class, Grpc.Style.DEFAULTS.name());
        }

        @Override
        public void ask() {
            var _ = grpc.ask(new byte[1]);
        }

        @Override
        public void watch() {
            underWay = grpc.never();
            ask(); // so the call has gone out
        }

        @Override
        public void awaitNoticed() {
            try {
                var _ = underWay.join();
            } catch (CompletionException e) {
                // as it should
            }
            grpc.close();
        }

        @Override
        public void awaitExit() throws InterruptedException {
            grpc.close();
            super.awaitExit();
        }
    }
}

package io.hyperactor.bench.process;

import io.hyperactor.bench.PekkoSystem;
import io.hyperactor.bench.remote.PekkoNode;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/// Processes with an actor system of Pekko's, watched by remoting's failure detector.
final class PekkoChildren implements Children {
    private final PekkoSystem system = PekkoNode.watching();

    @Override
    public Child start() throws IOException {
        return new Started();
    }

    @Override
    public void close() {
        system.close();
    }

    private final class Started extends PeerChild {
        private final PekkoNode node = new PekkoNode(system, address());
        private CompletableFuture<Boolean> terminated = CompletableFuture.completedFuture(true);

        Started() throws IOException {
            super(PekkoNode.PROGRAM);
        }

        @Override
        public void ask() {
            node.ask();
        }

        @Override
        public void watch() throws InterruptedException {
            try {
                terminated = node.watch();
            } catch (ExecutionException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void awaitNoticed() {
            terminated.join();
        }
    }
}

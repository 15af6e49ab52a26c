package io.hyperactor.channel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;

/// A connection on which a write fails as no socket does, or closing it; or one that is slow.
final class FaultyConnection implements Connection {
    /// Makes one write fail, once a thread is found that is meant.
    static final class Plan {
        private final AtomicReference<Error> failure = new AtomicReference<>();
        private volatile Predicate<Thread> meant = _ -> true;
        volatile boolean closeFails;

        /// Takes no more at once.
        volatile int most = Integer.MAX_VALUE;

        /// Called after each write.
        volatile Runnable onWritten = () -> {};

        void fail(Error with, Predicate<Thread> where) {
            meant = where;
            failure.set(with);
        }

        boolean hasFailed() {
            return failure.get() == null;
        }

        private void check() {
            Error planned = failure.get();
            if (planned != null && meant.test(Thread.currentThread())) {
                failure.set(null);
                throw planned;
            }
        }
    }

    private final Connection real;
    private final Plan plan;

    FaultyConnection(Connection real, Plan plan) {
        this.real = real;
        this.plan = plan;
    }

    @Override
    public long write(ByteBuffer[] views, int from, int count) throws IOException {
        plan.check();
        ByteBuffer first = views[from];
        int limit = first.limit();
        boolean whole = first.remaining() <= plan.most;
        first.limit(whole ? limit : first.position() + plan.most);
        long taken = real.write(views, from, whole ? count : 1);
        first.limit(limit);
        if (taken > 0) {
            plan.onWritten.run();
        }
        return taken;
    }

    @Override
    public SocketChannel socket() {
        return real.socket();
    }

    @Override
    public int ops(int wanted) {
        return real.ops(wanted);
    }

    @Override
    public boolean establish() throws IOException {
        return real.establish();
    }

    @Override
    public Set<String> peerNames() {
        return real.peerNames();
    }

    @Override
    public boolean writesAnywhere() {
        return real.writesAnywhere();
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        return real.read(target);
    }

    @Override
    public boolean hasInput() {
        return real.hasInput();
    }

    @Override
    public int drop(ByteBuffer scratch) throws IOException {
        return real.drop(scratch);
    }

    @Override
    public boolean flush() throws IOException {
        return real.flush();
    }

    @Override
    public void shutdownOutput() throws IOException {
        real.shutdownOutput();
    }

    @Override
    public void close() {
        real.close();
        if (plan.closeFails) {
            throw new IllegalStateException("planned");
        }
    }
}

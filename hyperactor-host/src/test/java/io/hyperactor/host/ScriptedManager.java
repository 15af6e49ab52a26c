package io.hyperactor.host;

import io.hyperactor.ActorRef;
import io.hyperactor.Instance;
import io.hyperactor.channel.Admission;
import io.hyperactor.channel.Secret;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.ProcId;
import io.hyperactor.wire.Transport;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/// A manager whose procs are ready and end when a test says so.
final class ScriptedManager implements ProcManager<EchoMessage> {
    static final ExitReport KILLED = ExitReport.of(new ProcExit.Signalled(9, false));
    private static final int PATIENCE_SECONDS = 30;

    private final BlockingQueue<Scripted> spawned = new LinkedBlockingQueue<>();
    private final Consumer<Scripted> script;

    ScriptedManager() {
        this(_ -> {});
    }

    /// @param script runs in the spawn of each proc
    ScriptedManager(Consumer<Scripted> script) {
        this.script = script;
    }

    /// The proc that was spawned next.
    Scripted next() throws InterruptedException {
        Scripted proc = spawned.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (proc == null) {
            throw new AssertionError("none was spawned");
        }
        return proc;
    }

    @Override
    public Transport transport() {
        return Transport.LOCAL;
    }

    @Override
    public Admission admission() {
        return Admission.open();
    }

    @Override
    public boolean mayControl(ProcId proc) {
        return true;
    }

    @Override
    public ProcHandle<EchoMessage> spawn(ProcId procId, ChannelAddress forwarder, ProcSpec spec) {
        return spawn(procId, forwarder);
    }

    @Override
    public ProcHandle<EchoMessage> spawn(ProcId procId, ChannelAddress forwarder) {
        var proc = new Scripted(procId, forwarder);
        spawned.add(proc);
        script.accept(proc);
        return proc;
    }

    @Override
    public void close() {}

    /// One of its procs.
    static final class Scripted implements ProcHandle<EchoMessage> {
        private final ProcId procId;
        private final ChannelAddress address;
        private final CompletableFuture<Void> ready = new CompletableFuture<>();
        private final CompletableFuture<ExitReport> gone = new CompletableFuture<>();
        private final CompletableFuture<ExitReport> report = new CompletableFuture<>();
        private final AtomicInteger kills = new AtomicInteger();
        private final CountDownLatch killed = new CountDownLatch(1);
        private volatile boolean frozen;

        Scripted(ProcId procId, ChannelAddress address) {
            this.procId = procId;
            this.address = address;
        }

        /// It is ready from now on.
        void becomesReady() {
            ready.complete(null);
        }

        /// It ends, as a real one: who may not be surprised is told first.
        void ends(ExitReport how) {
            gone.complete(how);
            ready.completeExceptionally(new ReadyException.Terminal(how));
            report.complete(how);
        }

        /// Nobody can end it.
        void freezes() {
            frozen = true;
        }

        /// Waits until somebody wants to end it.
        void awaitKill() throws InterruptedException {
            if (!killed.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("nobody wants to end it");
            }
        }

        /// How many wanted to.
        int kills() {
            return kills.get();
        }

        @Override
        public ProcId procId() {
            return procId;
        }

        @Override
        public Optional<ChannelAddress> address() {
            return Optional.of(address);
        }

        @Override
        public Optional<ActorRef<EchoMessage>> agent() {
            return Optional.of(ActorRef.attest(procId.actor("host_agent", 0), EchoMessage.class));
        }

        @Override
        public Secret secret() {
            return Secret.NONE;
        }

        @Override
        public OptionalLong pid() {
            return OptionalLong.empty();
        }

        @Override
        public CompletableFuture<Void> ready() {
            return ready.copy();
        }

        @Override
        public CompletableFuture<ProcExit> exit() {
            return report.thenApply(ExitReport::exit);
        }

        @Override
        public CompletableFuture<ExitReport> report() {
            return report.copy();
        }

        @Override
        public void atEnd(Consumer<ExitReport> action) {
            var _ = gone.thenAccept(action);
        }

        @Override
        public ProcExit terminate(Instance cx, Duration grace, String reason)
                throws InterruptedException {
            return kill();
        }

        /// Waits until a test ends it.
        @Override
        public ProcExit kill() throws InterruptedException {
            if (report.isDone()) {
                throw new TerminateException.AlreadyTerminated(report.join().exit());
            }
            kills.incrementAndGet();
            killed.countDown();
            if (frozen) {
                throw new TerminateException.Io("it is frozen");
            }
            try {
                return report.get().exit();
            } catch (java.util.concurrent.ExecutionException e) {
                throw new AssertionError(e);
            }
        }
    }
}

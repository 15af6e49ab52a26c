package io.hyperactor.host;

import io.hyperactor.ActorRef;
import io.hyperactor.Instance;
import io.hyperactor.channel.Admission;
import io.hyperactor.channel.Secret;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.ProcId;
import io.hyperactor.wire.Transport;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/// A manager whose handles are ready when a test says so, and lack what a test leaves out.
final class FakeManager implements ProcManager<EchoMessage> {
    private final CompletableFuture<Void> ready;
    private final List<String> killed = new CopyOnWriteArrayList<>();
    private final Map<String, CompletableFuture<Void>> spawned = new ConcurrentHashMap<>();
    private boolean omitAddress;
    private boolean omitAgent;

    FakeManager(CompletableFuture<Void> ready) {
        this.ready = ready;
    }

    FakeManager omitAddress() {
        omitAddress = true;
        return this;
    }

    FakeManager omitAgent() {
        omitAgent = true;
        return this;
    }

    List<String> killed() {
        return killed;
    }

    void awaitSpawn(String name) {
        spawned.computeIfAbsent(name, _ -> new CompletableFuture<>()).join();
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
    public ProcHandle<EchoMessage> spawn(ProcId procId, ChannelAddress forwarder) {
        spawned.computeIfAbsent(procId.name(), _ -> new CompletableFuture<>()).complete(null);
        return new FakeHandle(procId, forwarder);
    }

    @Override
    public void close() {}

    private final class FakeHandle implements ProcHandle<EchoMessage> {
        private final ProcId procId;
        private final ChannelAddress address;

        FakeHandle(ProcId procId, ChannelAddress address) {
            this.procId = procId;
            this.address = address;
        }

        @Override
        public ProcId procId() {
            return procId;
        }

        @Override
        public Optional<ChannelAddress> address() {
            return omitAddress ? Optional.empty() : Optional.of(address);
        }

        @Override
        public Optional<ActorRef<EchoMessage>> agent() {
            return omitAgent
                    ? Optional.empty()
                    : Optional.of(
                            ActorRef.attest(procId.actor("host_agent", 0), EchoMessage.class));
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
            return new CompletableFuture<>();
        }

        @Override
        public void atEnd(Consumer<ExitReport> action) {}

        @Override
        public ProcExit terminate(Instance cx, Duration grace, String reason) {
            throw new TerminateException.Unsupported();
        }

        @Override
        public ProcExit kill() {
            killed.add(procId.name());
            throw new TerminateException.Unsupported();
        }
    }
}

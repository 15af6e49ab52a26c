package io.hyperactor.bench.process;

import io.hyperactor.ActorRef;
import io.hyperactor.Client;
import io.hyperactor.ProcAgentMessage;
import io.hyperactor.host.EchoActor;
import io.hyperactor.host.EchoMessage;
import io.hyperactor.host.Host;
import io.hyperactor.host.JavaCommand;
import io.hyperactor.host.ProcExit;
import io.hyperactor.host.ProcMain;
import io.hyperactor.host.ProcessProcManager;
import io.hyperactor.host.ReadyProc;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.Transport;

import java.time.Duration;

/// A host in this process, its procs and a client.
final class Procs implements Children {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long LOOK_AGAIN_MILLIS = 5;
    private static final long SETTLE_MILLIS = 200;

    private final ProcessProcManager<ProcAgentMessage> manager;
    private final Host<ProcAgentMessage> host;
    private final int spares;
    private final Client client;
    private int count;

    private Procs(JavaCommand java, int spares) {
        this.spares = spares;
        manager = ProcessProcManager.running(java);
        host = Host.serve(ChannelAddress.any(Transport.UNIX), manager);
        client = host.systemProc().client("bench");
        manager.keepSpares(spares);
    }

    /// Procs that start as they would the very first time.
    static Procs cold() {
        return new Procs(JavaCommand.of(ProcMain.class).withoutAotCache(), 0);
    }

    /// Procs that start from an AOT cache. Returns when there is one.
    static Procs cached() {
        return whenCached(0);
    }

    /// Procs that are made from a spare process.
    static Procs spare() {
        return whenCached(1);
    }

    private static Procs whenCached(int spares) {
        Procs procs = new Procs(JavaCommand.of(ProcMain.class), spares);
        if (!procs.manager.aotCache().join()) {
            procs.close();
            throw new IllegalStateException("there is no AOT cache");
        }
        return procs;
    }

    /// A spare that has just been started still competes for the processors.
    @Override
    public void prepare() throws InterruptedException {
        if (spares == 0) {
            return;
        }
        while (manager.spares().waiting() < spares) {
            Thread.sleep(LOOK_AGAIN_MILLIS);
        }
        Thread.sleep(SETTLE_MILLIS);
    }

    @Override
    public Child start() throws InterruptedException {
        return new Spawned(host.spawn("p" + count++));
    }

    @Override
    public void close() {
        host.close();
    }

    private final class Spawned implements Child {
        private final ReadyProc<ProcAgentMessage> proc;
        private final ActorRef<EchoMessage> echo;

        Spawned(ReadyProc<ProcAgentMessage> proc) {
            this.proc = proc;
            this.echo = ActorRef.attest(proc.procId().actor(EchoActor.NAME, 0), EchoMessage.class);
        }

        @Override
        public long pid() {
            return proc.pid().orElseThrow();
        }

        @Override
        public void ask() throws InterruptedException {
            client.ask(echo, EchoMessage::new, PATIENCE);
        }

        @Override
        public void stop() throws InterruptedException {
            ProcExit exit = host.stop(proc.procId().name(), PATIENCE, "stopped");
            if (!exit.equals(new ProcExit.Exited(0))) {
                throw new IllegalStateException("stopped, but " + exit);
            }
        }

        @Override
        public void awaitExit() {
            proc.handle().exit().join();
        }
    }
}

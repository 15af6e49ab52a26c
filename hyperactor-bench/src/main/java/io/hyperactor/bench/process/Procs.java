package io.hyperactor.bench.process;

import io.hyperactor.ActorRef;
import io.hyperactor.Client;
import io.hyperactor.ProcAgentMessage;
import io.hyperactor.host.EchoActor;
import io.hyperactor.host.EchoMessage;
import io.hyperactor.host.Host;
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

    private final Host<ProcAgentMessage> host =
            Host.serve(
                    ChannelAddress.any(Transport.UNIX), ProcessProcManager.running(ProcMain.class));
    private final Client client = host.systemProc().client("bench");
    private int count;

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

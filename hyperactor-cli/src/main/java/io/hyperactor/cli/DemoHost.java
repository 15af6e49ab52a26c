package io.hyperactor.cli;

import io.hyperactor.ActorRef;
import io.hyperactor.ActorType;
import io.hyperactor.AskException;
import io.hyperactor.Client;
import io.hyperactor.HyperactorException;
import io.hyperactor.ProcAgentMessage;
import io.hyperactor.host.Host;
import io.hyperactor.host.HostException;
import io.hyperactor.host.JavaCommand;
import io.hyperactor.host.ProcExit;
import io.hyperactor.host.ProcHandle;
import io.hyperactor.host.ProcSpec;
import io.hyperactor.host.ReadyProc;
import io.hyperactor.host.TerminateException;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.Transport;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/// The demo's host, on a private socket, and its procs.
final class DemoHost implements CountingProc.Launcher {
    private static final Duration COUNT_TIMEOUT = Duration.ofMinutes(1);
    private static final Duration STOP_GRACE = Duration.ofSeconds(10);

    private final Host<ProcAgentMessage> host;
    private final Client client;
    private final ActorType<WordCounterMessage> counterType;

    private DemoHost(Host<ProcAgentMessage> host, WordRule rule) {
        this.host = host;
        client = host.systemProc().client("demo");
        counterType = WordCounter.TYPE.with(new WordCounter.Params(rule));
    }

    private static ProcSpec procs() {
        return ProcSpec.java(
                JavaCommand.of(DemoProc.class).withClassPath(ChildClassPath.entries()));
    }

    /// Starts the host.
    static CountingProc.Launcher start(WordRule rule) {
        Host<ProcAgentMessage> host =
                Hosts.bind(ChannelAddress.any(Transport.UNIX), procs(), Hosts.config());
        host.serve();
        return new DemoHost(host, rule);
    }

    @Override
    public CountingProc launch(String name) throws InterruptedException {
        try {
            ReadyProc<ProcAgentMessage> proc = host.spawn(name);
            return new Counting(proc.handle(), client.spawn(proc.agent(), "counter", counterType));
        } catch (HostException | AskException | HyperactorException e) {
            throw new CliException.Failed(String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    public void close() {
        host.close();
        client.close();
    }

    private final class Counting implements CountingProc {
        private final ProcHandle<ProcAgentMessage> handle;
        private final ActorRef<WordCounterMessage> counter;

        Counting(ProcHandle<ProcAgentMessage> handle, ActorRef<WordCounterMessage> counter) {
            this.handle = handle;
            this.counter = counter;
        }

        @Override
        public long pid() {
            return handle.pid().orElseThrow();
        }

        @Override
        public CompletableFuture<Long> count(Chunk chunk) {
            return client.request(
                    counter,
                    replyTo ->
                            new WordCounterMessage.Count(chunk.text(), chunk.insideWord(), replyTo),
                    COUNT_TIMEOUT);
        }

        @Override
        public CompletableFuture<String> ended() {
            return handle.exit()
                    .handle((exit, lost) -> lost == null ? exit.toString() : lost.getMessage());
        }

        @Override
        public void killFromOutside() {
            ProcessHandle.of(pid()).ifPresent(ProcessHandle::destroyForcibly);
        }

        @Override
        public void kill() throws InterruptedException {
            var _ = exit(handle::kill);
        }

        @Override
        public String stop() throws InterruptedException {
            return exit(() -> handle.terminate(client, STOP_GRACE, "the work is done")).toString();
        }
    }

    private interface Ending {
        ProcExit end() throws InterruptedException;
    }

    private static ProcExit exit(Ending ending) throws InterruptedException {
        try {
            return ending.end();
        } catch (TerminateException.AlreadyTerminated e) {
            return e.exit();
        } catch (TerminateException e) {
            throw new CliException.Failed(String.valueOf(e.getMessage()), e);
        }
    }
}

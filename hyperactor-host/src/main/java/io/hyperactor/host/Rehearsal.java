package io.hyperactor.host;

import io.hyperactor.ActorHandle;
import io.hyperactor.ActorRef;
import io.hyperactor.Client;
import io.hyperactor.DialRouter;
import io.hyperactor.MailboxServer;
import io.hyperactor.Proc;
import io.hyperactor.ProcAgentMessage;
import io.hyperactor.ProcConfig;
import io.hyperactor.Protocols;
import io.hyperactor.channel.Admission;
import io.hyperactor.channel.ChannelConfig;
import io.hyperactor.channel.ChannelServer;
import io.hyperactor.channel.Channels;
import io.hyperactor.channel.Inbound;
import io.hyperactor.channel.PrivateFolder;
import io.hyperactor.channel.Secret;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.ProcId;
import io.hyperactor.wire.Transport;
import io.hyperactor.wire.WireReader;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/// The whole life of a proc, once, inside this process and without a host: it boots, reports, is
/// asked over a socket, spawns, answers, and is stopped. So all that a child runs through has been
/// loaded and run once, for an AOT cache that is being written or for a spare that will wait.
///
/// Nothing of it is left afterwards but what was loaded: no socket, no actor, no file.
final class Rehearsal implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Rehearsal.class);
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final Secret secret = Secret.random();
    private final Channels channels;
    private final ProcConfig config;
    private final CompletableFuture<Callback> report = new CompletableFuture<>();
    private final ChannelServer callbacks;
    private final MailboxServer home;
    private final DialRouter router;
    private final Proc asker;

    private Rehearsal(Path folder) {
        channels = new Channels(ChannelConfig.standard().withRuntimeDirectory(folder));
        config = ProcConfig.defaults().withChannels(channels);
        ChannelAddress any = ChannelAddress.any(Transport.UNIX);
        callbacks = channels.serve(any, Admission.only(secret), this::calledBack);
        home = MailboxServer.bind(config, any, Admission.only(secret));
        router = new DialRouter(channels);
        asker = Proc.configured(new ProcId(home.address(), Host.SERVICE_PROC_NAME), router, config);
        home.serve(asker);
    }

    /// Runs it, and returns when all of it is over.
    ///
    /// @param populate spawns the actors of the proc: [EchoActor] and an agent that knows its type
    /// @throws IllegalStateException if it did not go as it should
    static void run(Function<Proc, ActorHandle<ProcAgentMessage>> populate)
            throws InterruptedException {
        Path folder = RehearsalFolder.of(ProcBoot.socketMark(), ProcessHandle.current().pid());
        try {
            PrivateFolder.prepare(ChannelConfig.standard().runtimeDirectory());
            PrivateFolder.prepare(folder);
            try (var rehearsal = new Rehearsal(folder)) {
                rehearsal.play(populate);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("no place for a rehearsal", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("a step of the rehearsal failed: " + e, e);
        } finally {
            var _ = RehearsalFolder.remove(folder);
        }
    }

    private boolean calledBack(Inbound from, byte[] bytes, int offset, int length) {
        if (!report.isDone()) { // then come its log events
            report.complete(Callback.read(new WireReader(bytes, offset, length)));
        }
        return true;
    }

    private void play(Function<Proc, ActorHandle<ProcAgentMessage>> populate)
            throws InterruptedException, ExecutionException, TimeoutException {
        ProcId id = new ProcId(home.address(), "rehearsal");
        Proc proc =
                ProcBoot.bootProc(
                        Assignment.of(
                                Map.of(
                                        ProcBoot.PROC_ID, id.toString(),
                                        ProcBoot.BACKEND_ADDR, home.address().toString(),
                                        ProcBoot.CALLBACK_ADDR, callbacks.address().toString()),
                                secret),
                        config,
                        "",
                        populate);
        try (proc;
                Client client = asker.client("client")) {
            Callback callback = report.get(LIMIT.toNanos(), TimeUnit.NANOSECONDS);
            router.bind(id, callback.address(), secret);
            ActorRef<ProcAgentMessage> agent =
                    ActorRef.pinned(
                            callback.agent(),
                            Protocols.of(ProcAgentMessage.class),
                            callback.incarnation());
            ask(client, agent);
            log();
            client.send(agent, new ProcAgentMessage.StopProc(LIMIT, "the rehearsal is over"));
            var _ = proc.ended().get(LIMIT.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    /// So that the first event of the real life costs no more than the others.
    private static void log() {
        if (StderrLogs.isInUse()) {
            LOG.error("rehearsed", new IllegalStateException("rehearsed"));
        }
    }

    private static void ask(Client client, ActorRef<ProcAgentMessage> agent)
            throws InterruptedException {
        var _ = client.ask(agent, ProcAgentMessage.GetReport::new, LIMIT);
        var echo = client.spawn(agent, "rehearsed", EchoActor.TYPE);
        var _ = client.ask(echo, EchoMessage::new, LIMIT);
    }

    @Override
    public void close() {
        asker.close();
        router.close();
        home.close();
        callbacks.close();
        channels.close();
    }
}

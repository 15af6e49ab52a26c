package io.hyperactor.host;

import io.hyperactor.ActorHandle;
import io.hyperactor.MailboxServer;
import io.hyperactor.Proc;
import io.hyperactor.ProcConfig;
import io.hyperactor.channel.Admission;
import io.hyperactor.channel.Channels;
import io.hyperactor.channel.Secret;
import io.hyperactor.channel.Tx;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.ProcId;
import io.hyperactor.wire.Transport;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/// The child's side of [ProcessProcManager]: makes the proc that its host wants, and reports.
public final class ProcBoot {
    /// Environment: the text of the proc id that the child takes.
    public static final String PROC_ID = "HYPERACTOR_HOST_PROC_ID";

    /// Environment: where the child sends everything that is not for itself.
    public static final String BACKEND_ADDR = "HYPERACTOR_HOST_BACKEND_ADDR";

    /// Environment: where the child reports that it serves.
    public static final String CALLBACK_ADDR = "HYPERACTOR_HOST_CALLBACK_ADDR";

    /// Environment: what the names of a child's sockets begin with, so that they can be told from
    /// those of other hosts when the host is dead.
    static final String SOCKETS = "HYPERACTOR_HOST_SOCKETS";

    /// What a child of one proc has and no other.
    static final List<String> VARIABLES = List.of(PROC_ID, BACKEND_ADDR, CALLBACK_ADDR);

    private static final Duration CALLBACK_TIMEOUT = Duration.ofSeconds(30);

    private ProcBoot() {}

    /// Makes this process the proc that its environment describes.
    ///
    /// @param agentFactory spawns the agent in the new proc
    /// @throws HostException.MissingParameter if a variable is absent; the order is proc id,
    ///   backend, callback
    /// @throws HostException.InvalidParameter if one can not be parsed
    public static Proc bootProc(Function<Proc, ? extends ActorHandle<?>> agentFactory)
            throws InterruptedException {
        return bootProc(ProcConfig.defaults(), agentFactory);
    }

    /// Like [#bootProc(Function)], with other bounds for the proc.
    public static Proc bootProc(
            ProcConfig config, Function<Proc, ? extends ActorHandle<?>> agentFactory)
            throws InterruptedException {
        String line = ControlPipe.inheritedLine();
        Secret secret = line.isEmpty() ? Secret.NONE : Assignment.secret(line);
        return bootProc(Assignment.of(System.getenv(), secret), config, agentFactory);
    }

    static Proc bootProc(
            Assignment assignment,
            ProcConfig config,
            Function<Proc, ? extends ActorHandle<?>> agentFactory)
            throws InterruptedException {
        return bootProc(assignment, config, socketMark(), agentFactory);
    }

    private static ChannelAddress address(Channels channels, Transport transport, String mark) {
        return transport == Transport.UNIX && !mark.isEmpty()
                ? channels.freshAddress(mark)
                : ChannelAddress.any(transport);
    }

    /// That of the host of this process; empty if it has given none.
    static String socketMark() {
        return System.getenv().getOrDefault(SOCKETS, "");
    }

    /// Makes a proc, its agent, and a server for it, and reports them; in this order, so whoever
    /// reads the report can send.
    ///
    /// @param backend where the proc sends everything that is not for itself; it serves an address
    ///   of the same transport
    /// @param callback where to report
    /// @param secret what the proc and its host show each other: who does not is not let in, so
    ///   there must be one
    /// @throws IllegalArgumentException if the secret is [Secret#NONE]: nobody could reach the proc
    /// @throws HostException.AgentSpawnFailure if there is no agent
    /// @throws io.hyperactor.channel.ChannelException if an address can not be used
    public static Proc spawnProc(
            ProcId procId,
            ChannelAddress backend,
            ChannelAddress callback,
            Secret secret,
            Function<Proc, ? extends ActorHandle<?>> agentFactory)
            throws InterruptedException {
        if (secret.isNone()) {
            throw new IllegalArgumentException("without a secret nobody could reach " + procId);
        }
        return bootProc(
                new Assignment(procId, backend, callback, secret),
                ProcConfig.defaults(),
                agentFactory);
    }

    static Proc bootProc(
            Assignment assignment,
            ProcConfig config,
            String socketMark,
            Function<Proc, ? extends ActorHandle<?>> agentFactory)
            throws InterruptedException {
        ProcId procId = assignment.procId();
        ChannelAddress backend = assignment.backend();
        Proc proc = Proc.forwarding(procId, backend, assignment.secret(), config);
        ActorHandle<?> agent;
        try {
            agent = agentFactory.apply(proc);
        } catch (RuntimeException e) {
            proc.close();
            throw new HostException.AgentSpawnFailure(procId, e);
        }
        MailboxServer server =
                MailboxServer.serve(
                        config,
                        address(config.channels(), backend.transport(), socketMark),
                        Admission.only(assignment.secret()),
                        proc);
        proc.closes(server);
        report(
                proc,
                assignment,
                new Callback(
                        procId,
                        server.address(),
                        agent.id(),
                        agent.protocolHash(),
                        agent.incarnation()));
        return proc;
    }

    /// Says that this child is a spare that waits, and waits.
    ///
    /// @return what it is to be. If the host goes away first, the process ends
    static Assignment park(Map<String, String> environment, ControlPipe pipe)
            throws InterruptedException {
        ChannelAddress callback =
                Assignment.parse(
                        CALLBACK_ADDR, environment.get(CALLBACK_ADDR), ChannelAddress::parse);
        var line = new CompletableFuture<String>();
        pipe.onLine(line::complete);
        Secret secret = Assignment.secret(pipe.firstLine());
        report(ProcConfig.defaults(), callback, secret, Callback.ofSpare(callback)).close();
        return Assignment.of(line.join());
    }

    /// Reports, and keeps the link for what the proc will log.
    private static void report(Proc proc, Assignment assignment, Callback callback)
            throws InterruptedException {
        LogLink logs = report(proc.config(), assignment.callback(), assignment.secret(), callback);
        if (StderrLogs.isInUse()) {
            proc.closes(logs);
            StderrLogs.sendTo(logs);
        } else {
            logs.close(); // another logging library has a place of its own to log to
        }
    }

    private static LogLink report(
            ProcConfig config, ChannelAddress to, Secret secret, Callback callback)
            throws InterruptedException {
        LogLink link = new LogLink();
        boolean taken = false;
        try {
            Tx tx = config.channels().dial(to, secret, link);
            link.open(tx);
            tx.offer(callback::writeTo);
            tx.flush().get(CALLBACK_TIMEOUT.toNanos(), TimeUnit.NANOSECONDS);
            taken = true;
            return link;
        } catch (ExecutionException | TimeoutException e) {
            throw new HostException.ProcessConfigurationFailure(
                    callback.procId(),
                    new ReadyProcException.Ready(
                            new ReadyException.ChannelClosed(
                                    "callback to " + to + " not taken: " + e)));
        } finally {
            if (!taken) {
                link.close();
            }
        }
    }
}

package io.hyperactor.cli;

import io.hyperactor.ActorRef;
import io.hyperactor.AskException;
import io.hyperactor.Client;
import io.hyperactor.DeliveryFailure;
import io.hyperactor.OncePortRef;
import io.hyperactor.Port;
import io.hyperactor.PortRef;
import io.hyperactor.Proc;
import io.hyperactor.ProcAgent;
import io.hyperactor.ProcAgentMessage;
import io.hyperactor.ProcConfig;
import io.hyperactor.channel.ChannelException;
import io.hyperactor.channel.Channels;
import io.hyperactor.host.EchoActor;
import io.hyperactor.host.EchoMessage;
import io.hyperactor.host.Host;
import io.hyperactor.host.HostAgent;
import io.hyperactor.host.HostAgentMessage;
import io.hyperactor.host.HostAgentMessage.Counter;
import io.hyperactor.host.HostAgentMessage.ProcInfo;
import io.hyperactor.host.HostAgentMessage.ProcNews;
import io.hyperactor.host.LogQuery;
import io.hyperactor.host.LogRecord;
import io.hyperactor.wire.ActorId;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.PortId;
import io.hyperactor.wire.ProcId;

import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;

/// A host that is asked through its [HostAgent], and its procs through their echo actors: as any
/// other program could, from a proc of its own that the host knows nothing of.
final class AgentConnection implements HostConnection {
    private static final Duration QUICK = Duration.ofSeconds(10);
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Duration FLUSH_TIMEOUT = Duration.ofMillis(200);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    /// Longer than anybody waits.
    private static final Duration UNLIMITED = Duration.ofDays(365);

    /// A proc whose spawn is not over is in one of these.
    private static final Set<String> SPAWNING = Set.of("starting", "running", "stopping");

    private static final int LOOKS = 10;
    private static final int TAKEN_AT_ONCE = 32;

    private final ChannelAddress address;
    private final ConnectTrouble trouble;
    private final Duration lookEvery;
    private final Channels channels;
    private final Proc proc;
    private final Client client;
    private final ActorRef<HostAgentMessage> agent;

    private AgentConnection(
            ChannelAddress address,
            ConnectTrouble trouble,
            Duration lookEvery,
            Channels channels,
            Proc proc) {
        this.address = address;
        this.trouble = trouble;
        this.lookEvery = lookEvery;
        this.channels = channels;
        this.proc = proc;
        client = proc.client("client");
        ActorId id = new ProcId(address, Host.SERVICE_PROC_NAME).actor(HostAgent.NAME, 0);
        agent = ActorRef.attest(id, HostAgentMessage.class);
    }

    /// Looks whether there is a host, and connects to it.
    static HostConnection dial(HostTarget target) {
        return dial(target, LOOK_EVERY);
    }

    /// The same.
    ///
    /// @param lookEvery how often it looks, while it waits, whether there still is a host
    static HostConnection dial(HostTarget target, Duration lookEvery) {
        ChannelAddress address = target.address();
        HostProbe.check(address);
        String unique = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
        String name = "cli-" + ProcessHandle.current().pid() + "-" + unique;
        ConnectTrouble trouble = new ConnectTrouble(address);
        Channels channels = new Channels(target.channels().withEvents(trouble));
        try {
            Proc proc = Proc.direct(target.replyAddress(), name, config(channels));
            return new AgentConnection(address, trouble, lookEvery, channels, proc);
        } catch (ChannelException e) {
            channels.close();
            throw new CliException.Failed(String.valueOf(e.getMessage()), e);
        }
    }

    /// Every message was answered when it closes, or will never be: nothing is left to wait for.
    private static ProcConfig config(Channels channels) {
        return ProcConfig.defaults().withChannels(channels).withFlushTimeout(FLUSH_TIMEOUT);
    }

    /// How long that may take is for the host to say. So it waits as long as the host says that it
    /// is at it, and then for an answer that may be on its way.
    @Override
    public long spawn(String name) throws InterruptedException {
        CompletableFuture<HostAgentMessage.SpawnReply> answer =
                client.request(
                        agent, replyTo -> new HostAgentMessage.SpawnProc(name, replyTo), UNLIMITED);
        int unknown = 0; // how often in a row the host did not say so
        for (int look = 1; ; look++) {
            Optional<HostAgentMessage.SpawnReply> reply = await(answer);
            if (reply.isPresent()) {
                return pid(reply.get());
            }
            if (unknown > 1) {
                throw new CliException.Failed(
                        "the host at " + address + " does not say what became of " + name);
            }
            if (look % LOOKS == 0) {
                unknown = isSpawning(name) ? 0 : unknown + 1;
            }
        }
    }

    private boolean isSpawning(String name) throws InterruptedException {
        try {
            return list().stream()
                    .anyMatch(proc -> proc.name().equals(name) && SPAWNING.contains(proc.state()));
        } catch (CliException.Failed _) {
            return false; // it may be slow; whether it is there at all is seen while waiting
        }
    }

    private static long pid(HostAgentMessage.SpawnReply reply) {
        return switch (reply) {
            case HostAgentMessage.Spawned(_, long pid) -> pid;
            case HostAgentMessage.NotSpawned(_, String why) -> throw new CliException.Failed(why);
        };
    }

    @Override
    public List<ProcInfo> list() throws InterruptedException {
        return ask(agent, HostAgentMessage.ListProcs::new, QUICK);
    }

    @Override
    public List<ProcInfo> listEnded() throws InterruptedException {
        return ask(agent, HostAgentMessage.ListEnded::new, QUICK);
    }

    @Override
    public List<Counter> counters() throws InterruptedException {
        return ask(agent, HostAgentMessage.GetCounters::new, QUICK);
    }

    @Override
    public List<Counter> counters(String proc) throws InterruptedException {
        ActorId id = new ProcId(address, proc).actor(ProcAgent.NAME, 0);
        ProcAgentMessage.Report report =
                ask(
                        ActorRef.attest(id, ProcAgentMessage.class),
                        ProcAgentMessage.GetReport::new,
                        QUICK);
        return List.of(
                new Counter("actors.live", report.actors()),
                new Counter("mailboxes.queued_messages", report.queuedMessages()),
                new Counter("messages.abandoned", report.abandoned()),
                new Counter("messages.returned", report.returned()));
    }

    @Override
    public String stop(String name, Duration grace) throws InterruptedException {
        return how(
                name,
                ask(
                        agent,
                        replyTo -> new HostAgentMessage.StopProc(name, grace, replyTo),
                        LONG.plus(grace)));
    }

    @Override
    public String kill(String name) throws InterruptedException {
        return how(name, ask(agent, replyTo -> new HostAgentMessage.KillProc(name, replyTo), LONG));
    }

    private static String how(String name, HostAgentMessage.EndReply reply) {
        return switch (reply) {
            case HostAgentMessage.Ended(String how, String why, List<String> lastLines) ->
                    text(how, why, lastLines);
            case HostAgentMessage.NotEnded(_, String why) ->
                    throw new CliException.Failed("cannot end " + name + ": " + why);
        };
    }

    private static String text(String how, String why, List<String> lastLines) {
        StringBuilder text = new StringBuilder(how);
        if (!why.isEmpty()) {
            text.append(": ").append(why);
        }
        lastLines.forEach(line -> text.append("\n    ").append(line));
        return text.toString();
    }

    @Override
    public String echo(String name) throws InterruptedException {
        ActorId echo = new ProcId(address, name).actor(EchoActor.NAME, 0);
        ActorId answer = ask(ActorRef.attest(echo, EchoMessage.class), EchoMessage::new, QUICK);
        return answer.toString();
    }

    @Override
    public void watch(Predicate<? super ProcNews> taker) throws InterruptedException {
        follow(ProcNews.class, HostAgentMessage.WatchProcs::new, taker);
    }

    /// Takes what the host sends to a port of its own until `taker` has enough.
    private <T> void follow(
            Class<T> type,
            BiFunction<PortRef<T>, OncePortRef<HostAgentMessage.FeedReply>, HostAgentMessage> begin,
            Predicate<? super T> taker)
            throws InterruptedException {
        try (Port<T> port = client.openPort(type)) {
            PortRef<T> ref = port.ref();
            HostAgentMessage.FeedReply reply =
                    ask(agent, replyTo -> begin.apply(ref, replyTo), QUICK);
            if (reply instanceof HostAgentMessage.FeedRefused(_, String why)) {
                throw new CliException.Failed(why);
            }
            try {
                takeAll(port, taker);
            } finally {
                client.send(agent, new HostAgentMessage.EndFeed(ref.id()));
            }
        }
    }

    private <T> void takeAll(Port<T> port, Predicate<? super T> taker) throws InterruptedException {
        long taken = 0;
        while (true) {
            Optional<T> item = port.receive(lookEvery);
            if (item.isPresent()) {
                taken++;
                if (!taker.test(item.get())) {
                    return;
                }
            }
            if (item.isEmpty() || taken % TAKEN_AT_ONCE == 0) {
                reportTaken(port.ref().id(), taken);
            }
        }
    }

    private void reportTaken(PortId port, long taken) throws InterruptedException {
        boolean more =
                ask(agent, replyTo -> new HostAgentMessage.FeedTaken(port, taken, replyTo), QUICK);
        if (!more) {
            throw new CliException.Failed(
                    "the host at "
                            + address
                            + " was started anew, or has given up on this watch, which was silent");
        }
    }

    @Override
    public List<LogRecord> logs(LogQuery query) throws InterruptedException {
        HostAgentMessage.LogsReply reply =
                ask(
                        agent,
                        replyTo ->
                                new HostAgentMessage.GetLogs(
                                        List.copyOf(query.names()),
                                        query.since(),
                                        query.max(),
                                        replyTo),
                        QUICK);
        return switch (reply) {
            case HostAgentMessage.Logs(List<LogRecord> records) -> records;
            case HostAgentMessage.NoLogs(_, String why) -> throw new CliException.Failed(why);
        };
    }

    @Override
    public void follow(LogQuery query, LogSink sink) throws InterruptedException {
        new LogStream(client, agent, this::lookAgain, lookEvery).follow(query, sink, this::ask);
    }

    private void lookAgain() {
        HostProbe.check(address);
    }

    private HostAgentMessage.FollowReply ask(
            Function<OncePortRef<HostAgentMessage.FollowReply>, HostAgentMessage> message)
            throws InterruptedException {
        return ask(agent, message, QUICK);
    }

    /// Waits for the answer as long as there is a host that could give it.
    private <M, R> R ask(ActorRef<M> to, Function<OncePortRef<R>, M> message, Duration limit)
            throws InterruptedException {
        CompletableFuture<R> answer = client.request(to, message, limit);
        while (true) {
            Optional<R> reply = await(answer);
            if (reply.isPresent()) {
                return reply.get();
            }
        }
    }

    /// Waits for the answer until it is time to look, and then looks whether there is a host that
    /// could give it.
    private <R> Optional<R> await(CompletableFuture<R> answer) throws InterruptedException {
        try {
            R reply = answer.get(lookEvery.toNanos(), TimeUnit.NANOSECONDS);
            trouble.end();
            return Optional.of(reply);
        } catch (TimeoutException e) {
            if (trouble.what().isPresent()) {
                throw new CliException.Failed(trouble.what().get(), e);
            }
            HostProbe.check(address);
            return Optional.empty();
        } catch (ExecutionException e) {
            throw failed(e.getCause() == null ? e : e.getCause());
        }
    }

    private CliException.Failed failed(Throwable cause) {
        if (!(cause instanceof AskException.Undelivered undelivered)) {
            return new CliException.Failed(String.valueOf(cause.getMessage()), cause);
        }
        DeliveryFailure failure = undelivered.undeliverable().failure();
        ProcId asked = undelivered.undeliverable().destination().actor().proc();
        return new CliException.Failed(
                failure.reason() == DeliveryFailure.Reason.NO_ROUTE
                        ? "no proc '" + asked.name() + "' at " + address
                        : failure.toString(),
                cause);
    }

    @Override
    public void close() {
        client.close();
        proc.close();
        channels.close();
    }
}

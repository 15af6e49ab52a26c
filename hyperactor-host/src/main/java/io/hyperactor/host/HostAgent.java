package io.hyperactor.host;

import io.hyperactor.Actor;
import io.hyperactor.ActorHandle;
import io.hyperactor.ActorRef;
import io.hyperactor.ActorType;
import io.hyperactor.ActorTypes;
import io.hyperactor.Context;
import io.hyperactor.HyperactorException;
import io.hyperactor.OncePortRef;
import io.hyperactor.PortRef;
import io.hyperactor.ProcAgent;
import io.hyperactor.ProcAgentMessage;
import io.hyperactor.Undeliverable;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;

/// The actor through which anyone who reaches a host manages it: an actor named [#NAME] on the
/// host's `service` proc.
///
/// What takes long, spawning and ending procs, it does beside its messages, so it always answers.
public final class HostAgent implements Actor<HostAgentMessage> {
    /// Its name on the `service` proc.
    public static final String NAME = "host_agent";

    private static final Logger LOG = LoggerFactory.getLogger(HostAgent.class);

    private final Host<?> host;
    private final InstantSource clock;
    private final Feeds feeds;
    private final LogService logs;
    private volatile @Nullable ActorRef<ProcAgentMessage> localAgent;

    private HostAgent(Host<?> host, InstantSource clock, Feeds feeds, LogService logs) {
        this.host = host;
        this.clock = clock;
        this.feeds = feeds;
        this.logs = logs;
    }

    /// Spawns the agent of a host.
    ///
    /// @throws io.hyperactor.HyperactorException.NameTaken if the host has one
    public static ActorHandle<HostAgentMessage> spawn(Host<?> host) {
        InstantSource clock = InstantSource.system();
        Feeds feeds = new Feeds(System::nanoTime);
        LogService logs = new LogService(host.manager(), host.refusalCounts());
        ActorHandle<HostAgentMessage> agent =
                host.systemProc()
                        .spawn(
                                NAME,
                                ActorType.of(
                                        NAME,
                                        HostAgentMessage.class,
                                        () -> new HostAgent(host, clock, feeds, logs)));
        var _ =
                agent.ended()
                        .thenRun(() -> { // not in cleanup(), which a kill leaves out
                            feeds.close();
                            logs.close();
                        });
        return agent;
    }

    /// Whoever asks while there is no memory waits for it, a minute at most; others need not, who
    /// may ask for less.
    @Override
    public void receive(Context<HostAgentMessage> cx, HostAgentMessage message) {
        try {
            serve(cx, message);
        } catch (OutOfMemoryError e) {
            serveLater(cx, message);
        }
    }

    private void serveLater(Context<HostAgentMessage> cx, HostAgentMessage message) {
        Runnable later = null;
        for (int again = 0; ; again++) {
            try {
                later =
                        later == null
                                ? Threads.once(() -> Threads.insist(() -> serve(cx, message)))
                                : later;
                Threads.startAtLast("hyperactor-answer", later);
                return;
            } catch (OutOfMemoryError e) {
                Threads.awaitMemory(again, e);
            }
        }
    }

    private void serve(Context<HostAgentMessage> cx, HostAgentMessage message) {
        switch (message) {
            case HostAgentMessage.SpawnProc(var name, var replyTo) ->
                    beside(cx, replyTo, () -> spawnProc(name));
            case HostAgentMessage.StopProc(var name, var grace, var replyTo) ->
                    beside(
                            cx,
                            replyTo,
                            () -> end(() -> host.stopped(name, grace, "asked to stop")));
            case HostAgentMessage.KillProc(var name, var replyTo) ->
                    beside(cx, replyTo, () -> end(() -> host.killed(name)));
            case HostAgentMessage.ListProcs(var replyTo) -> cx.send(replyTo, list());
            case HostAgentMessage.GetLocalProc(var replyTo) -> cx.send(replyTo, localAgent());
            case HostAgentMessage.WatchProcs(var newsTo, var replyTo) ->
                    cx.send(replyTo, watch(cx, newsTo));
            case HostAgentMessage.FeedTaken(var port, var taken, var replyTo) ->
                    cx.send(replyTo, feeds.taken(port, taken));
            case HostAgentMessage.EndFeed(var port) -> feeds.end(port);
            case HostAgentMessage.GetLogs(var procs, var since, var max, var replyTo) ->
                    beside(cx, replyTo, () -> logs.find(procs, since, max));
            case HostAgentMessage.FollowLogs follow ->
                    Threads.startAtLast("hyperactor-follow", () -> logs.follow(cx, follow));
            case HostAgentMessage.LogsTaken(var follow) -> logs.taken(follow);
            case HostAgentMessage.UnfollowLogs(var follow) -> logs.unfollow(follow);
            case HostAgentMessage.ListEnded(var replyTo) -> cx.send(replyTo, ended());
            case HostAgentMessage.GetCounters(var replyTo) ->
                    cx.send(replyTo, HostCounters.of(host));
        }
    }

    private static <R> void beside(
            Context<HostAgentMessage> cx, OncePortRef<R> replyTo, Supplier<R> work) {
        Threads.startAtLast(
                "hyperactor-answer",
                () -> {
                    R reply = work.get();
                    Threads.insist(() -> cx.send(replyTo, reply));
                });
    }

    private HostAgentMessage.SpawnReply spawnProc(String name) {
        try {
            return Threads.insist(
                    host.spawn(name),
                    proc -> new HostAgentMessage.Spawned(proc.procId(), proc.pid().orElse(0)));
        } catch (RuntimeException | OutOfMemoryError e) {
            return Threads.insist(
                    e, why -> new HostAgentMessage.NotSpawned(Refusal.of(why), oneLine(why)));
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this thread", e);
        }
    }

    private interface Ending {
        ExitReport get() throws InterruptedException;
    }

    private static HostAgentMessage.EndReply end(Ending ending) {
        try {
            return Threads.insist(ending.get(), HostAgent::ended);
        } catch (RuntimeException | OutOfMemoryError e) {
            return Threads.insist(
                    e, why -> new HostAgentMessage.NotEnded(Refusal.of(why), oneLine(why)));
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this thread", e);
        }
    }

    private static HostAgentMessage.Ended ended(ExitReport report) {
        String why = report.diagnosis().map(Diagnosis::toString).orElse("");
        return new HostAgentMessage.Ended(
                report.exit().toString(),
                why,
                why.isEmpty() && isAsAsked(report.exit())
                        ? List.of()
                        : EndedProc.cut(report.lastLines()));
    }

    /// Whether a proc that is asked to end, or made to, ends like this.
    private static boolean isAsAsked(ProcExit exit) {
        return switch (exit) {
            case ProcExit.Exited(int status) -> status == 0 || status == 128 + Signals.TERM;
            case ProcExit.Signalled(int signal, var _) ->
                    signal == Signals.TERM || signal == Signals.KILL;
            case ProcExit.Ambiguous(int status) ->
                    status == 128 + Signals.TERM || status == 128 + Signals.KILL;
            case ProcExit.Destroyed _, ProcExit.NeverStarted _ -> true;
            case ProcExit.Lost _ -> false;
        };
    }

    private static String oneLine(Throwable e) {
        String message = e.getMessage();
        return message == null
                ? e.getClass().getSimpleName()
                : PrintableText.escape(message.replace('\n', ' ')); // else it may have no encoding
    }

    private List<HostAgentMessage.ProcInfo> list() {
        Instant now = clock.instant();
        return host.views().stream().map(proc -> ProcInfos.of(proc, now)).toList();
    }

    private List<HostAgentMessage.ProcInfo> ended() {
        return host.endings().stream().map(ProcInfos::of).toList();
    }

    private HostAgentMessage.FeedReply watch(
            Context<HostAgentMessage> cx, PortRef<HostAgentMessage.ProcNews> newsTo) {
        if (!feeds.hasRoom()) {
            host.refusalCounts().count(Refusal.TOO_MANY_WATCHERS);
            return new HostAgentMessage.FeedRefused(
                    Refusal.TOO_MANY_WATCHERS, "there are " + Feeds.MAX + " watchers already");
        }
        ProcWatch.begin(
                host, clock, Threads.timer(), newsTo.id(), feeds, news -> cx.send(newsTo, news));
        return new HostAgentMessage.FeedBegins();
    }

    private ActorRef<ProcAgentMessage> localAgent() {
        ActorRef<ProcAgentMessage> agent = localAgent;
        if (agent == null) {
            ActorTypes types = ActorTypes.of(EchoActor.TYPE);
            agent = activate(types);
            localAgent = agent;
        }
        return agent;
    }

    /// The program around the host may have taken one of the names already; then that is who is
    /// meant.
    private ActorRef<ProcAgentMessage> activate(ActorTypes types) {
        try {
            var _ = host.localProc().client(Host.ROOT_CLIENT_NAME);
        } catch (HyperactorException.NameTaken e) {
            LOG.debug("the local proc has a client of its own", e);
        }
        try {
            return host.localProc().spawn(ProcAgent.NAME, ProcAgent.type(types)).ref();
        } catch (HyperactorException.NameTaken e) {
            return ActorRef.attest(
                    host.localProc().id().actor(ProcAgent.NAME, 0), ProcAgentMessage.class);
        }
    }

    /// An asker that has gone away is no reason to end, but for its feed.
    @Override
    public void undeliverable(Context<HostAgentMessage> cx, Undeliverable returned) {
        feeds.end(returned.destination());
        logs.cameBack(returned);
    }
}

package io.hyperactor.host;

import io.hyperactor.ActorRef;
import io.hyperactor.OncePortRef;
import io.hyperactor.PortRef;
import io.hyperactor.ProcAgentMessage;
import io.hyperactor.wire.PortId;
import io.hyperactor.wire.ProcId;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The protocol of [HostAgent]. Crosses procs: read docs/wire-format.md before changing it.
public sealed interface HostAgentMessage {
    /// Spawns a proc. Replies once, when it is ready or why it is not.
    record SpawnProc(String name, OncePortRef<SpawnReply> replyTo) implements HostAgentMessage {}

    /// Replies once, with the procs of this host, sorted by name.
    record ListProcs(OncePortRef<List<ProcInfo>> replyTo) implements HostAgentMessage {}

    /// Ends a proc in good order within `grace`, else by force. Replies once, when it has ended.
    record StopProc(String name, Duration grace, OncePortRef<EndReply> replyTo)
            implements HostAgentMessage {}

    /// Ends a proc by force. Replies once, when it has ended.
    record KillProc(String name, OncePortRef<EndReply> replyTo) implements HostAgentMessage {}

    /// Activates the host's local proc if it is not yet, and replies once, with its agent (LP-1).
    record GetLocalProc(OncePortRef<ActorRef<ProcAgentMessage>> replyTo)
            implements HostAgentMessage {}

    /// Tells `newsTo` how all procs are, and from then on everything that happens to them, until
    /// [EndFeed] or until a message to it comes back. Replies once, whether it will.
    ///
    /// Whoever takes the news says so with [FeedTaken], at least after every 32 of them and every
    /// 30 s: no more than 64 are on their way, and 1024 wait. Who is slower misses some, is told
    /// how many, and then again how all procs are. What happens while the first news are gathered
    /// may be told twice.
    ///
    /// Who has room for more is told every 2 s how all procs are, with what their processes use
    /// then. That may be ahead of an event that is told next.
    record WatchProcs(PortRef<ProcNews> newsTo, OncePortRef<FeedReply> replyTo)
            implements HostAgentMessage {}

    /// So many messages were taken from a port, since the feed to it began. Replies once, whether
    /// there is still a feed to it.
    record FeedTaken(PortId port, long taken, OncePortRef<Boolean> replyTo)
            implements HostAgentMessage {}

    /// Ends the feed to a port. No reply.
    record EndFeed(PortId port) implements HostAgentMessage {}

    /// What became of a request for a feed.
    sealed interface FeedReply {}

    /// It begins.
    record FeedBegins() implements FeedReply {}

    /// It does not.
    ///
    /// @param why on one line
    record FeedRefused(Refusal refusal, String why) implements FeedReply {}

    /// How a proc is, or what has happened to it.
    ///
    /// @param atMillis when, by the host's clock, since 1970
    /// @param what `is`, with its state as `detail`; `missed`; or an event: `started`, `ready`,
    ///   `suspected`, `recovered`, `condemned`, `stopping`, `ended`, `restarting`, `gave-up`,
    ///   `not-ready`. More may come
    /// @param detail the same in words, on one line
    /// @param proc how the proc was after it, but what its process used is as of when this is told,
    ///   and the pid is that of the process to which it happened, even if that has ended; empty if
    ///   `what` is `missed`
    record ProcNews(long atMillis, String what, String detail, Optional<ProcInfo> proc) {}

    /// Replies once, with what procs printed and logged: the last records, merged by time.
    ///
    /// @param procs their names; none for all. Of each something must be known
    /// @param since the first time, empty for no limit
    /// @param max how many, at most [LogQuery#MAX]; fewer if they take too much room
    record GetLogs(
            List<String> procs, Optional<Instant> since, int max, OncePortRef<LogsReply> replyTo)
            implements HostAgentMessage {}

    /// Sends the same, and then what comes, 0.2 s later to have it in the order of time, to a port,
    /// until it is told to end or nobody is there. One batch is under way at a time: each must be
    /// answered by [LogsTaken] within 30 s. One comes at least every 5 s, perhaps an empty one.
    /// Replies once, before the first.
    ///
    /// @param to gets the batches
    /// @param from where an earlier one, for the same procs, ended, to go on there: then neither
    ///   `since` nor `max` counts, and the first batch says how many of those before it are gone
    record FollowLogs(
            List<String> procs,
            Optional<Instant> since,
            int max,
            Optional<LogPosition> from,
            PortRef<LogBatch> to,
            OncePortRef<FollowReply> replyTo)
            implements HostAgentMessage {}

    /// The batch was taken, the next one may come. No reply.
    ///
    /// @param follow of [Following]
    record LogsTaken(long follow) implements HostAgentMessage {}

    /// Nothing more is wanted. No reply.
    ///
    /// @param follow of [Following]
    record UnfollowLogs(long follow) implements HostAgentMessage {}

    /// Replies once, with the procs that ended last and whose names are free, the newest first: at
    /// most [EndedProc#REMEMBERED_MAX]. Their state is `ended`, their pid that of their last
    /// process.
    record ListEnded(OncePortRef<List<ProcInfo>> replyTo) implements HostAgentMessage {}

    /// Replies once, with what the host and its process count, sorted by name. More may come.
    record GetCounters(OncePortRef<List<Counter>> replyTo) implements HostAgentMessage {}

    /// Something counted.
    ///
    /// @param name for example `messages.undelivered.queue_full`
    /// @param value how often since the host's process, or the host, began; or what there is now
    record Counter(String name, long value) {}

    /// What became of a [GetLogs].
    sealed interface LogsReply permits Logs, NoLogs {}

    /// The records, the oldest first.
    record Logs(List<LogRecord> records) implements LogsReply {}

    /// What became of a [FollowLogs].
    sealed interface FollowReply permits Following, NoLogs {}

    /// Batches follow.
    ///
    /// @param follow to be named when they are taken, and when no more are wanted
    record Following(long follow) implements FollowReply {}

    /// There are no such records, or too many follow already.
    ///
    /// @param why on one line
    record NoLogs(Refusal refusal, String why) implements LogsReply, FollowReply {}

    /// What became of a [SpawnProc].
    sealed interface SpawnReply {}

    /// The proc is ready.
    ///
    /// @param pid of its process, 0 if it has none of its own
    record Spawned(ProcId procId, long pid) implements SpawnReply {}

    /// The proc was not spawned, and nothing of it is left.
    ///
    /// @param why on one line
    record NotSpawned(Refusal refusal, String why) implements SpawnReply {}

    /// What became of a [StopProc] or [KillProc].
    sealed interface EndReply {}

    /// The proc has ended, by this or before.
    ///
    /// @param how the true ending, in words
    /// @param why what is known of its cause, on one line; empty if that is nothing
    /// @param lastLines what it printed last, if it did not end as it was asked to: at most
    ///   [EndedProc#LINES_MAX], each escaped and cut
    record Ended(String how, String why, List<String> lastLines) implements EndReply {}

    /// There is no such proc, or it has not ended.
    ///
    /// @param why on one line
    record NotEnded(Refusal refusal, String why) implements EndReply {}

    /// A proc as the host sees it.
    ///
    /// @param pid of its process, 0 if it has none of its own
    /// @param state `starting`, `running`, `ready`, `suspected`, `stopping`, `restarting` or
    ///   `ended`
    /// @param uptimeMillis since its process was started, 0 if it has none of its own now
    /// @param rssBytes resident memory of its process, 0 if not known
    /// @param cpuMillis processor time that its process has used, 0 if not known
    /// @param restarts how often it was restarted
    /// @param lastExit how its last life ended, on one line; empty in its first
    /// @param limits of its process, and what sees to each
    record ProcInfo(
            String name,
            long pid,
            String state,
            long uptimeMillis,
            long rssBytes,
            long cpuMillis,
            int restarts,
            String lastExit,
            List<AppliedLimit> limits) {
        public ProcInfo {
            limits = List.copyOf(limits);
        }
    }
}

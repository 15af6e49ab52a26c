package io.hyperactor.cli;

import io.hyperactor.ActorRef;
import io.hyperactor.Client;
import io.hyperactor.OncePortRef;
import io.hyperactor.Port;
import io.hyperactor.host.HostAgentMessage;
import io.hyperactor.host.HostAgentMessage.FollowReply;
import io.hyperactor.host.LogBatch;
import io.hyperactor.host.LogPosition;
import io.hyperactor.host.LogQuery;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Follows the logs of a host. A host sends something every few seconds; when it has given up on
/// this process, because that was stopped for a while, this goes on from where it was.
///
/// **Threads:** one.
final class LogStream {
    private static final int LOOKS_MAX = 15; // in a row, without a word from the host

    /// Asks the host.
    interface Asker {
        /// Waits for the answer.
        FollowReply ask(Function<OncePortRef<FollowReply>, HostAgentMessage> message)
                throws InterruptedException;
    }

    private final Client client;
    private final ActorRef<HostAgentMessage> agent;
    private final Runnable lookAgain;
    private final Duration lookEvery;

    private Optional<LogPosition> next = Optional.empty();

    /// @param lookAgain throws if the host is gone
    /// @param lookEvery how often it looks while the host says nothing
    LogStream(
            Client client,
            ActorRef<HostAgentMessage> agent,
            Runnable lookAgain,
            Duration lookEvery) {
        this.client = client;
        this.agent = agent;
        this.lookAgain = lookAgain;
        this.lookEvery = lookEvery;
    }

    /// Returns when the sink has enough.
    void follow(LogQuery query, HostConnection.LogSink sink, Asker asker)
            throws InterruptedException {
        boolean more = true;
        while (more) {
            try (Port<LogBatch> port = client.openPort(LogBatch.class)) {
                FollowReply reply =
                        asker.ask(replyTo ->
                                new HostAgentMessage.FollowLogs(
                                        List.copyOf(query.names()),
                                        query.since(),
                                        query.max(),
                                        next,
                                        port.ref(),
                                        replyTo));
                long follow =
                        switch (reply) {
                            case HostAgentMessage.Following(long id) -> id;
                            case HostAgentMessage.NoLogs(_, String why) ->
                                    throw new CliException.Failed(why);
                        };
                try {
                    more = takeAll(port, follow, sink);
                } finally {
                    client.send(agent, new HostAgentMessage.UnfollowLogs(follow));
                }
            }
        }
    }

    /// @return false if the sink has enough, true if the host has said nothing for long
    private boolean takeAll(Port<LogBatch> port, long follow, HostConnection.LogSink sink)
            throws InterruptedException {
        int looks = 0;
        while (looks < LOOKS_MAX) {
            Optional<LogBatch> batch = port.receive(lookEvery);
            if (batch.isEmpty()) {
                lookAgain.run();
                looks++;
                continue;
            }
            looks = 0;
            if (!sink.take(batch.get())) {
                return false;
            }
            next = Optional.of(batch.get().next());
            client.send(agent, new HostAgentMessage.LogsTaken(follow));
        }
        return true;
    }
}

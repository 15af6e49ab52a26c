package io.hyperactor.cli;

import io.hyperactor.ActorRef;
import io.hyperactor.Client;
import io.hyperactor.OncePortRef;
import io.hyperactor.Port;
import io.hyperactor.host.HostAgentMessage;
import io.hyperactor.host.HostAgentMessage.FollowReply;
import io.hyperactor.host.LogBatch;
import io.hyperactor.host.LogQuery;
import io.hyperactor.host.LogRecord;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Follows the logs of a host. A host sends something every few seconds; when it has given up on
/// this process, because that was stopped for a while, this follows anew from where it was.
///
/// **Threads:** one.
final class LogStream {
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);
    private static final Duration SILENCE = Duration.ofSeconds(15);

    /// Asks the host.
    interface Asker {
        /// Waits for the answer.
        FollowReply ask(Function<OncePortRef<FollowReply>, HostAgentMessage> message)
                throws InterruptedException;
    }

    private final Client client;
    private final ActorRef<HostAgentMessage> agent;
    private final Runnable lookAgain;

    private Optional<Instant> last = Optional.empty(); // when the latest record was made

    /// @param lookAgain throws if the host is gone
    LogStream(Client client, ActorRef<HostAgentMessage> agent, Runnable lookAgain) {
        this.client = client;
        this.agent = agent;
        this.lookAgain = lookAgain;
    }

    /// Returns when the sink has enough.
    void follow(LogQuery query, HostConnection.LogSink sink, Asker asker)
            throws InterruptedException {
        boolean more = true;
        while (more) {
            LogQuery now = last.map(time -> after(query, time)).orElse(query);
            try (Port<LogBatch> port = client.openPort(LogBatch.class)) {
                FollowReply reply =
                        asker.ask(replyTo ->
                                new HostAgentMessage.FollowLogs(
                                        List.copyOf(now.names()),
                                        now.since(),
                                        now.max(),
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

    private static LogQuery after(LogQuery query, Instant time) {
        return new LogQuery(query.names(), Optional.of(time.plusNanos(1)), LogQuery.MAX);
    }

    /// @return false if the sink has enough, true if the host has said nothing for long
    private boolean takeAll(Port<LogBatch> port, long follow, HostConnection.LogSink sink)
            throws InterruptedException {
        Duration silence = Duration.ZERO;
        while (silence.compareTo(SILENCE) < 0) {
            Optional<LogBatch> batch = port.receive(LOOK_AGAIN);
            if (batch.isEmpty()) {
                lookAgain.run();
                silence = silence.plus(LOOK_AGAIN);
                continue;
            }
            silence = Duration.ZERO;
            if (!sink.take(batch.get())) {
                return false;
            }
            batch.get().records().forEach(this::note);
            client.send(agent, new HostAgentMessage.LogsTaken(follow));
        }
        return true;
    }

    private void note(LogRecord record) {
        if (last.isEmpty() || last.get().isBefore(record.time())) {
            last = Optional.of(record.time());
        }
    }
}

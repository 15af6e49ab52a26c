package io.hyperactor.system;

import io.hyperactor.ActorRef;
import io.hyperactor.BlobMessage;
import io.hyperactor.OncePortRef;
import io.hyperactor.PortRef;

import java.util.List;

/// The protocol of a [Worker]. A host that runs without the classes of these tests does not have
/// it.
sealed interface Task {
    /// Replies with the text backwards.
    record Reverse(String text, OncePortRef<String> replyTo) implements Task {}

    /// Throws.
    record Fail(String why, OncePortRef<String> replyTo) implements Task {}

    /// Does that, and never replies.
    record Break(Breakage how, OncePortRef<String> replyTo) implements Task {}

    /// Replies that it has begun, to `begun`, and never to `replyTo`.
    record Block(OncePortRef<String> begun, OncePortRef<String> replyTo) implements Task {}

    /// Replies, and stops in good order.
    record Quit(OncePortRef<String> replyTo) implements Task {}

    /// Replies with a port that is closed by then.
    record ClosePort(OncePortRef<PortRef<String>> replyTo) implements Task {}

    /// Asks the first of these to ask the others in turn, and waits for it; replies with what
    /// became of that.
    record AskInTurn(List<ActorRef<Task>> others, long limitMillis, OncePortRef<String> replyTo)
            implements Task {}

    /// Makes garbage for so long, beside as much that stays as fits, then replies with how many
    /// bytes that were.
    record MakeGarbage(long millis, int kept, OncePortRef<Long> replyTo) implements Task {}

    /// Starts a process that sleeps, and replies with its id.
    record StartSleeper(OncePortRef<Long> replyTo) implements Task {}

    /// Starts a process that sleeps in a session of its own, and replies with its id.
    record StartDetachedSleeper(OncePortRef<Long> replyTo) implements Task {}

    /// Spawns a child that fails, and replies with what it is told about that.
    record SpawnFailingChild(OncePortRef<String> replyTo) implements Task {}

    /// Offers a blob of that many bytes, which are made as they are asked for, and replies with it.
    record Offer(long length, OncePortRef<ActorRef<BlobMessage>> replyTo) implements Task {}

    /// Reads a blob, and replies with its checksum.
    record Read(ActorRef<BlobMessage> blob, OncePortRef<Long> replyTo) implements Task {}

    /// Sends a note there.
    record Tell(ActorRef<Tally> whom) implements Task {}

    /// Asks there how many notes have come, and replies with what became of that.
    record Ask(ActorRef<Tally> whom, OncePortRef<String> replyTo) implements Task {}

    /// Replies with what has been heard of the messages that it has sent.
    record CountNews(OncePortRef<News> replyTo) implements Task {}

    /// What was heard.
    ///
    /// @param back how many plain messages came back
    /// @param refused how much its proc has not believed
    record News(long back, long refused) {}
}

package io.hyperactor;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

import java.util.concurrent.ConcurrentLinkedQueue;

/// A mailbox of one actor, by one thread that is both its sender and its worker; and a queue of the
/// JDK.
@State(Scope.Thread)
public class MailboxBenchmark {
    private static final int LIMIT = 65_536;
    private static final int MANY = 64;

    private final Mailbox mailbox = new Mailbox(true);
    private final ConcurrentLinkedQueue<Mailbox.Node> queue = new ConcurrentLinkedQueue<>();
    private final Object message = new Object();

    private Mailbox.Node node() {
        return new Mailbox.Node(message, Origin.NOWHERE);
    }

    /// One message in and out.
    @Benchmark
    public void pushAndPoll(Blackhole hole) {
        mailbox.push(node(), LIMIT);
        hole.consume(mailbox.poll());
    }

    /// The same with the queue.
    @Benchmark
    public void queueOfferAndPoll(Blackhole hole) {
        queue.offer(node());
        hole.consume(queue.poll());
    }

    /// Many in, then all out.
    @Benchmark
    @OperationsPerInvocation(MANY)
    public void pushAndPollMany(Blackhole hole) {
        for (int i = 0; i < MANY; i++) {
            mailbox.push(node(), LIMIT);
        }
        for (int i = 0; i < MANY; i++) {
            hole.consume(mailbox.poll());
        }
    }

    /// The same with the queue.
    @Benchmark
    @OperationsPerInvocation(MANY)
    public void queueOfferAndPollMany(Blackhole hole) {
        for (int i = 0; i < MANY; i++) {
            queue.offer(node());
        }
        for (int i = 0; i < MANY; i++) {
            hole.consume(queue.poll());
        }
    }
}

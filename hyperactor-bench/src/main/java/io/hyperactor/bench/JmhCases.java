package io.hyperactor.bench;

import io.hyperactor.CodecBenchmark;
import io.hyperactor.DispatcherBenchmark;
import io.hyperactor.MailboxBenchmark;
import io.hyperactor.bench.micro.Jmh;

import java.util.List;

/// Parts of the runtime, each beside what one would take instead.
final class JmhCases {
    private static final String QUEUE = "ConcurrentLinkedQueue";
    private static final String POOL = "ForkJoinPool";
    private static final String BY_HAND = "by hand";
    private static final Effort FORKS = new Effort(400, 1, 0, 3);

    private JmhCases() {}

    static List<Case> all() {
        return List.of(
                of("mailbox, one in and out", MailboxBenchmark.class, "pushAndPoll")
                        .against(peer(QUEUE, MailboxBenchmark.class, "queueOfferAndPoll"))
                        .goal(new Goal.AtMost(Figure.EACH, QUEUE, 1)),
                of("mailbox, 64 in and out", MailboxBenchmark.class, "pushAndPollMany")
                        .against(peer(QUEUE, MailboxBenchmark.class, "queueOfferAndPollMany"))
                        .goal(new Goal.AtMost(Figure.EACH, QUEUE, 1)),
                of("hop on the dispatcher", DispatcherBenchmark.class, "hop")
                        .against(peer(POOL, DispatcherBenchmark.class, "forkJoinHop"))
                        .goal(new Goal.AtMost(Figure.EACH, POOL, 1)),
                of("encode a record", CodecBenchmark.class, "encode")
                        .against(peer(BY_HAND, CodecBenchmark.class, "encodeByHand"))
                        .goal(new Goal.AtMost(Figure.EACH, BY_HAND, 1.5)),
                of("decode a record", CodecBenchmark.class, "decode")
                        .against(peer(BY_HAND, CodecBenchmark.class, "decodeByHand"))
                        .goal(new Goal.AtMost(Figure.EACH, BY_HAND, 1.5)));
    }

    private static Case of(String name, Class<?> benchmark, String method) {
        return Case.of(name, FORKS, peer("ours", benchmark, method), Figure.EACH);
    }

    private static Contender peer(String name, Class<?> benchmark, String method) {
        return Contender.jvm(name, Jmh.class, benchmark.getName() + "." + method);
    }
}

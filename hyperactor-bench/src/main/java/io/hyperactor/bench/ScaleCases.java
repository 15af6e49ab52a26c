package io.hyperactor.bench;

import io.hyperactor.bench.channel.NioQueueStream;
import io.hyperactor.bench.host.Request;
import io.hyperactor.bench.local.FanIn;
import io.hyperactor.bench.local.FanOut;
import io.hyperactor.bench.local.Hops;
import io.hyperactor.bench.local.IdleMemory;
import io.hyperactor.bench.local.PekkoFanIn;
import io.hyperactor.bench.local.PekkoFanOut;
import io.hyperactor.bench.local.PekkoHops;
import io.hyperactor.bench.local.PekkoIdleMemory;
import io.hyperactor.bench.remote.Grpc;
import io.hyperactor.bench.remote.GrpcTell;
import io.hyperactor.bench.remote.PekkoTell;
import io.hyperactor.bench.remote.Tell;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// What becomes of the figures when there are many actors, many procs, long messages, one processor
/// more.
final class ScaleCases {
    private static final String PEKKO = RemoteCases.PEKKO;
    private static final String CROWD = "10000";
    private static final String TOKENS = "64";
    private static final String ONE_PROC = "one proc";
    private static final String ONE_CPU = "one CPU";
    private static final String LARGE_HEAP = "6g";
    private static final int MIB = 1 << 20;
    private static final int SIZE_MAX_BYTES = 64 * MIB;
    private static final String SIZES_HEAP = "3g"; // eight of them, two for each contender
    private static final int SWEEP_BYTES = 1024 * MIB;
    private static final int SWEEP_MESSAGES = 1_500_000; // as many as the suite remote sends
    private static final int ACTORS_MAX = 1_000_000;
    private static final int PROCS_MAX = 64;

    private ScaleCases() {}

    static List<Case> all() {
        return Stream.of(List.of(memory(), fanIn(), fanOut()), cpus(), actors(), procs(), sizes())
                .flatMap(List::stream)
                .toList();
    }

    private static Jvm large() {
        return Jvm.measured().withHeap(LARGE_HEAP);
    }

    private static Case memory() {
        return Case.of(
                        "a million idle actors",
                        new Effort(ACTORS_MAX, 3, 0, 1),
                        Contender.jvm(large(), "ours", IdleMemory.class),
                        Figure.SIZE)
                .against(Contender.jvm(large(), PEKKO, PekkoIdleMemory.class))
                .against(Otp.local("memory"))
                .goal(new Goal.AtMost(Figure.SIZE, PEKKO, 0.35));
    }

    private static Case fanIn() {
        return Case.of(
                        "10,000→1",
                        Effort.usual(1_000_000),
                        Contender.jvm("ours", FanIn.class, CROWD),
                        Figure.RATE)
                .against(Contender.jvm(PEKKO, PekkoFanIn.class, CROWD))
                .against(Otp.local("fanin", CROWD))
                .goal(new Goal.AtLeast(Figure.RATE, PEKKO, 1));
    }

    private static Case fanOut() {
        return Case.of(
                        "1→10,000",
                        Effort.usual(1_000_000),
                        Contender.jvm("ours", FanOut.class, CROWD),
                        Figure.RATE)
                .against(Contender.jvm(PEKKO, PekkoFanOut.class, CROWD))
                .against(Otp.local("fanout", CROWD))
                .goal(new Goal.AtLeast(Figure.RATE, PEKKO, 2));
    }

    /// The same work on all processors and on one.
    private static List<Case> cpus() {
        String actors = "1000";
        return List.of(
                onAll(
                                "hops, all CPUs against one",
                                Contender.jvm("ours", Hops.class, actors, TOKENS))
                        .goal(new Goal.AtLeast(Figure.RATE, ONE_CPU, 1.7)),
                onAll(
                        "hops of Pekko, all CPUs against one",
                        Contender.jvm("Pekko on all", PekkoHops.class, actors, TOKENS)));
    }

    private static Case onAll(String name, Contender contender) {
        Contender one = contender.placed(Contender.Placement.ONE_CPU);
        return Case.of(name, Effort.usual(2_000_000), contender, Figure.RATE)
                .against(new Contender(ONE_CPU, one.launch()));
    }

    private static List<Case> actors() {
        List<Case> cases = new ArrayList<>();
        for (int count = 1; count <= ACTORS_MAX; count *= 10) {
            String actors = Integer.toString(count);
            cases.add(
                    Case.of(
                                    String.format("hops among %,d", count),
                                    new Effort(1_000_000, 1, 3, 5).bounded(),
                                    Contender.jvm(large(), "ours", Hops.class, actors, TOKENS),
                                    Figure.RATE)
                            .against(Contender.jvm(large(), PEKKO, PekkoHops.class, actors, TOKENS))
                            .against(Otp.local("hops", actors, TOKENS))
                            .goal(new Goal.AtLeast(Figure.RATE, PEKKO, 2))
                            .at(Case.Line.ACTORS, count));
        }
        return cases;
    }

    /// One of many procs is asked as fast as the only one.
    private static List<Case> procs() {
        List<Case> cases = new ArrayList<>();
        for (int count = 1; count <= PROCS_MAX; count *= 4) {
            Case of =
                    Case.of(
                                    "request to one of %d procs".formatted(count),
                                    new Effort(5_000, 1, 4, 5).bounded(),
                                    Contender.program(
                                            "ours", Request.class, Integer.toString(count)),
                                    Figure.P50,
                                    Figure.P99)
                            .at(Case.Line.PROCS, count);
            cases.add(
                    count == 1
                            ? of
                            : of.against(Contender.program(ONE_PROC, Request.class, "1"))
                                    .goal(new Goal.AtMost(Figure.P50, ONE_PROC, 1.5)));
        }
        return cases;
    }

    /// As warm as the tells of the suite `remote`, so that both tell the same of the same size.
    private static List<Case> sizes() {
        Jvm jvm = Jvm.measured().withHeap(SIZES_HEAP);
        List<Case> cases = new ArrayList<>();
        for (int size = 16; size <= SIZE_MAX_BYTES; size *= 4) {
            String bytes = Integer.toString(size);
            int count = Math.clamp(SWEEP_BYTES / size, 1, SWEEP_MESSAGES);
            cases.add(
                    Case.of(
                                    Unit.BYTES.text(size) + " tell",
                                    new Effort(count, 2, 8, 5).bounded(),
                                    Contender.jvm(jvm, "ours", Tell.class, bytes, RemoteCases.UNIX),
                                    Figure.THROUGHPUT)
                            .against(Contender.jvm(jvm, PEKKO, PekkoTell.class, bytes))
                            .against(
                                    Contender.jvm(
                                            jvm,
                                            RemoteCases.GRPC_DIRECT,
                                            GrpcTell.class,
                                            bytes,
                                            Grpc.Style.DIRECT.name()))
                            .against(
                                    Contender.jvm(
                                            jvm, ChannelCases.QUEUE, NioQueueStream.class, bytes))
                            .goal(new Goal.AtLeast(Figure.THROUGHPUT, PEKKO, 2))
                            .at(Case.Line.SIZES, size));
        }
        return cases;
    }
}

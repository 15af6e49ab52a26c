package io.hyperactor.bench;

import io.hyperactor.bench.host.BesideFlood;
import io.hyperactor.bench.local.Fairness;
import io.hyperactor.bench.local.Garbage;
import io.hyperactor.bench.local.Neighbour;
import io.hyperactor.bench.local.PekkoFairness;
import io.hyperactor.bench.local.PekkoGarbage;
import io.hyperactor.bench.local.PekkoNeighbour;
import io.hyperactor.bench.local.PekkoStorm;
import io.hyperactor.bench.local.PekkoTurns;
import io.hyperactor.bench.local.Storm;
import io.hyperactor.bench.local.Turns;
import io.hyperactor.bench.process.Idle;
import io.hyperactor.bench.remote.AskLoad;
import io.hyperactor.bench.remote.PekkoAskLoad;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// Handlers that block, others that take all there is, requests by the clock, garbage, and no load
/// at all.
final class LoadCases {
    private static final String PEKKO = RemoteCases.PEKKO;
    private static final String PEKKO_BLOCKING = "Pekko, blocking dispatcher";
    private static final String PEKKO_VIRTUAL = "Pekko, virtual threads";
    private static final String CALM = "calm";
    private static final String BARE = "bare JVM";
    private static final String SIZE = "64";
    private static final Effort THOUSAND = new Effort(1000, 1, 1, 5);
    private static final Duration LONG_ROUND = Duration.ofSeconds(3); // rare things are counted
    private static final double NEIGHBOUR_NANOS = 2e6;
    private static final double WAIT_NANOS = 10e6;
    private static final double STORM_NANOS = 1e9;
    private static final double IDLE_PERCENT = 1;

    private LoadCases() {}

    static List<Case> all() {
        return Stream.of(
                        List.of(
                                storm("1,000 handlers block", "plain"),
                                storm("1,000 handlers block, and say so", "blocking")
                                        .goal(new Goal.AtMost(Figure.DONE, PEKKO_VIRTUAL, 1)),
                                neighbour("neighbour of a blocked handler", "sleeps", 1)
                                        .goal(new Goal.Never(Figure.MAX, NEIGHBOUR_NANOS)),
                                neighbour("neighbour of eight blocked handlers", "sleeps", 8)
                                        .goal(new Goal.Never(Figure.MAX, NEIGHBOUR_NANOS)),
                                neighbour("neighbour of a computing handler", "computes", 1),
                                fairness("wait behind 100 busy actors", 1),
                                fairness("wait behind 100 busy actors, 50 µs a message", 50),
                                turns("turns of 100 busy actors", 1),
                                turns("turns of 100 busy actors, 50 µs a message", 50),
                                beside(),
                                idle("idle host with four procs", 20)
                                        .goal(new Goal.Within(Figure.SHARE, IDLE_PERCENT)),
                                idle("the same, just started", 3)),
                        garbage(),
                        asks())
                .flatMap(List::stream)
                .toList();
    }

    private static Case storm(String name, String how) {
        return Case.of(
                        name,
                        THOUSAND,
                        Contender.jvm("ours", Storm.class, how),
                        Figure.DONE,
                        Figure.P50,
                        Figure.P99,
                        Figure.MAX)
                .against(Contender.jvm(PEKKO, PekkoStorm.class, "plain"))
                .against(Contender.jvm(PEKKO_BLOCKING, PekkoStorm.class, "blocking"))
                .against(Contender.jvm(PEKKO_VIRTUAL, PekkoStorm.class, "virtual"))
                .goal(new Goal.Within(Figure.DONE, STORM_NANOS))
                .goal(new Goal.AtMost(Figure.DONE, PEKKO_BLOCKING, 0.5));
    }

    private static Case neighbour(String name, String how, int count) {
        String many = String.valueOf(count);
        return Case.of(
                        name,
                        new Effort(200, 1, 1, 5),
                        Contender.jvm("ours", Neighbour.class, how, many),
                        Figure.P50,
                        Figure.MAX)
                .against(Contender.jvm(PEKKO, PekkoNeighbour.class, how, many));
    }

    private static Case fairness(String name, int micros) {
        String each = String.valueOf(micros);
        return Case.of(
                        name,
                        new Effort(2000, 1, 2, 5),
                        Contender.jvm("ours", Fairness.class, each),
                        Figure.P50,
                        Figure.P99,
                        Figure.MAX)
                .against(Contender.jvm(PEKKO, PekkoFairness.class, each))
                .goal(new Goal.Never(Figure.MAX, WAIT_NANOS));
    }

    private static Case turns(String name, int micros) {
        String each = String.valueOf(micros);
        return Case.of(
                        name,
                        new Effort(1_000_000 / micros, 1, 2, 5),
                        Contender.jvm("ours", Turns.class, each),
                        Figure.MAX)
                .against(Contender.jvm(PEKKO, PekkoTurns.class, each))
                .goal(new Goal.Never(Figure.MAX, WAIT_NANOS));
    }

    private static Case beside() {
        return Case.of(
                        "request beside a flooded proc",
                        new Effort(3000, 1, 3, 5).bounded(LONG_ROUND), // a flood takes time to rise
                        Contender.program("ours", BesideFlood.class, "flooded"),
                        Figure.P50,
                        Figure.P99)
                .against(Contender.program(CALM, BesideFlood.class, CALM))
                .goal(new Goal.AtMost(Figure.P99, CALM, 2));
    }

    private static Case idle(String name, int settleSeconds) {
        String settle = String.valueOf(settleSeconds);
        return Case.of(
                        name,
                        new Effort(5, 1, 0, 3),
                        Contender.program("ours", Idle.class, "ours", settle),
                        Figure.SHARE)
                .against(Contender.program(BARE, Idle.class, "bare", settle));
    }

    private static List<Case> garbage() {
        return List.of(
                garbage("Serial", "-XX:+UseSerialGC"),
                garbage("G1", "-XX:+UseG1GC"),
                garbage("ZGC", "-XX:+UseZGC"));
    }

    private static Case garbage(String name, String flag) {
        Jvm jvm = Jvm.measured().withHeap("768m").withCollector(flag);
        return Case.of(
                        "GC pauses, " + name,
                        new Effort(10_000_000, 1, 2, 5).bounded(LONG_ROUND),
                        Contender.jvm(jvm, "ours", Garbage.class),
                        Figure.MAX,
                        Figure.SHARE,
                        Figure.RATE)
                .against(Contender.jvm(jvm, PEKKO, PekkoGarbage.class))
                .goal(new Goal.AtMost(Figure.MAX, PEKKO, 1));
    }

    private static List<Case> asks() {
        return List.of(
                part(10, 20_000),
                part(50, 60_000),
                part(80, 100_000),
                rate(5_000),
                rate(20_000),
                rate(50_000));
    }

    /// Each side at a part of what it can do itself.
    private static Case part(int percent, int count) {
        return ask("ask at %d %% of the most".formatted(percent), count, percent + "%")
                .at(Case.Line.ASK_LOAD, percent);
    }

    /// Both sides at the same rate.
    private static Case rate(int perSecond) {
        int count = perSecond * (int) LONG_ROUND.toSeconds();
        return ask(String.format(Locale.ROOT, "%,d asks/s", perSecond), count, perSecond + "/s")
                .at(Case.Line.ASK_RATE, perSecond);
    }

    private static Case ask(String name, int count, String load) {
        return Case.of(
                        name,
                        new Effort(count, 1, 2, 5).bounded(LONG_ROUND),
                        Contender.jvm("ours", AskLoad.class, SIZE, load),
                        Figure.P50,
                        Figure.P99,
                        Figure.P999)
                .against(Contender.jvm(PEKKO, PekkoAskLoad.class, SIZE, load))
                .goal(new Goal.AtMost(Figure.P99, PEKKO, 0.5));
    }
}

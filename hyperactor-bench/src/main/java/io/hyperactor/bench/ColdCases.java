package io.hyperactor.bench;

import io.hyperactor.bench.cold.ListProcs;
import io.hyperactor.bench.cold.Nothing;
import io.hyperactor.bench.cold.Once;

import java.util.List;

/// What is done for the first time, each time in a fresh JVM.
final class ColdCases {
    private static final String PEKKO = RemoteCases.PEKKO;
    private static final String NOTHING = "JVM that does nothing";
    private static final Effort FEW = new Effort(2, 1, 0, 7);
    private static final double COMMAND_NANOS = 150e6;

    private ColdCases() {}

    static List<Case> all() {
        return List.of(
                first("first spawn", "spawn"),
                first("first tell", "tell"),
                first("first ask", "ask"),
                first("first ask of another process", "remote"),
                first("host start", "host"),
                command());
    }

    private static Case first(String name, String what) {
        return Case.of(
                        name,
                        FEW,
                        Contender.program("ours", Once.class, "ours", what),
                        Figure.P50,
                        Figure.MAX)
                .against(Contender.jvm(PEKKO, Once.class, PEKKO, what))
                .goal(new Goal.AtMost(Figure.P50, PEKKO, 0.5));
    }

    private static Case command() {
        return Case.of(
                        "hyperactor ps",
                        new Effort(5, 1, 1, 5),
                        new Contender(
                                "ours",
                                () ->
                                        Jvm.measured()
                                                .withoutPeers()
                                                .command(
                                                        ListProcs.class,
                                                        Programs.ourCommand().toString())),
                        Figure.P50,
                        Figure.MAX)
                .against(Contender.program(NOTHING, Nothing.class))
                .goal(new Goal.Within(Figure.P50, COMMAND_NANOS));
    }
}

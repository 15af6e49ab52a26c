package io.hyperactor.bench;

import io.hyperactor.bench.process.Life;

import java.util.List;

/// Life and death of procs, beside a bare JVM and Erlang/OTP.
final class ProcessCases {
    private static final String BARE = "bare JVM";
    private static final String COLD = "cold";
    private static final String PEKKO = RemoteCases.PEKKO;
    private static final String GRPC = RemoteCases.GRPC;
    private static final String START = "start";
    private static final Effort ONE_AT_A_TIME = new Effort(1, 1, 2, 15);
    private static final Effort TEN_AT_A_TIME = new Effort(10, 1, 0, 5);

    /// A watcher that has run for a while: each side has compiled what an end makes it do.
    private static final Effort AFTER_MANY = new Effort(10, 1, 25, 10);

    private static final double STOP_NANOS = 25e6;
    private static final double KILL_P50_NANOS = 3e6;
    private static final double KILL_P99_NANOS = 50e6;
    private static final double KILL_MAX_NANOS = 250e6;

    private ProcessCases() {}

    static List<Case> all() {
        return List.of(
                start(),
                startCached(),
                startFromSpare(),
                startOfPeers(),
                memory(),
                stop(),
                kill(),
                killOfPeers());
    }

    private static Case of(String name, Effort effort, String what, Figure... shown) {
        return Case.of(name, effort, Contender.program("ours", Life.class, "procs", what), shown)
                .against(Contender.program(BARE, Life.class, "bare", what));
    }

    private static Case start() {
        return start("cold start", "cold")
                .against(Otp.contender(START))
                .goal(new Goal.AtMost(Figure.ANSWER, BARE, 1.25))
                .goal(new Goal.AtMost(Figure.ANSWER, Otp.NAME, 0.6));
    }

    private static Case startCached() {
        return start("start from an AOT cache", "procs")
                .against(Contender.program(COLD, Life.class, "cold", START))
                .against(Otp.contender(START))
                .goal(new Goal.AtMost(Figure.ANSWER, BARE, 1.25))
                .goal(new Goal.AtMost(Figure.ANSWER, Otp.NAME, 0.6));
    }

    private static Case startFromSpare() {
        return Case.of(
                        "start from a spare",
                        ONE_AT_A_TIME,
                        Contender.program("ours", Life.class, "spare", START),
                        Figure.READY,
                        Figure.ANSWER)
                .against(Contender.program(COLD, Life.class, "cold", START))
                .against(Contender.program("AOT cache", Life.class, "procs", START))
                .goal(new Goal.AtMost(Figure.READY, COLD, 0.1));
    }

    private static Case start(String name, String how) {
        return Case.of(
                        name,
                        ONE_AT_A_TIME,
                        Contender.program("ours", Life.class, how, START),
                        Figure.READY,
                        Figure.ANSWER)
                .against(Contender.program(BARE, Life.class, "bare", START));
    }

    /// Starts that take long, so fewer of them.
    private static Case startOfPeers() {
        return Case.of(
                        "cold start, beside Pekko and gRPC",
                        new Effort(1, 1, 1, 5),
                        Contender.program("ours", Life.class, "cold", START),
                        Figure.READY,
                        Figure.ANSWER)
                .against(Contender.jvm(PEKKO, Life.class, "pekko", START))
                .against(Contender.jvm(GRPC, Life.class, "grpc", START))
                .goal(new Goal.AtMost(Figure.ANSWER, PEKKO, 0.2))
                .goal(new Goal.AtMost(Figure.ANSWER, GRPC, 0.5));
    }

    private static Case memory() {
        return of("idle proc", new Effort(1, 1, 1, 5), "memory", Figure.SIZE)
                .goal(new Goal.AtMost(Figure.SIZE, BARE, 1.2));
    }

    private static Case stop() {
        return of("stop to gone", TEN_AT_A_TIME, "stop", Figure.P50, Figure.MAX)
                .goal(new Goal.Within(Figure.P50, STOP_NANOS));
    }

    private static Case kill() {
        return of("kill -9 to known", AFTER_MANY, "kill", Figure.P50, Figure.P99, Figure.MAX)
                .against(Otp.killing())
                .goal(new Goal.Within(Figure.P50, KILL_P50_NANOS))
                .goal(new Goal.Within(Figure.P99, KILL_P99_NANOS))
                .goal(new Goal.Never(Figure.MAX, KILL_MAX_NANOS));
    }

    /// It takes Pekko's failure detector ten seconds and more, and a child of gRPC long to start.
    private static Case killOfPeers() {
        return Case.of(
                        "kill -9 to known, beside Pekko and gRPC",
                        new Effort(1, 1, 0, 3),
                        Contender.program("ours", Life.class, "procs", "kill"),
                        Figure.P50)
                .against(Contender.jvm(PEKKO, Life.class, "pekko", "kill"))
                .against(Contender.jvm(GRPC, Life.class, "grpc", "kill"))
                .goal(new Goal.AtMost(Figure.P50, PEKKO, 0.01));
    }
}

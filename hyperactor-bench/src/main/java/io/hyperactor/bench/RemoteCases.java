package io.hyperactor.bench;

import io.hyperactor.bench.remote.Ask;
import io.hyperactor.bench.remote.Asks;
import io.hyperactor.bench.remote.PekkoAsk;
import io.hyperactor.bench.remote.PekkoAsks;
import io.hyperactor.bench.remote.PekkoTell;
import io.hyperactor.bench.remote.Tell;

import java.util.List;

/// Between actors in two processes, beside Pekko Artery over TCP and Erlang/OTP.
final class RemoteCases {
    private static final String PEKKO = "Pekko";
    private static final String SIZE = "64";
    private static final String IN_FLIGHT = "64";

    private RemoteCases() {}

    static List<Case> all() {
        Case ask = ask();
        return List.of(
                tell("64 B tell", "64", 300_000),
                tell("1 KiB tell", "1024", 150_000),
                ask.placed("64 B ask, one CPU", Contender.Placement.ONE_CPU)
                        .goal(new Goal.AtMost(Figure.P50, PEKKO, 0.15))
                        .goal(new Goal.AtMost(Figure.P50, Otp.NAME, 1)),
                ask.goal(new Goal.AtMost(Figure.P50, PEKKO, 0.15))
                        .goal(new Goal.AtMost(Figure.P50, Otp.NAME, 0.3)),
                asks());
    }

    private static Case tell(String name, String size, int count) {
        return Case.of(
                        name,
                        new Effort(count, 2, 8, 3),
                        Contender.jvm("ours", Tell.class, size),
                        Figure.RATE)
                .against(Contender.jvm(PEKKO, PekkoTell.class, size))
                .against(Otp.contender("tell", size))
                .goal(new Goal.AtLeast(Figure.RATE, PEKKO, 10))
                .goal(new Goal.AtLeast(Figure.RATE, Otp.NAME, 5));
    }

    private static Case ask() {
        return Case.of(
                        "64 B ask",
                        Effort.usual(5_000),
                        Contender.jvm("ours", Ask.class, SIZE),
                        Figure.P50,
                        Figure.P99)
                .against(Contender.jvm(PEKKO, PekkoAsk.class, SIZE))
                .against(Otp.contender("call", SIZE));
    }

    private static Case asks() {
        return Case.of(
                        "64 B ask, 64 in flight",
                        Effort.usual(60_000),
                        Contender.jvm("ours", Asks.class, SIZE, IN_FLIGHT),
                        Figure.RATE)
                .against(Contender.jvm(PEKKO, PekkoAsks.class, SIZE, IN_FLIGHT))
                .against(Otp.contender("calls", SIZE, IN_FLIGHT))
                .goal(new Goal.AtLeast(Figure.RATE, Otp.NAME, 3));
    }
}

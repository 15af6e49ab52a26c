package io.hyperactor.bench;

import io.hyperactor.bench.channel.Echo;
import io.hyperactor.bench.channel.NioQueueStream;
import io.hyperactor.bench.channel.NioStream;
import io.hyperactor.bench.channel.Reconnect;
import io.hyperactor.bench.channel.Stream;

import java.util.ArrayList;
import java.util.List;

/// Over a Unix socket between two processes, beside C and beside plain `java.nio`.
final class ChannelCases {
    private static final String C = "raw C";
    private static final String POLLING_C = "raw C that polls";
    private static final String NIO = "NIO, one buffer";
    static final String QUEUE = "NIO, queue";
    private static final int ECHO_BYTES = 64;
    private static final double ECHO_NANOS = 10_000;
    private static final double RECONNECT_NANOS = 50e6;

    private ChannelCases() {}

    static List<Case> all() {
        List<Case> cases = new ArrayList<>(echo());
        cases.add(small(64, 8_000_000));
        cases.add(small(1 << 10, 1_500_000));
        cases.add(large("64 KiB", 64 << 10, 20_000));
        cases.add(large("1 MiB", 1 << 20, 1200));
        cases.add(reconnect());
        return cases;
    }

    /// Nobody's but ours: a link of a peer that was cut is not the same link any more.
    private static Case reconnect() {
        return Case.of(
                        "reconnect after a cut",
                        new Effort(20, 1, 1, 5),
                        Contender.jvm("ours", Reconnect.class),
                        Figure.P50,
                        Figure.P99,
                        Figure.MAX)
                .goal(new Goal.Within(Figure.P99, RECONNECT_NANOS));
    }

    private static List<Case> echo() {
        String size = Integer.toString(ECHO_BYTES);
        Case echo =
                Case.of(
                                "64 B echo",
                                Effort.usual(60_000),
                                Contender.jvm("ours", Echo.class, size),
                                Figure.P50,
                                Figure.P99)
                        .against(RawC.contender(C, "echo", size));
        return List.of(
                echo.placed("64 B echo, one CPU", Contender.Placement.ONE_CPU)
                        .goal(new Goal.AtMost(Figure.P50, C, 2)),
                echo.against(RawC.contender(POLLING_C, "poll", size))
                        .goal(new Goal.Within(Figure.P50, ECHO_NANOS)));
    }

    private static Case small(int size, int count) {
        return stream(size < 1024 ? size + " B" : "1 KiB", size, count, Figure.RATE)
                .goal(new Goal.AtLeast(Figure.RATE, QUEUE, 0.5))
                .goal(new Goal.AtLeast(Figure.RATE, NIO, 0.5));
    }

    private static Case large(String text, int size, int count) {
        return stream(text, size, count, Figure.THROUGHPUT)
                .goal(new Goal.AtLeast(Figure.THROUGHPUT, QUEUE, 0.8))
                .goal(new Goal.AtLeast(Figure.THROUGHPUT, NIO, 0.8));
    }

    private static Case stream(String text, int size, int count, Figure shown) {
        String bytes = Integer.toString(size);
        return Case.of(
                        text + " stream",
                        Effort.usual(count),
                        Contender.jvm("ours", Stream.class, bytes),
                        shown)
                .against(Contender.jvm(QUEUE, NioQueueStream.class, bytes))
                .against(Contender.jvm(NIO, NioStream.class, bytes));
    }
}

package io.hyperactor.bench;

import io.hyperactor.bench.remote.Ask;
import io.hyperactor.bench.remote.Asks;
import io.hyperactor.bench.remote.Grpc;
import io.hyperactor.bench.remote.GrpcAsk;
import io.hyperactor.bench.remote.GrpcAsks;
import io.hyperactor.bench.remote.GrpcTell;
import io.hyperactor.bench.remote.PekkoAsk;
import io.hyperactor.bench.remote.PekkoAsks;
import io.hyperactor.bench.remote.PekkoTell;
import io.hyperactor.bench.remote.Tell;

import java.util.List;

/// Between actors in two processes, beside Pekko Artery over TCP, Erlang/OTP, and gRPC over a Unix
/// socket.
final class RemoteCases {
    static final String PEKKO = "Pekko";
    static final String GRPC = "gRPC";
    static final String GRPC_DIRECT = "gRPC, direct";
    static final String UNIX = "unix";

    private static final String OURS_TCP = "ours, TCP";
    private static final String TCP = "tcp";
    private static final double TELL_BYTES = 256; // at the sender, with the message itself
    private static final String SIZE = "64";
    private static final String LARGE = "65536";
    private static final String PLAIN = "plain TCP";
    private static final double TLS_SMALL = 0.4;
    private static final double TLS_LARGE = 0.3;
    private static final double TLS_ASK = 2;
    private static final String IN_FLIGHT = "64";

    private RemoteCases() {}

    static List<Case> all() {
        Case ask = ask();
        return List.of(
                tell("64 B tell", "64", 1_500_000, Figure.RATE, Figure.ALLOCATED)
                        .goal(new Goal.Within(Figure.ALLOCATED, TELL_BYTES)),
                tell("1 KiB tell", "1024", 600_000, Figure.RATE, Figure.ALLOCATED),
                ask.placed("64 B ask, one CPU", Contender.Placement.ONE_CPU)
                        .goal(new Goal.AtMost(Figure.P50, PEKKO, 0.15))
                        .goal(new Goal.AtMost(Figure.P50, Otp.NAME, 1)),
                ask.goal(new Goal.AtMost(Figure.P50, PEKKO, 0.15))
                        .goal(new Goal.AtMost(Figure.P50, Otp.NAME, 0.3)),
                asks(),
                tls(
                                "64 B tell over TLS",
                                new Effort(1_500_000, 1, 8, 5),
                                Figure.RATE,
                                Tell.class,
                                SIZE)
                        .goal(new Goal.AtLeast(Figure.RATE, PLAIN, TLS_SMALL)),
                tls(
                                "64 KiB tell over TLS",
                                new Effort(20_000, 1, 8, 5),
                                Figure.THROUGHPUT,
                                Tell.class,
                                LARGE)
                        .goal(new Goal.AtLeast(Figure.THROUGHPUT, PLAIN, TLS_LARGE)),
                tls("64 B ask over TLS", new Effort(30_000, 1, 6, 5), Figure.P50, Ask.class, SIZE)
                        .goal(new Goal.AtMost(Figure.P50, PLAIN, TLS_ASK)));
    }

    /// Ours over TLS beside ours over plain TCP.
    private static Case tls(
            String name, Effort effort, Figure shown, Class<?> workload, String size) {
        return Case.of(
                        name,
                        effort.bounded(),
                        new Contender(
                                "ours",
                                () ->
                                        Jvm.measured()
                                                .command(
                                                        workload,
                                                        size,
                                                        "tls:" + Certificates.folder())),
                        shown)
                .against(Contender.jvm(PLAIN, workload, size, TCP));
    }

    private static Case tell(String name, String size, int count, Figure... shown) {
        return Case.of(
                        name,
                        new Effort(count, 2, 8, 5).bounded(),
                        Contender.jvm("ours", Tell.class, size, UNIX),
                        shown)
                .against(Contender.jvm(PEKKO, PekkoTell.class, size))
                .against(Otp.contender("tell", size))
                .against(Contender.jvm(GRPC, GrpcTell.class, size, Grpc.Style.DEFAULTS.name()))
                .against(Contender.jvm(GRPC_DIRECT, GrpcTell.class, size, Grpc.Style.DIRECT.name()))
                .against(Contender.jvm(OURS_TCP, Tell.class, size, TCP))
                .goal(new Goal.AtLeast(Figure.RATE, PEKKO, 10))
                .goal(new Goal.AtLeast(Figure.RATE, Otp.NAME, 5));
    }

    private static Case ask() {
        return Case.of(
                        "64 B ask",
                        new Effort(30_000, 2, 6, 5).bounded(),
                        Contender.jvm("ours", Ask.class, SIZE, UNIX),
                        Figure.P50,
                        Figure.P99)
                .against(Contender.jvm(PEKKO, PekkoAsk.class, SIZE))
                .against(Otp.contender("call", SIZE))
                .against(Contender.jvm(GRPC, GrpcAsk.class, SIZE, Grpc.Style.DEFAULTS.name()))
                .against(Contender.jvm(GRPC_DIRECT, GrpcAsk.class, SIZE, Grpc.Style.DIRECT.name()))
                .against(Contender.jvm(OURS_TCP, Ask.class, SIZE, TCP));
    }

    private static Case asks() {
        return Case.of(
                        "64 B ask, 64 in flight",
                        new Effort(120_000, 2, 6, 5).bounded(),
                        Contender.jvm("ours", Asks.class, SIZE, IN_FLIGHT, UNIX),
                        Figure.RATE)
                .against(Contender.jvm(PEKKO, PekkoAsks.class, SIZE, IN_FLIGHT))
                .against(Otp.contender("calls", SIZE, IN_FLIGHT))
                .against(
                        Contender.jvm(
                                GRPC, GrpcAsks.class, SIZE, IN_FLIGHT, Grpc.Style.DEFAULTS.name()))
                .against(
                        Contender.jvm(
                                GRPC_DIRECT,
                                GrpcAsks.class,
                                SIZE,
                                IN_FLIGHT,
                                Grpc.Style.DIRECT.name()))
                .against(Contender.jvm(OURS_TCP, Asks.class, SIZE, IN_FLIGHT, TCP))
                .goal(new Goal.AtLeast(Figure.RATE, Otp.NAME, 3));
    }
}

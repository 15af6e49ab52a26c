package io.hyperactor.bench;

import io.hyperactor.bench.host.Request;

import java.util.List;

/// Through a host, beside three processes in C.
final class HostCases {
    private static final String C = "raw C";
    private static final String SIZE = "64";

    private HostCases() {}

    static List<Case> all() {
        Case request =
                Case.of(
                                "request",
                                Effort.usual(10_000),
                                Contender.program("ours", Request.class, "1"),
                                Figure.P50,
                                Figure.P99)
                        .against(RawC.contender(C, "relay", SIZE));
        Goal goal = new Goal.AtMost(Figure.P50, C, 2.5);
        return List.of(
                request.placed("request, one CPU", Contender.Placement.ONE_CPU).goal(goal),
                request.goal(goal));
    }
}

package io.hyperactor.bench;

import io.hyperactor.bench.local.IdleMemory;
import io.hyperactor.bench.local.PekkoIdleMemory;
import io.hyperactor.bench.local.PekkoPingPong;
import io.hyperactor.bench.local.PekkoSpawn;
import io.hyperactor.bench.local.PekkoTell;
import io.hyperactor.bench.local.PingPong;
import io.hyperactor.bench.local.Spawn;
import io.hyperactor.bench.local.Tell;

import java.util.List;

/// Inside one process, beside Pekko typed and Erlang/OTP.
final class LocalCases {
    private static final String PEKKO = RemoteCases.PEKKO;
    private static final double TELL_BYTES = 57; // the message and one node of the mailbox: 24 + 32

    private static final int LAUNCHES = 5; // tells and spawns are fast in some, slow in others

    private LocalCases() {}

    static List<Case> all() {
        return List.of(
                tell("tell 1→1", "1", Figure.RATE, Figure.ALLOCATED)
                        .goal(new Goal.Within(Figure.ALLOCATED, TELL_BYTES)),
                tell("tell 4→1", "4", Figure.RATE),
                pingPong(),
                spawn("spawn 50,000", Effort.usual(50_000).launched(LAUNCHES)),
                spawn("spawn 200,000", new Effort(200_000, LAUNCHES, 2, 3)),
                memory());
    }

    private static Case tell(String name, String senders, Figure... shown) {
        return Case.of(
                        name,
                        Effort.usual(2_000_000).launched(LAUNCHES),
                        Contender.jvm("ours", Tell.class, senders),
                        shown)
                .against(Contender.jvm(PEKKO, PekkoTell.class, senders))
                .against(Otp.local("tell", senders))
                .goal(new Goal.AtLeast(Figure.RATE, PEKKO, 2));
    }

    private static Case pingPong() {
        return Case.of(
                        "ping-pong",
                        Effort.usual(3_000_000),
                        Contender.jvm("ours", PingPong.class),
                        Figure.EACH)
                .against(Contender.jvm(PEKKO, PekkoPingPong.class))
                .against(Otp.local("pingpong"))
                .goal(new Goal.AtMost(Figure.EACH, PEKKO, 0.4));
    }

    /// All of them live at the same time, which for Pekko makes each one dearer.
    private static Case spawn(String name, Effort effort) {
        return Case.of(name, effort, Contender.jvm("ours", Spawn.class), Figure.EACH)
                .against(Contender.jvm(PEKKO, PekkoSpawn.class))
                .against(Otp.local("spawn"))
                .goal(new Goal.AtMost(Figure.EACH, PEKKO, 0.1));
    }

    private static Case memory() {
        return Case.of(
                        "idle actor",
                        new Effort(100_000, 5, 0, 1),
                        Contender.jvm("ours", IdleMemory.class),
                        Figure.SIZE)
                .against(Contender.jvm(PEKKO, PekkoIdleMemory.class))
                .against(Otp.local("memory"))
                .goal(new Goal.AtMost(Figure.SIZE, PEKKO, 0.35));
    }
}

package io.hyperactor.system;

import io.hyperactor.ActorType;
import io.hyperactor.Proc;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.Transport;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;

/// A proc without a host, whose one actor takes everything and answers nothing; a [Tally.Block] it
/// never comes back from. Runs until its input ends.
final class SilentProgram {
    /// Before the id of that actor.
    static final String SERVING = "serving ";

    private SilentProgram() {}

    public static void main(String[] args) throws IOException {
        try (Proc proc = Proc.direct(ChannelAddress.any(Transport.UNIX), "silent")) {
            var type = ActorType.of("silent", Tally.class, () -> (_, message) -> take(message));
            System.out.println(SERVING + proc.spawn("silent", type).id());
            while (System.in.read() >= 0) {
                // not yet
            }
        }
    }

    private static void take(Tally message) throws InterruptedException {
        if (message instanceof Tally.Block) {
            new CountDownLatch(1).await();
        }
    }
}

package io.hyperactor.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyperactor.Actor;
import io.hyperactor.ActorType;
import io.hyperactor.Client;
import io.hyperactor.Context;
import io.hyperactor.Proc;
import io.hyperactor.channel.Secret;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.Transport;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.LongAdder;

@Timeout(60)
class FirstAnswerTest {
    private static final Duration NEVER = Duration.ofDays(1);
    private static final CountDownLatch ASKED = new CountDownLatch(1);

    private static final ActorType<EchoMessage> DEAF =
            ActorType.of("deaf", EchoMessage.class, Deaf::new);

    /// Never answers.
    private static final class Deaf implements Actor<EchoMessage> {
        @Override
        public void receive(Context<EchoMessage> cx, EchoMessage message) {
            ASKED.countDown();
        }
    }

    private final FakeProcess process = new FakeProcess("p", Secret.NONE);

    private ProcHandle<EchoMessage> handle(Proc proc) {
        var handle =
                new ProcessProcHandle<EchoMessage>(
                        proc.id(),
                        ProcSpec.command(List.of("true")),
                        Secret.NONE,
                        0,
                        new LongAdder(),
                        Threads.timer(),
                        System::nanoTime);
        handle.launched(process, Instant.EPOCH, ExitReport::of, () -> {});
        return handle;
    }

    @Test
    void whoIsAskedAndEndsIsNotWaitedFor() throws Exception {
        try (Proc proc = Proc.direct(ChannelAddress.any(Transport.LOCAL), "p");
                Client client = proc.client("test")) {
            proc.spawn("deaf", DEAF);
            Thread.ofVirtual()
                    .start(() -> {
                        awaitAsked();
                        process.exit.complete(new ProcExit.Exited(3));
                    });
            ProcHandle<EchoMessage> handle = handle(proc);
            assertThatThrownBy(() ->
                            FirstAnswer.await(client, "deaf", handle, 0, Duration.ZERO, NEVER))
                    .isInstanceOf(ReadyProcException.Ready.class)
                    .hasMessageContaining("exited with status 3");
        }
    }

    private static void awaitAsked() {
        try {
            ASKED.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whoAnswersIsReady() throws Exception {
        try (Proc proc = Proc.direct(ChannelAddress.any(Transport.LOCAL), "p");
                Client client = proc.client("test")) {
            proc.spawn("echo", EchoActor.TYPE);
            FirstAnswer.await(client, "echo", handle(proc), 0, Duration.ZERO, NEVER);
            assertThat(process.exit).isNotDone();
        }
    }
}

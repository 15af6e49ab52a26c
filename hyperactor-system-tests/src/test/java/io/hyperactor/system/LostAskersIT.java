package io.hyperactor.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperactor.ActorRef;
import io.hyperactor.AskException;
import io.hyperactor.Client;
import io.hyperactor.DeliveryFailure;
import io.hyperactor.OncePort;
import io.hyperactor.Proc;
import io.hyperactor.Undeliverable;
import io.hyperactor.wire.ActorId;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.Transport;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// What was taken by a process that is killed, without anybody who lives on to tell.
@SystemTest
class LostAskersIT {
    @TempDir Path classes;

    private final Proc here = Proc.direct(ChannelAddress.any(Transport.UNIX), "here");
    private final Client client = here.client("client");

    @AfterEach
    void end() throws IOException {
        here.close();
        Leftovers.removeSocketsOfTheKilled();
    }

    private static void assertToldAtOnce(CompletableFuture<?> answer) {
        assertThat(answer)
                .failsWithin(Patience.AT_ONCE)
                .withThrowableThat()
                .havingCause()
                .isInstanceOfSatisfying(
                        AskException.Undelivered.class,
                        e -> {
                            Undeliverable news = e.undeliverable();
                            assertThat(news.failure().reason())
                                    .isEqualTo(DeliveryFailure.Reason.PROC_DIED);
                            assertThat(news.outcome()).isEqualTo(Undeliverable.Outcome.UNKNOWN);
                        });
    }

    @Test
    void whoAsksAProcWithoutAHostThatIsKilledIsToldAtOnce() throws Exception {
        try (Program silent =
                Program.java(ClassPaths.everything(), SilentProgram.class.getName())) {
            ActorId id = ActorId.parse(silent.awaitLine(SilentProgram.SERVING));
            CompletableFuture<Long> answer =
                    client.request(
                            ActorRef.attest(id, Tally.class),
                            Tally.Count::new,
                            Duration.ofHours(1));
            here.flush().get(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS); // taken

            silent.process().signal("KILL");

            assertToldAtOnce(answer);
        }
    }

    @Test
    void whoSendsToAProcWithoutAHostThatIsKilledIsToldWhichAreInDoubt() throws Exception {
        BlockingQueue<Undeliverable> back = new LinkedBlockingQueue<>();
        client.onUndeliverable(back::add);
        try (Program silent = Program.java(ClassPaths.everything(), SilentProgram.class.getName());
                OncePort<Long> never = client.openOncePort(Long.class)) {
            ActorRef<Tally> to =
                    ActorRef.attest(
                            ActorId.parse(silent.awaitLine(SilentProgram.SERVING)), Tally.class);
            for (int i = 1; i <= 9; i++) {
                client.send(to, i == 4 ? new Tally.Block("", never.ref()) : new Tally.Ignored());
            }
            ActorId nobody = to.id().proc().actor("nobody", 0);
            client.send(ActorRef.attest(nobody, Tally.class), new Tally.Ignored());
            Undeliverable first = back.poll(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS);
            assertThat(first.destination().actor()).isEqualTo(nobody); // those before are there

            silent.process().signal("KILL");

            Undeliverable news = back.poll(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS);
            assertThat(news.failure().reason()).isEqualTo(DeliveryFailure.Reason.PROC_DIED);
            assertThat(news.outcome()).isEqualTo(Undeliverable.Outcome.UNKNOWN);
            assertThat(news.destination().actor()).isEqualTo(to.id());
            Undeliverable.Numbers numbers = news.numbers().orElseThrow();
            assertThat(numbers.first()).isBetween(1L, 4L);
            assertThat(numbers.last()).isEqualTo(9);
            assertThat(back).isEmpty();
        }
    }

    @Test
    void whoAsksAProcOfAHostThatIsKilledIsToldAtOnce() throws Exception {
        try (HostProcess host = HostProcess.start(classes);
                OncePort<String> begun = client.openOncePort(String.class)) {
            var _ = host.spawn(client, "p");
            ActorRef<Task> worker = host.spawnWorker(client, "p", "worker");
            CompletableFuture<String> answer =
                    client.request(
                            worker,
                            replyTo -> new Task.Block(begun.ref(), replyTo),
                            Duration.ofHours(1));
            var _ = begun.receive(Patience.LIMIT);

            host.process().signal("KILL");

            assertToldAtOnce(answer);
        }
    }
}

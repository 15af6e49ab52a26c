package io.hyperactor.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hyperactor.ActorRef;
import io.hyperactor.channel.FaultProxy;
import io.hyperactor.channel.FaultProxy.Way;
import io.hyperactor.channel.Ledger.Kind;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/// Fault row M03 for acknowledgements that come late or never, while messages arrive.
@SystemTest
@Tag("rows")
@Timeout(300)
class HeldAcksIT {
    private static final int NOTES = 400;
    private static final int RECORDS = 100_000;
    private static final int LONGEST_MILLIS = 20;
    private static final long PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

    @TempDir Path directory;
    @TempDir Path classes;

    private static void awaitHandled(LedgerRun run, int stream) {
        await().atMost(Patience.LIMIT).until(() -> run.handled(stream) == NOTES);
    }

    private static void flush(LedgerSender sender) throws Exception {
        sender.proc().flush().get(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    @Test
    void m03AcksThatAreHeldCostNothingEvenIfTheirConnectionIsCut() throws Exception {
        int rounds = FaultRow.times(4, 100);
        try (HostProcess host = HostProcess.start(classes);
                LedgerRun run = new LedgerRun(directory, host)) {
            var _ = host.spawn(run.client(), "p");
            ActorRef<Tally> to = run.recipient("p", RECORDS);
            try (FaultProxy proxy = FaultProxy.inFrontOf(host.address());
                    LedgerSender sender = new LedgerSender(run, RECORDS)) {
                sender.send(rounds + 1, to, NOTES, 0);
                awaitHandled(run, rounds + 1); // there is a session
                for (int round = 1; round <= rounds; round++) {
                    proxy.hold(Way.BACK, true);
                    sender.send(round, to, NOTES, 0);
                    awaitHandled(run, round);
                    if (round % 2 == 0) {
                        proxy.cutNow();
                    }
                    proxy.hold(Way.BACK, false);
                    flush(sender);
                }
                run.settle(Patience.LIMIT);
                assertThat(proxy.cuts()).isGreaterThanOrEqualTo(rounds / 2);
            }
            Judgement judgement = run.assertClean();
            assertThat(judgement.handled()).as("%s", judgement).isEqualTo(judgement.sent());
            new FaultRow("M03", "acks held, every second time for ever: wrong outcomes")
                    .atMost("messages", judgement.wrongs().size(), 0, rounds);
            host.stop();
        }
    }

    @Test
    void m03AcksThatAreDelayedCostNothing() throws Exception {
        FaultRow row = new FaultRow("M03", "messages and acks delayed by 0 to 20 ms");
        RandomGenerator random = row.random();
        int rounds = FaultRow.times(2, 20);
        try (HostProcess host = HostProcess.start(classes);
                LedgerRun run = new LedgerRun(directory, host)) {
            var _ = host.spawn(run.client(), "p");
            ActorRef<Tally> to = run.recipient("p", RECORDS);
            try (FaultProxy proxy = FaultProxy.inFrontOf(host.address());
                    LedgerSender sender = new LedgerSender(run, RECORDS)) {
                for (Way way : Way.values()) {
                    proxy.delay(
                            way,
                            () -> TimeUnit.MILLISECONDS.toNanos(random.nextInt(LONGEST_MILLIS)));
                }
                for (int round = 1; round <= rounds; round++) {
                    sender.send(round, to, NOTES, PAUSE_NANOS);
                }
                run.settle(Patience.LIMIT);
                assertThat(proxy.bytes(Way.BACK)).isPositive();
            }
            Judgement judgement = run.assertClean();
            assertThat(judgement.handled()).as("%s", judgement).isEqualTo(judgement.sent());
            row.atMost("messages", judgement.wrongs().size(), 0, rounds);
            host.stop();
        }
    }

    /// Nobody can know that they were handled: they may not be said to be not delivered.
    @Test
    void m03WhatWasHandledWithoutAnAckIsUnknownWhenItsHostIsKilled() throws Exception {
        int rounds = FaultRow.times(1, 20);
        long wrongs = 0;
        for (int round = 1; round <= rounds; round++) {
            Path own = Files.createDirectory(classes.resolve("round" + round));
            try (HostProcess host = HostProcess.start(own);
                    LedgerRun run = new LedgerRun(own, host)) {
                wrongs += wrongsOfTheKilled(run);
            }
        }
        new FaultRow("M03", "acks held, and the host is killed: wrong outcomes")
                .atMost("messages", wrongs, 0, rounds);
        Leftovers.removeSocketsOfTheKilled();
    }

    private static int wrongsOfTheKilled(LedgerRun run) throws Exception {
        var _ = run.host().spawn(run.client(), "p");
        ActorRef<Tally> to = run.recipient("p", RECORDS);
        try (LedgerSender sender = new LedgerSender(run, RECORDS)) {
            try (FaultProxy proxy = FaultProxy.inFrontOf(run.host().address())) {
                sender.send(1, to, NOTES, 0);
                awaitHandled(run, 1);
                flush(sender);
                long _ = run.client().ask(to, Tally.CountLater::new, Patience.LIMIT); // and told
                proxy.hold(Way.BACK, true);
                sender.send(2, to, NOTES, 0);
                awaitHandled(run, 2);
                run.host().close();
            }
            await().atMost(Patience.LIMIT).until(() -> run.back(2) == NOTES);
            assertThat(run.back(1)).isZero();
            assertThat(run.count(Kind.NOT_DELIVERED)).isZero();
        }
        Judgement judgement = run.judgeBereaved();
        assertThat(judgement.wrongs()).as("%s", judgement).isEmpty();
        return judgement.wrongs().size();
    }
}

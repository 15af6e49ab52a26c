package io.hyperactor.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hyperactor.ActorRef;
import io.hyperactor.channel.Ledger.Kind;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Fault row M20: a proc is killed, alone or with its host, that has messages of several senders in
/// its queues.
@SystemTest
@Tag("rows")
class InDoubtIT {
    private static final int SENDERS = 2;
    private static final int NOTES = 1000;

    @TempDir Path directory;
    @TempDir Path classes;

    private enum Victim {
        PROC,
        HOST
    }

    @ParameterizedTest
    @EnumSource(Victim.class)
    @Timeout(300)
    void m20EachSenderIsToldWhatAKilledProcHadQueuedAndNothingElse(Victim victim) throws Exception {
        try (HostProcess host = HostProcess.start(classes);
                LedgerRun run = new LedgerRun(directory, host)) {
            OsProcess proc = host.spawn(run.client(), "p");
            ActorRef<Tally> to = run.recipient("p", 10 * NOTES);
            List<Program> senders = new ArrayList<>();
            for (int i = 1; i <= SENDERS; i++) {
                Program sender = run.sender(10 * NOTES);
                sender.awaitLine(SenderProgram.SERVING);
                senders.add(sender);
            }
            send(senders, to, 0);
            await().atMost(Patience.LIMIT).until(() -> run.count(Kind.ENQUEUED) == SENDERS * NOTES);
            long told = run.client().ask(to, Tally.CountLater::new, Patience.LIMIT);
            assertThat(told).isEqualTo(SENDERS * NOTES); // and the host has heard of it before us

            run.block(to, run.signal());
            send(senders, to, SENDERS);
            (victim == Victim.PROC ? proc : host.process()).signal("KILL");
            proc.awaitGone();
            Duration _ = run.settle(Patience.LIMIT);

            Judgement judgement = run.judgeBereaved();
            assertThat(judgement.wrongs()).as("%s", judgement).isEmpty();
            assertThat(judgement.silent()).as("%s", judgement).isZero();
            assertThat(judgement.handled()).isEqualTo(SENDERS * NOTES);
            long early =
                    run.lines(Kind.UNKNOWN, Kind.NOT_DELIVERED).stream()
                            .filter(line -> line.stream() <= SENDERS)
                            .count();
            String what = victim == Victim.PROC ? "a proc" : "a host and its proc";
            new FaultRow("M20", what + " killed with notes in a queue: handled before, in doubt")
                    .atMost("messages", early, 0, 1);
            assertThat(run.count(Kind.UNKNOWN, Kind.NOT_DELIVERED)).isEqualTo(SENDERS * NOTES);
            if (victim == Victim.PROC) {
                host.stop();
            }
        }
        Leftovers.removeSocketsOfTheKilled();
    }

    /// A stream for each, of which the first is the one behind `stream`.
    private static void send(List<Program> senders, ActorRef<Tally> to, int stream)
            throws Exception {
        int next = stream;
        for (Program sender : senders) {
            sender.say(SenderProgram.order(++next, NOTES, 64, 0, to.id()));
        }
        for (Program sender : senders) {
            sender.awaitLine(SenderProgram.SENT);
        }
    }
}

package io.hyperactor.system;

import io.hyperactor.Actor;
import io.hyperactor.ActorType;
import io.hyperactor.Context;
import io.hyperactor.Undeliverable;
import io.hyperactor.channel.Ledger;

import org.jspecify.annotations.Nullable;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/// Writes down what arrives, in a process of its own.
final class Recipient implements Actor<Tally> {
    static final ActorType<Tally> TYPE = ActorType.of("recipient", Tally.class, Recipient::new);

    private static final long LOOK_NANOS = 50_000_000;

    /// Longer than a proc takes to tell its host what it has handled: one timer sees to both.
    private static final Duration LATER = Duration.ofMillis(60);

    private @Nullable LedgerFile ledger;
    private long notes;

    private Recipient() {}

    @Override
    public void receive(Context<Tally> cx, Tally message) throws Exception {
        switch (message) {
            case Tally.Note(int stream, long number, _) -> {
                if (ledger != null) {
                    ledger.add(Ledger.Kind.ENQUEUED, stream, number);
                }
                notes++;
            }
            case Tally.Open(var file, int recordsMax, var replyTo) -> {
                ledger = LedgerFile.shared(Path.of(file), recordsMax);
                cx.send(replyTo, notes);
            }
            case Tally.Count(var replyTo) -> cx.send(replyTo, notes);
            case Tally.CountLater(var replyTo) -> {
                long now = notes;
                var _ =
                        cx.<Tally, Long>request(cx.self(), _ -> new Tally.Ignored(), LATER)
                                .whenComplete((_, _) -> cx.send(replyTo, now));
            }
            case Tally.Ignored _ -> {}
            case Tally.Block(var untilFile, var replyTo) -> {
                cx.send(replyTo, notes);
                while (!Files.exists(Path.of(untilFile))) {
                    LockSupport.parkNanos(LOOK_NANOS);
                }
            }
            case Tally.Spin(var untilFile, var replyTo) -> {
                cx.send(replyTo, notes);
                while (!Files.exists(Path.of(untilFile))) {
                    Thread.onSpinWait();
                }
            }
        }
    }

    /// Who does not want its answer any more is no reason to end.
    @Override
    public void undeliverable(Context<Tally> cx, Undeliverable returned) {}
}

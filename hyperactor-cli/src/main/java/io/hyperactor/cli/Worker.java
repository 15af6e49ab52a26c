package io.hyperactor.cli;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Objects;

/// A proc that counts, from its launch on: what has become of it so far.
///
/// **Threads:** one at a time.
final class Worker {
    private final String name;
    private @Nullable CountingProc proc;
    private long firstSentNanos;
    private long lastAnsweredNanos;
    private boolean sentAny;
    private boolean beingKilled;
    private String exit = "";
    private String note = "";

    Worker(String name) {
        this.name = name;
    }

    String name() {
        return name;
    }

    void launched(CountingProc launched) {
        proc = launched;
    }

    /// The proc, once it is launched.
    CountingProc proc() {
        return Objects.requireNonNull(proc, name);
    }

    void sent(long nowNanos) {
        if (!sentAny) {
            sentAny = true;
            firstSentNanos = nowNanos;
            lastAnsweredNanos = nowNanos;
        }
    }

    void answered(long nowNanos) {
        lastAnsweredNanos = nowNanos;
    }

    /// Whether this is the first call.
    boolean beginKill() {
        boolean first = !beingKilled;
        beingKilled = true;
        return first;
    }

    void ended(String how, String furtherNote) {
        exit = how;
        note = furtherNote;
    }

    boolean hasEnded() {
        return !exit.isEmpty();
    }

    /// How it ended, with what that meant for its work.
    String ending() {
        return name + ": " + exit + note;
    }

    DemoReport.ProcReport report(ChunkLedger ledger) {
        return new DemoReport.ProcReport(
                name,
                proc().pid(),
                ledger.chunks(name),
                ledger.words(name),
                Duration.ofNanos(lastAnsweredNanos - firstSentNanos),
                exit);
    }
}

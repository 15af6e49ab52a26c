package io.hyperactor;

import io.hyperactor.wire.PortId;
import io.hyperactor.wire.ProcId;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;

/// What a proc tells its host of the messages that it has dealt with: all that came up since the
/// last time, a little later. So the host knows at any time which may still be queued.
///
/// News about a message that went back goes first: of what is said to be dealt with nothing more is
/// heard once the proc has ended.
///
/// **Threads:** any; nothing here blocks.
final class HandledReports {
    /// Here, for the type is derived when the class of [Handled] is first needed.
    static final long PORT = PortId.controlIndex(6);

    private static final Duration PERIOD = Duration.ofMillis(20);
    private static final int MARK_BYTES = 256; // in memory, roughly

    private final Home proc;
    private final Home host;
    private final Clockwork clockwork;
    private final Address self;
    private final long life; // never 0
    private final AtomicReference<@Nullable HandledCount> stack = new AtomicReference<>();
    private final AtomicBoolean waits = new AtomicBoolean();
    private final AtomicBoolean begun = new AtomicBoolean();
    private final ReentrantLock lock = new ReentrantLock(); // one reports at a time

    /// @param proc what goes back to senders goes by way of it
    /// @param host leads to the host
    HandledReports(ProcId id, Home proc, Home host) {
        this.proc = proc;
        this.host = host;
        this.clockwork = host.process().clockwork();
        this.life = clockwork.random() | 1;
        this.self = Address.of(id.actor(ProcAgent.NAME, 0));
    }

    /// Says once that all that is dealt with will be told: before that the host cannot know that
    /// what it is not told of is not handled.
    void begin() {
        if (!begun.getPlain() && begun.compareAndSet(false, true)) {
            send(List.of());
        }
    }

    void add(HandledCount pair) {
        HandledCount top;
        do {
            top = stack.get();
            pair.next = top;
        } while (!stack.compareAndSet(top, pair));
        later();
    }

    private void later() {
        if (waits.compareAndSet(false, true)) {
            Timers.Timer _ = clockwork.after(PERIOD, this::reportInTime);
        }
    }

    private void reportInTime() {
        waits.set(false); // first: what is added from now on is not forgotten
        report();
    }

    /// Tells the host now. When this returns all that was dealt with before is on its way there, by
    /// whomever.
    void report() {
        lock.lock();
        try {
            if (!proc.isDrained()) {
                later();
                return;
            }
            HandledCount pair = stack.getAndSet(null);
            if (pair != null) {
                report(pair);
            }
        } finally {
            lock.unlock();
        }
    }

    private void report(@Nullable HandledCount first) {
        Map<Correspondents, HandledCount.Counted> sums = new HashMap<>();
        HandledCount pair = first;
        while (pair != null) {
            HandledCount next = pair.next; // first: when it is taken it may be added again
            sums.merge(
                    new Correspondents(
                            pair.sender().id(), pair.senderIncarnation(), pair.destination().id()),
                    pair.take(),
                    HandledCount.Counted::plus);
            pair = next;
        }
        List<Handled.Mark> marks = new ArrayList<>();
        for (Map.Entry<Correspondents, HandledCount.Counted> sum : sums.entrySet()) {
            Correspondents of = sum.getKey();
            marks.add(
                    new Handled.Mark(
                            of.sender(),
                            of.incarnation(),
                            of.destination(),
                            sum.getValue().handled(),
                            sum.getValue().back()));
            if (marks.size() == Handled.MARKS_MAX) {
                send(marks);
                marks.clear();
            }
        }
        if (!marks.isEmpty()) {
            send(marks);
        }
    }

    private void send(List<Handled.Mark> marks) {
        ObjectEnvelope news =
                ObjectEnvelope.news(
                        self, self, HandledReports.PORT, 0, new Handled(life, marks), Handled.TYPE);
        host.send(news, marks.size() * MARK_BYTES);
    }
}

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

    /// Frames may be short, and each of them may hold some ids.
    private static final int REPORT_BYTES = 2048;

    private static final int NUMBERS_BYTES = 30; // of a mark

    /// How many messages of one sender to one destination were dealt with.
    private static final class Sum {
        final int bytes; // of a mark of it, at most
        long handled;
        long back;

        Sum(HandledCount pair) {
            bytes = pair.sender().text().length + pair.destination().text().length + NUMBERS_BYTES;
        }

        void add(long counted) {
            handled += HandledCount.handledOf(counted);
            back += HandledCount.backOf(counted);
        }
    }

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
        push(pair);
        later();
    }

    private void push(HandledCount pair) {
        HandledCount top;
        do {
            top = stack.get();
            pair.next = top;
        } while (!stack.compareAndSet(top, pair));
    }

    private void later() {
        if (waits.compareAndSet(false, true)) {
            boolean set = false;
            try {
                Timers.Timer _ = clockwork.after(PERIOD, this::reportInTime);
                set = true;
            } finally { // or there would never be another
                if (!set) {
                    waits.set(false);
                }
            }
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

    private void report(HandledCount first) {
        List<Handled.Mark> marks = new ArrayList<>();
        int bytes = 0;
        for (Map.Entry<Correspondents, Sum> each : sums(first).entrySet()) {
            Correspondents of = each.getKey();
            Sum sum = each.getValue();
            if (bytes + sum.bytes > REPORT_BYTES && !marks.isEmpty()) {
                send(marks);
                marks.clear();
                bytes = 0;
            }
            bytes += sum.bytes;
            marks.add(
                    new Handled.Mark(
                            of.sender(),
                            of.incarnation(),
                            of.destination(),
                            sum.handled,
                            sum.back));
        }
        send(marks);
    }

    private static Sum sumOf(Map<Correspondents, Sum> sums, Correspondents of, HandledCount pair) {
        Sum known = sums.get(of);
        if (known == null) {
            known = new Sum(pair);
            sums.put(of, known);
        }
        return known;
    }

    private Map<Correspondents, Sum> sums(HandledCount first) {
        Map<Correspondents, Sum> sums = new HashMap<>();
        HandledCount pair = first;
        try {
            while (pair != null) {
                HandledCount next = pair.next; // first: when it is taken it may be added again
                var of =
                        new Correspondents(
                                pair.sender().id(),
                                pair.senderIncarnation(),
                                pair.destination().id());
                sumOf(sums, of, pair).add(pair.take());
                pair = next;
            }
        } catch (OutOfMemoryError e) { // those that are left are for another time
            while (pair != null) {
                HandledCount next = pair.next;
                push(pair);
                pair = next;
            }
            later();
        }
        return sums;
    }

    private void send(List<Handled.Mark> marks) {
        ObjectEnvelope news =
                ObjectEnvelope.news(
                        self, self, HandledReports.PORT, 0, new Handled(life, marks), Handled.TYPE);
        host.send(news, marks.size() * MARK_BYTES);
    }
}

package io.hyperactor;

import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.PortId;
import io.hyperactor.wire.ProcId;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;

/// What a proc tells of the messages that it has handled: all that came up since the last time, a
/// little later, to each address that some came from. So those who have passed them on know at any
/// time which may still be queued.
///
/// News about a message that went back goes first: those before one that is said to be handled are
/// not heard of any more once the proc has ended.
///
/// **Threads:** any; nothing here blocks.
final class HandledReports {
    /// Here, for the type is derived when the class of [Handled] is first needed.
    static final long PORT = PortId.controlIndex(6);

    private static final Duration PERIOD = Duration.ofMillis(20);
    private static final Duration BEGUN_FOR = Duration.ofSeconds(1);
    static final int MARK_BYTES = 256; // in memory, roughly

    /// Frames may be short, and each of them may hold some ids.
    private static final int REPORT_BYTES = 2048;

    private static final int NUMBERS_BYTES = 30; // of a mark

    /// How many messages of one sender to one destination were handled.
    private static final class Sum {
        final Address sender;
        final int bytes; // of a mark of it, at most
        long handled;

        Sum(HandledCount pair) {
            sender = pair.sender();
            bytes = sender.text().length + pair.destination().text().length + NUMBERS_BYTES;
        }
    }

    /// To senders at one address.
    private static final class Report {
        final Address to;
        final List<Handled.Mark> marks = new ArrayList<>();
        int bytes;

        Report(Address to) {
            this.to = to;
        }

        boolean hasRoomFor(Sum sum) {
            return bytes + sum.bytes <= REPORT_BYTES || marks.isEmpty();
        }

        void add(Correspondents of, Sum sum) {
            bytes += sum.bytes;
            marks.add(
                    new Handled.Mark(of.sender(), of.incarnation(), of.destination(), sum.handled));
        }
    }

    private final Home out;
    private final @Nullable ChannelAddress except;
    private final Address self;
    private final AtomicReference<@Nullable HandledCount> stack = new AtomicReference<>();

    /// Who was told in this second that all is told: somebody else may be there in the next one, or
    /// the word may have been lost.
    private final Set<ChannelAddress> begun = ConcurrentHashMap.newKeySet();

    private final Delayed expiry;
    private final Delayed reporting;
    private final AtomicInteger second = new AtomicInteger();
    private final ReentrantLock lock = new ReentrantLock(); // one reports at a time

    /// @param out leads to who is told
    /// @param except nobody counts here what senders at that address send
    HandledReports(ProcId id, Home out, @Nullable ChannelAddress except) {
        this.out = out;
        this.except = except;
        Clockwork clockwork = out.process().clockwork();
        this.expiry = new Delayed(clockwork, BEGUN_FOR, this::expire);
        this.reporting = new Delayed(clockwork, PERIOD, this::report);
        this.self = Address.of(id.actor(ProcAgent.NAME, 0));
    }

    static boolean isOne(Envelope envelope) {
        return envelope.port() == PORT && envelope.isReturn();
    }

    /// Whether anybody is told of what comes from `sender`.
    boolean areFor(Address sender) {
        return !sender.id().proc().address().equals(except);
    }

    /// Changes now and then: who has [begun][#begin] at another one begins again.
    int second() {
        return second.get();
    }

    /// Says at once that all of `sender` that is handled will be told: before that nobody can know
    /// that what he is not told of is not handled.
    void begin(Address sender) {
        if (begun.add(sender.id().proc().address())) {
            send(new Report(sender));
            expiry.ask();
        }
    }

    private void expire() {
        begun.clear();
        second.incrementAndGet();
    }

    void add(HandledCount pair) {
        push(pair);
        reporting.ask();
    }

    private void push(HandledCount pair) {
        HandledCount top;
        do {
            top = stack.get();
            pair.next = top;
        } while (!stack.compareAndSet(top, pair));
    }

    /// Tells it now. When this returns all that was handled before is on its way, by whomever.
    void report() {
        lock.lock();
        try {
            if (!out.process().news().isEmpty()) {
                reporting.ask();
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
        Map<ChannelAddress, Report> reports = new HashMap<>();
        for (Map.Entry<Correspondents, Sum> each : sums(first).entrySet()) {
            Sum sum = each.getValue();
            ChannelAddress at = each.getKey().sender().proc().address();
            Report report = reports.get(at);
            if (report != null && !report.hasRoomFor(sum)) {
                send(report);
                report = null;
            }
            if (report == null) {
                report = new Report(sum.sender);
                reports.put(at, report);
            }
            report.add(each.getKey(), sum);
        }
        reports.values().forEach(this::send);
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
                sumOf(sums, of, pair).handled += pair.take();
                pair = next;
            }
        } catch (OutOfMemoryError e) { // those that are left are for another time
            while (pair != null) {
                HandledCount next = pair.next;
                push(pair);
                pair = next;
            }
            reporting.ask();
        }
        return sums;
    }

    private void send(Report report) {
        ObjectEnvelope news = news(self, report.to, report.marks);
        out.send(news, (1 + report.marks.size()) * MARK_BYTES);
    }

    private static ObjectEnvelope news(Address from, Address to, List<Handled.Mark> marks) {
        return ObjectEnvelope.news(from, to, PORT, 0, new Handled(marks), Handled.TYPE);
    }

    /// What is left of a report without its marks: that the proc counts.
    static ObjectEnvelope begun(Envelope report) {
        return news(report.senderAddress(), report.destinationAddress(), List.of());
    }
}

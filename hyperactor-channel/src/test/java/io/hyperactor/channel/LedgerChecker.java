package io.hyperactor.channel;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Judges a [Ledger]: one outcome per frame, a true one; nothing twice; order; windows. Knows
/// nothing of what wrote it.
public final class LedgerChecker {
    /// @param quiescent nothing is on its way any more, so each frame has its outcome
    /// @param gentle nobody died, and no outage was long: nothing may be in doubt
    public record Expectation(
            int windowFrames, int windowBytes, boolean quiescent, boolean gentle) {}

    private static final class Link {
        final List<Long> admitted = new ArrayList<>();
        int outstanding;
        long bytes;
        boolean senderDied;
    }

    private final Expectation expected;
    private final List<String> wrongs = new ArrayList<>();
    private final Map<Long, Ledger.Entry> sent = new LinkedHashMap<>();
    private final Map<Long, Ledger.Kind> outcomes = new HashMap<>();
    private final Set<Long> enqueued = new HashSet<>();
    private final Set<Long> refused = new HashSet<>();
    private final Set<Long> over = new HashSet<>();
    private final Map<Long, Link> links = new TreeMap<>();
    private final Map<Long, Long> lastOfSession = new HashMap<>();
    private final List<Long> order = new ArrayList<>();

    private LedgerChecker(Expectation expected) {
        this.expected = expected;
    }

    /// What is wrong, empty if nothing.
    public static List<String> check(List<Ledger.Entry> entries, Expectation expected) {
        LedgerChecker checker = new LedgerChecker(expected);
        entries.forEach(checker::entry);
        checker.atTheEnd();
        return checker.wrongs;
    }

    private void wrong(String what, long id) {
        wrongs.add("%s: %d.%d".formatted(what, id >>> 32, id & 0xffff_ffffL));
    }

    private void entry(Ledger.Entry entry) {
        long id = entry.id();
        switch (entry.kind()) {
            case SENT -> sent(entry);
            case DELIVERED, NOT_DELIVERED, UNKNOWN -> outcome(id, entry.kind());
            case ENQUEUED -> enqueued(id, entry.session());
            case REFUSED -> refused.add(id);
            case SENDER_DIED -> link(entry.session()).senderDied = true;
            case SESSION_OVER -> over.add(entry.session());
            case FORGED -> wrong("S8 resumed without the right to", entry.session());
        }
    }

    private Link link(long number) {
        return links.computeIfAbsent(number, _ -> new Link());
    }

    private void sent(Ledger.Entry entry) {
        if (sent.put(entry.id(), entry) != null) {
            wrong("sent twice", entry.id());
        }
        Link link = link(entry.session());
        link.admitted.add(entry.id());
        link.outstanding++;
        link.bytes += entry.extra();
        if (link.outstanding > expected.windowFrames) {
            wrong("S9 more frames than the window", entry.id());
        }
        if (link.outstanding > 1 && link.bytes > expected.windowBytes) {
            wrong("S9 more bytes than the window", entry.id());
        }
    }

    private void outcome(long id, Ledger.Kind outcome) {
        Ledger.Entry of = sent.get(id);
        if (of == null) {
            wrong("an outcome of what was not sent", id);
            return;
        }
        if (outcomes.put(id, outcome) != null) {
            wrong("S4 a second outcome", id);
        }
        if (outcome == Ledger.Kind.DELIVERED && !enqueued.contains(id)) {
            wrong("S3, S6 delivered but not enqueued", id);
        }
        if (outcome == Ledger.Kind.NOT_DELIVERED && enqueued.contains(id)) {
            wrong("S5 enqueued, but told as not delivered", id);
        }
        Link link = link(of.session());
        link.outstanding--;
        link.bytes -= of.extra();
    }

    private void enqueued(long id, long session) {
        if (!sent.containsKey(id)) {
            wrong("enqueued but never sent", id);
        }
        if (!enqueued.add(id)) {
            wrong("S1 enqueued twice", id);
        }
        if (outcomes.get(id) == Ledger.Kind.NOT_DELIVERED || refused.contains(id)) {
            wrong("S5 enqueued after it was told as not delivered, or refused", id);
        }
        if (over.contains(session)) {
            wrong("S10 enqueued after the end of its session", id);
        }
        Long before = lastOfSession.put(session, id);
        if (before != null && before >= id) {
            wrong("S2 out of order in its session", id);
        }
        order.add(id);
    }

    private void atTheEnd() {
        links.forEach(this::prefix);
        Map<Long, Long> lastSure = new HashMap<>();
        for (long id : order) {
            if (outcomes.get(id) == Ledger.Kind.DELIVERED) {
                Long before = lastSure.put(id >>> 32, id);
                if (before != null && before > id) {
                    wrong("out of order", id);
                }
            }
        }
        sent.forEach((id, entry) -> {
            Ledger.Kind outcome = outcomes.get(id);
            if (outcome == null && expected.quiescent && !link(entry.session()).senderDied) {
                wrong("L1 no outcome", id);
            }
            if (expected.gentle && outcome == Ledger.Kind.UNKNOWN) {
                wrong("L3 in doubt though nothing bad happened", id);
            }
            if (expected.gentle && outcome == Ledger.Kind.NOT_DELIVERED && !refused.contains(id)) {
                wrong("L3 returned though nothing bad happened", id);
            }
        });
    }

    /// What a link brought into the queue is the beginning of what it took, save what was refused.
    private void prefix(long number, Link link) {
        boolean ended = false;
        for (long id : link.admitted) {
            if (!enqueued.contains(id)) {
                ended |= !refused.contains(id);
            } else if (ended) {
                wrong("enqueued behind a gap", id);
            }
        }
        if (link.outstanding < 0) {
            wrongs.add("link " + number + " has fewer than no frames outstanding");
        }
    }
}

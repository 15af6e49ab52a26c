package io.hyperactor.system;

import io.hyperactor.channel.Ledger;
import io.hyperactor.channel.LedgerChecker;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// What the ledgers of all senders and recipients say together, when nothing is on its way any
/// more: what has not come back by then counts as told to be delivered, so it must have been
/// handled.
///
/// @param sent messages
/// @param handled by recipients
/// @param notDelivered that came back as such
/// @param unknown that came back so
/// @param silent neither handled nor back; allowed only where a process died that had taken them
/// @param wrongs what can not be, each with its stream and number
record Judgement(
        long sent,
        long handled,
        long notDelivered,
        long unknown,
        long silent,
        List<String> wrongs) {

    /// Has everything that was sent an outcome? What was in doubt and is handled has two records,
    /// and must not stand for what has none yet; so numbers alone only spare the look at each.
    static boolean isDue(List<Path> files) throws IOException {
        long outcomes =
                LedgerFile.count(
                        files,
                        Ledger.Kind.ENQUEUED,
                        Ledger.Kind.NOT_DELIVERED,
                        Ledger.Kind.UNKNOWN);
        if (outcomes < LedgerFile.count(files, Ledger.Kind.SENT)) {
            return false;
        }
        return streams(files).stream().allMatch(Judgement::isStreamDue);
    }

    private static boolean isStreamDue(List<LedgerFile.Line> stream) {
        Set<Long> open = new HashSet<>();
        for (LedgerFile.Line line : stream) {
            if (line.kind() == Ledger.Kind.SENT) {
                open.add(id(line));
            } else {
                open.remove(id(line));
            }
        }
        return open.isEmpty();
    }

    /// Of runs in which no process died.
    static Judgement of(List<Path> files) throws IOException {
        return of(files, false);
    }

    /// Of runs in which a process died, and took what it had accepted with it.
    static Judgement ofTheBereaved(List<Path> files) throws IOException {
        return of(files, true);
    }

    /// Streams have nothing to do with each other, and all at once would take too much memory.
    private static Judgement of(List<Path> files, boolean bereaved) throws IOException {
        Judgement sum = new Judgement(0, 0, 0, 0, 0, List.of());
        for (List<LedgerFile.Line> stream : streams(files)) {
            sum = sum.plus(ofStream(stream, bereaved));
        }
        return sum;
    }

    /// What there is of each stream, in the order it is judged in.
    private static Collection<List<LedgerFile.Line>> streams(List<Path> files) throws IOException {
        Map<Integer, List<LedgerFile.Line>> streams = new TreeMap<>();
        for (Path file : files) {
            for (LedgerFile.Line line : LedgerFile.read(file)) {
                streams.computeIfAbsent(line.stream(), _ -> new ArrayList<>()).add(line);
            }
        }
        // Sending comes before all, also where clocks differ.
        Comparator<LedgerFile.Line> order =
                Comparator.comparing((LedgerFile.Line line) -> line.kind() != Ledger.Kind.SENT)
                        .thenComparingLong(LedgerFile.Line::nanos);
        streams.values().forEach(lines -> lines.sort(order));
        return streams.values();
    }

    private Judgement plus(Judgement other) {
        List<String> all = new ArrayList<>(wrongs);
        all.addAll(other.wrongs);
        return new Judgement(
                sent + other.sent,
                handled + other.handled,
                notDelivered + other.notDelivered,
                unknown + other.unknown,
                silent + other.silent,
                all);
    }

    private static Judgement ofStream(List<LedgerFile.Line> lines, boolean bereaved) {
        Map<Ledger.Kind, Set<Long>> seen = new EnumMap<>(Ledger.Kind.class);
        Map<Ledger.Kind, Long> counts = new EnumMap<>(Ledger.Kind.class);
        for (LedgerFile.Line line : lines) {
            seen.computeIfAbsent(line.kind(), _ -> new HashSet<>()).add(id(line));
            counts.merge(line.kind(), 1L, Long::sum);
        }
        Set<Long> unknown = seen.getOrDefault(Ledger.Kind.UNKNOWN, Set.of());
        List<Ledger.Entry> entries = new ArrayList<>();
        for (LedgerFile.Line line : lines) {
            long id = id(line);
            // What is in doubt has an order of its own, and leaves no gap.
            long session = unknown.contains(id) ? -id : line.stream();
            if (line.kind() == Ledger.Kind.NOT_DELIVERED) {
                entries.add(new Ledger.Entry(Ledger.Kind.REFUSED, id, session, 0));
            }
            entries.add(new Ledger.Entry(line.kind(), id, session, 0));
        }
        Set<Long> handled = seen.getOrDefault(Ledger.Kind.ENQUEUED, Set.of());
        Set<Long> back = new HashSet<>(unknown);
        back.addAll(seen.getOrDefault(Ledger.Kind.NOT_DELIVERED, Set.of()));
        long silent = 0;
        for (long id : seen.getOrDefault(Ledger.Kind.SENT, Set.of())) {
            if (back.contains(id)) {
                continue;
            }
            if (!handled.contains(id)) {
                silent++;
                if (bereaved) {
                    continue;
                }
            }
            entries.add(new Ledger.Entry(Ledger.Kind.DELIVERED, id, id >>> 32, 0));
        }
        List<String> wrongs =
                LedgerChecker.check(
                        entries,
                        new LedgerChecker.Expectation(
                                Integer.MAX_VALUE, Integer.MAX_VALUE, !bereaved, false));
        return new Judgement(
                counts.getOrDefault(Ledger.Kind.SENT, 0L),
                counts.getOrDefault(Ledger.Kind.ENQUEUED, 0L),
                counts.getOrDefault(Ledger.Kind.NOT_DELIVERED, 0L),
                counts.getOrDefault(Ledger.Kind.UNKNOWN, 0L),
                silent,
                wrongs);
    }

    private static long id(LedgerFile.Line line) {
        return ((long) line.stream() << 32) | line.number();
    }

    @Override
    public String toString() {
        return "%d sent, %d handled, %d not delivered, %d unknown, %d silent, %d wrong %s"
                .formatted(
                        sent,
                        handled,
                        notDelivered,
                        unknown,
                        silent,
                        wrongs.size(),
                        wrongs.subList(0, Math.min(10, wrongs.size())));
    }
}

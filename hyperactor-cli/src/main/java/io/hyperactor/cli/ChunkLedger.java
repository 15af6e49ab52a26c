package io.hyperactor.cli;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// Who counts which chunk. Each chunk is counted once, whatever dies meanwhile: a chunk belongs to
/// one worker at a time, only its answer counts, and it is kept until that has come.
///
/// Pure bookkeeping: it sends nothing and waits for nothing.
///
/// **Threads:** one at a time.
final class ChunkLedger {
    /// A chunk and who is to count it.
    record Assignment(String worker, Chunk chunk) {}

    private static final class Account {
        final Map<Integer, Chunk> unfinished = new LinkedHashMap<>();
        final Deque<Chunk> inherited = new ArrayDeque<>();
        boolean ready;
        int chunks;
        long words;
    }

    private final Supplier<@Nullable Chunk> source;
    private final int window;
    private final Map<String, Account> live = new LinkedHashMap<>();
    private final Map<String, Account> ended = new LinkedHashMap<>();
    private final Deque<Chunk> orphans = new ArrayDeque<>();
    private boolean exhausted;

    /// @param source the chunks, null after the last
    /// @param window how many chunks a worker may have unfinished
    ChunkLedger(Supplier<@Nullable Chunk> source, int window) {
        this.source = source;
        this.window = window;
    }

    /// Announces a worker, which gets work once it is [#ready].
    void add(String worker) {
        if (live.containsKey(worker) || ended.containsKey(worker)) {
            throw new IllegalArgumentException("a second worker " + worker);
        }
        live.put(worker, new Account());
    }

    /// From now on the worker can be given chunks. Ignored for one that has ended meanwhile.
    void ready(String worker) {
        Account found = live.get(worker);
        if (found != null) {
            found.ready = true;
        }
    }

    /// Gives the next chunk to the worker that has the fewest, or null if none has room or there is
    /// nothing to give.
    @Nullable Assignment next() {
        Map.Entry<String, Account> least = null;
        for (var entry : live.entrySet()) {
            Account account = entry.getValue();
            if (!account.ready || account.unfinished.size() >= window) {
                continue;
            }
            if (!account.inherited.isEmpty()) {
                return assign(entry, account.inherited.remove());
            }
            if (least == null || account.unfinished.size() < least.getValue().unfinished.size()) {
                least = entry;
            }
        }
        Chunk chunk = least == null ? null : nextForAnyone();
        return least == null || chunk == null ? null : assign(least, chunk);
    }

    private @Nullable Chunk nextForAnyone() {
        if (!orphans.isEmpty()) {
            return orphans.remove();
        }
        Chunk chunk = exhausted ? null : source.get();
        exhausted = chunk == null;
        return chunk;
    }

    private static Assignment assign(Map.Entry<String, Account> to, Chunk chunk) {
        to.getValue().unfinished.put(chunk.id(), chunk);
        return new Assignment(to.getKey(), chunk);
    }

    /// Takes an answer. An answer counts if the worker has not ended and has not answered before;
    /// otherwise somebody else counts the chunk, or has.
    ///
    /// @return whether the answer counts
    boolean counted(String worker, int chunkId, long words) {
        Account found = live.get(worker);
        if (found == null || found.unfinished.remove(chunkId) == null) {
            return false;
        }
        found.chunks++;
        found.words += words;
        return true;
    }

    /// The worker has ended: its unfinished chunks go to `heir`, which was added before, or to
    /// whoever has room if there is none. A second end of the same worker is ignored.
    ///
    /// @return how many they are
    int ended(String worker, @Nullable String heir) {
        Account gone = live.remove(worker);
        if (gone == null) {
            return 0;
        }
        ended.put(worker, gone);
        Account next = heir == null ? null : live.get(heir);
        Deque<Chunk> to = next == null ? orphans : next.inherited;
        List<Chunk> left = new ArrayList<>(gone.unfinished.values());
        left.addAll(gone.inherited);
        gone.unfinished.clear();
        gone.inherited.clear();
        to.addAll(left);
        return left.size();
    }

    /// Whether this worker is to count this chunk.
    boolean owns(String worker, int chunkId) {
        Account found = live.get(worker);
        return found != null && found.unfinished.containsKey(chunkId);
    }

    /// Whether every chunk was counted. False as long as [#next()] has not reached the end.
    boolean finished() {
        return exhausted
                && orphans.isEmpty()
                && live.values().stream()
                        .allMatch(w -> w.unfinished.isEmpty() && w.inherited.isEmpty());
    }

    /// How many chunks a worker has been given and not answered.
    int unfinished(String worker) {
        Account found = live.get(worker);
        return found == null ? 0 : found.unfinished.size();
    }

    /// How many chunks a worker has counted.
    int chunks(String worker) {
        return find(worker).chunks;
    }

    /// How many words a worker has counted.
    long words(String worker) {
        return find(worker).words;
    }

    private Account find(String worker) {
        Account found = live.get(worker);
        if (found == null) {
            found = ended.get(worker);
        }
        if (found == null) {
            throw new IllegalArgumentException("no worker " + worker);
        }
        return found;
    }
}

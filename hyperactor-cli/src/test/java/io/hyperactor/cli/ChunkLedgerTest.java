package io.hyperactor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

@Timeout(60)
class ChunkLedgerTest {
    private static final int WINDOW = 3;

    private static ChunkLedger ledger(int chunks, String... ready) {
        Iterator<Chunk> source =
                IntStream.range(0, chunks)
                        .mapToObj(id -> new Chunk(id, new byte[] {1}, false))
                        .iterator();
        var ledger = new ChunkLedger(() -> source.hasNext() ? source.next() : null, WINDOW);
        for (String worker : ready) {
            ledger.add(worker);
            ledger.ready(worker);
        }
        return ledger;
    }

    private static List<ChunkLedger.Assignment> giveAll(ChunkLedger ledger) {
        List<ChunkLedger.Assignment> given = new ArrayList<>();
        for (var next = ledger.next(); next != null; next = ledger.next()) {
            given.add(next);
        }
        return given;
    }

    @Test
    void everyWorkerGetsAWindowInTurn() {
        ChunkLedger ledger = ledger(10, "a", "b");
        assertThat(giveAll(ledger).stream().map(given -> given.worker() + given.chunk().id()))
                .containsExactly("a0", "b1", "a2", "b3", "a4", "b5");
    }

    @Test
    void anAnswerMakesRoom() {
        ChunkLedger ledger = ledger(10, "a");
        giveAll(ledger);
        assertThat(ledger.counted("a", 1, 7)).isTrue();
        assertThat(giveAll(ledger)).singleElement().extracting(g -> g.chunk().id()).isEqualTo(3);
        assertThat(ledger.words("a")).isEqualTo(7);
        assertThat(ledger.chunks("a")).isEqualTo(1);
    }

    @Test
    void anAnswerCountsOnce() {
        ChunkLedger ledger = ledger(1, "a");
        giveAll(ledger);
        assertThat(ledger.counted("a", 0, 7)).isTrue();
        assertThat(ledger.counted("a", 0, 7)).isFalse();
        assertThat(ledger.words("a")).isEqualTo(7);
        assertThat(ledger.finished()).isTrue();
    }

    @Test
    void workOfADeadWorkerWaitsForItsHeir() {
        ChunkLedger ledger = ledger(4, "a", "b");
        giveAll(ledger); // a: 0 2, b: 1 3
        ledger.add("c");
        assertThat(ledger.ended("a", "c")).isEqualTo(2);
        assertThat(ledger.counted("b", 1, 1)).isTrue();
        assertThat(giveAll(ledger)).isEmpty();
        ledger.ready("c");
        assertThat(giveAll(ledger).stream().map(given -> given.worker() + given.chunk().id()))
                .containsExactly("c0", "c2");
    }

    @Test
    void aLateAnswerOfADeadWorkerDoesNotCount() {
        ChunkLedger ledger = ledger(1, "a", "b");
        giveAll(ledger);
        ledger.ended("a", "b");
        assertThat(ledger.counted("a", 0, 7)).isFalse();
        assertThat(ledger.owns("a", 0)).isFalse();
        giveAll(ledger);
        assertThat(ledger.owns("b", 0)).isTrue();
        assertThat(ledger.counted("b", 0, 7)).isTrue();
        assertThat(ledger.words("a") + ledger.words("b")).isEqualTo(7);
        assertThat(ledger.counted("a", 0, 7)).isFalse();
    }

    @Test
    void whatAnHeirHadInheritedGoesToItsOwnHeir() {
        ChunkLedger ledger = ledger(2, "a");
        giveAll(ledger);
        ledger.add("b");
        ledger.ended("a", "b");
        ledger.add("c");
        assertThat(ledger.ended("b", "c")).isEqualTo(2);
        ledger.ready("b"); // too late
        ledger.ready("c");
        assertThat(giveAll(ledger).stream().map(ChunkLedger.Assignment::worker))
                .containsExactly("c", "c");
    }

    @Test
    void withoutAnHeirAnybodyTakesTheWork() {
        ChunkLedger ledger = ledger(2, "a", "b");
        giveAll(ledger);
        assertThat(ledger.ended("a", null)).isEqualTo(1);
        assertThat(ledger.ended("a", null)).isZero();
        assertThat(giveAll(ledger)).singleElement().extracting(g -> g.worker()).isEqualTo("b");
    }

    @Test
    void itIsFinishedWhenTheSourceIsEmptyAndAllIsCounted() {
        ChunkLedger ledger = ledger(0, "a");
        assertThat(ledger.finished()).isFalse();
        giveAll(ledger);
        assertThat(ledger.finished()).isTrue();
    }

    @Test
    void eachChunkCountsOnceWhateverDies() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 3000; round++) {
            new Chaos(random).run();
        }
    }

    /// Workers answer in any order, twice, or late, and die at any time, even before they are
    /// ready.
    private static final class Chaos {
        private final Random random;
        private final int chunks;
        private final ChunkLedger ledger;
        private final List<String> waiting = new ArrayList<>();
        private final Set<String> alive = new HashSet<>();
        private final List<ChunkLedger.Assignment> sent = new ArrayList<>();
        private final Map<Integer, String> countedBy = new HashMap<>();
        private int names;

        Chaos(Random random) {
            this.random = random;
            chunks = random.nextInt(40);
            ledger = ledger(chunks);
            IntStream.rangeClosed(0, random.nextInt(4)).forEach(_ -> hire());
        }

        private String hire() {
            String name = "w" + names++;
            ledger.add(name);
            waiting.add(name);
            alive.add(name);
            return name;
        }

        void run() {
            int steps = 0;
            while (!ledger.finished()) {
                step(steps++ < 300); // then nobody dies any more, so that it comes to an end
            }
            assertThat(countedBy).hasSize(chunks);
            int total = IntStream.range(0, names).map(i -> ledger.chunks("w" + i)).sum();
            assertThat(total).isEqualTo(chunks);
        }

        private void step(boolean mayDie) {
            for (var next = ledger.next(); next != null; next = ledger.next()) {
                assertThat(alive).contains(next.worker());
                assertThat(waiting).doesNotContain(next.worker());
                assertThat(ledger.unfinished(next.worker())).isLessThanOrEqualTo(WINDOW);
                assertThat(countedBy).doesNotContainKey(next.chunk().id());
                sent.add(next);
            }
            int dice = random.nextInt(10);
            if (dice < 2 && !waiting.isEmpty()) {
                ledger.ready(waiting.remove(random.nextInt(waiting.size())));
            } else if (dice == 2 && mayDie && !alive.isEmpty()) {
                die(alive.stream().sorted().toList().get(random.nextInt(alive.size())));
            } else if (!sent.isEmpty()) {
                answer(sent.get(random.nextInt(sent.size())));
            }
        }

        private void die(String worker) {
            String heir = alive.size() == 1 || random.nextBoolean() ? hire() : null;
            alive.remove(worker);
            waiting.remove(worker);
            ledger.ended(worker, heir);
        }

        private void answer(ChunkLedger.Assignment of) {
            int id = of.chunk().id();
            if (ledger.counted(of.worker(), id, 1)) {
                assertThat(countedBy.put(id, of.worker())).as("chunk %d", id).isNull();
            }
        }
    }
}
